"""How clubs are, by the meetings they held: never by messages, never by people."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.core.clock import now
from app.core.db import db
from app.houses.models import House
from app.pages.desk.cues import ADVICE, TO_TEAM, cues_for_team
from app.pages.desk.sizes import MEMBERS, shown_bands
from app.rooms.models import Claim

WEEKS = 8
LATELY = 4
A_WEEK = timedelta(days=7)
MOST = 3
# Worst first. Word, colour and sign of its tag.
STATES: dict[str, tuple[Any, str, str]] = {
    "support": (_l("À soutenir"), "brick", "triangle-alert"),
    "encourage": (_l("À encourager"), "honey", "hand"),
    "young": (_l("Tout jeune"), "pine", "sprout"),
    "well": (_l("Va bien"), "well", "circle-check"),
}
RULE: Any = _l(
    "Va bien : une rencontre au moins dans les quatre dernières semaines, une à venir, et rien qui appelle un coup de "
    "main. À encourager : l’une de ces choses manque. À soutenir : ni rencontre, ni rencontre à venir. "
    "Tout jeune : le club a moins de quatre semaines."
)


@dataclass(frozen=True)
class ClubHealth:
    """A line of the table. beats: meetings held in each of the last eight weeks, the oldest first, 3 meaning 3 or more.

    next: the next meeting on the clock of the house. cues: what calls for a hand, with what one may do.
    """

    club: Club
    plant: str
    house: House
    size: Any
    beats: list[int]
    next: datetime | None
    state: str
    cues: list[tuple[Any, Any]]

    @property
    def weeks_met(self) -> int:
        return sum(1 for beat in self.beats if beat)


def health_of(houses: Sequence[House], clubs: Sequence[Club]) -> list[ClubHealth]:
    """Every club of these houses, those that need a hand first."""
    held, coming = _meetings(clubs)
    bands, cues = shown_bands(clubs), defaultdict(list)
    for cue in cues_for_team(houses, clubs):
        cues[cue.club_id].append((TO_TEAM[cue.kind], ADVICE[cue.kind]))
    places = {house.id: house for house in houses}
    lines = []
    for club in clubs:
        house, beats = places[club.house_id], [min(held[club.id][week], MOST) for week in reversed(range(WEEKS))]
        soon = coming.get(club.id)
        lines.append(
            ClubHealth(
                club=club,
                plant=plant_name(club),
                house=house,
                size=MEMBERS[bands[club.id]],
                beats=beats,
                next=soon.astimezone(ZoneInfo(house.timezone)) if soon else None,
                state=_state(club, beats, soon, calls=bool(cues[club.id])),
                cues=cues[club.id],
            )
        )
    order = list(STATES)
    return sorted(lines, key=lambda line: (order.index(line.state), line.plant))


def _state(club: Club, beats: list[int], soon: datetime | None, *, calls: bool) -> str:
    """By the printed rule."""
    if club.created_at > now() - LATELY * A_WEEK:
        return "young"
    signs = bool(sum(beats[-LATELY:])) + (soon is not None)
    return ("support", "encourage", "encourage" if calls else "well")[signs]


def _meetings(clubs: Sequence[Club]) -> tuple[dict[str, Counter[int]], dict[str, datetime]]:
    """How many meetings each club held, by how many weeks ago; and when each meets next."""
    moment = now()
    rows = (
        select(Claim.club_id, Claim.starts_at, Claim.ends_at)
        .where(Claim.club_id.in_([club.id for club in clubs]), Claim.released_at.is_(None))
        .where(Claim.ends_at > moment - WEEKS * A_WEEK)
        .order_by(Claim.starts_at)
    )
    held: dict[str, Counter[int]] = defaultdict(Counter)
    coming: dict[str, datetime] = {}
    for club_id, starts_at, ends_at in db.session.execute(rows):
        if ends_at <= moment:
            held[club_id][int((moment - ends_at) / A_WEEK)] += 1
        else:
            coming.setdefault(club_id, starts_at)
    return held, coming
