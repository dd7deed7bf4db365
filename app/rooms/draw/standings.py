"""What each club had before a draw: its losing streak, its scarce minutes of twelve weeks, how long it has waited."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.houses.models import House
from app.rooms.calendar import day_bounds
from app.rooms.draw.models import ClubSplit, Draw, DrawBid
from app.rooms.models import Claim
from app.rooms.presence.queries import counted_as

TWELVE_WEEKS = timedelta(weeks=12)


@dataclass(frozen=True)
class Standing:
    """party: the ids of the clubs that bid as one, this club among them."""

    streak: int
    minutes: int
    waited: int | None
    party: frozenset[str]


def standings(house: House, club_ids: Collection[str], week: date) -> dict[str, Standing]:
    """Of some clubs, before the draw of a week; clubs that bid as one have everything together."""
    parties = _parties(club_ids)
    everyone = frozenset(club for party in parties.values() for club in party)
    outcomes, claims = _outcomes(everyone, week), _claims(everyone)
    return {club: _standing(party, house, week, outcomes, claims) for club, party in parties.items()}


def _standing(
    party: frozenset[str], house: House, week: date, outcomes: list[tuple[date, str, str]], claims: list[Claim]
) -> Standing:
    zone = ZoneInfo(house.timezone)
    since, until = day_bounds(week - TWELVE_WEEKS, week, zone)
    mine = [(claim, minutes_of(claim)) for claim in claims if claim.club_id in party]
    before = [(claim, minutes) for claim, minutes in mine if minutes and claim.starts_at < until]
    last = max((claim.starts_at for claim, _minutes in before), default=None)
    return Standing(
        streak=_streak((day, outcome) for day, club, outcome in outcomes if club in party),
        minutes=sum(minutes for claim, minutes in before if claim.starts_at >= since),
        waited=(week - last.astimezone(zone).date()).days if last else None,
        party=party,
    )


def minutes_of(claim: Claim) -> int:
    """How much of the scarce time a claim has cost the others."""
    return counted_as(claim) * ((claim.ends_at - claim.starts_at) // timedelta(minutes=1))


def _streak(outcomes: Iterable[tuple[date, str]]) -> int:
    """How many draws in a row were lost, of those in which one of the party took part and could have won."""
    by_week: dict[date, set[str]] = {}
    for day, outcome in outcomes:
        by_week.setdefault(day, set()).add(outcome)
    streak = 0
    for day in sorted(by_week, reverse=True):
        if "won" in by_week[day]:
            break
        streak += "lost" in by_week[day]
    return streak


def _outcomes(clubs: Collection[str], week: date) -> list[tuple[date, str, str]]:
    rows = db.session.execute(
        select(Draw.week, DrawBid.club_id, DrawBid.outcome)
        .join(Draw, Draw.id == DrawBid.draw_id)
        .where(DrawBid.club_id.in_(clubs), DrawBid.outcome.is_not(None), Draw.week < week)
    )
    return [(row.week, row.club_id, row.outcome) for row in rows]


def _claims(clubs: Collection[str]) -> list[Claim]:
    return list(db.session.scalars(select(Claim).where(Claim.club_id.in_(clubs), Claim.scarce)))


def _parties(club_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Each club with those that bid as one with it: by one split after the other."""
    living = select(ClubSplit.club_id, ClubSplit.from_id).where(
        ClubSplit.agreed_at.is_not(None), ClubSplit.until > now()
    )
    pairs = [{row.club_id, row.from_id} for row in db.session.execute(living)]
    return {club: _reach(club, pairs) for club in club_ids}


def _reach(club: str, pairs: list[set[str]]) -> frozenset[str]:
    found: set[str] = {club}
    while more := {each for pair in pairs if pair & found for each in pair} - found:
        found |= more
    return frozenset(found)
