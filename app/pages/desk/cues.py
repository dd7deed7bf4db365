"""What calls for a hand in a club: a newcomer whom nobody answered, no lead, nothing for two weeks. Yes or no.

Leads see it at once, of their own club. The team sees it one day later, of clubs of five or more, and by the day: what
it sees is what was found once a day, so that the minute of a message cannot be told from it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased

from app.clubs.cards import plant_name
from app.clubs.models import Change, Club, Membership
from app.clubs.queries import IN_CLUB
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.houses.desk import Case, waiting
from app.houses.models import House
from app.houses.queries import OF_PEOPLE
from app.meetings.paths.queries import rests
from app.messaging.models import Message
from app.pages.desk.models import ClubCue
from app.pages.desk.sizes import shown_bands
from app.rooms.models import Claim

UNANSWERED = timedelta(hours=48)
QUIET = timedelta(days=14)
NEWCOMER = timedelta(days=30)
SHOWN_FROM = 5
TO_LEADS: dict[str, Any] = {
    "unanswered": _l("Une personne nouvelle a écrit il y a deux jours. Personne ne lui a répondu."),
    "quiet": _l("Rien depuis deux semaines : ni message, ni rencontre. Un petit mot suffit."),
}
TO_TEAM: dict[str, Any] = {
    "unanswered": _l("Une personne nouvelle attend une réponse"),
    "no_lead": _l("Personne ne mène le club"),
    "quiet": _l("Rien depuis deux semaines"),
}
ADVICE: dict[str, Any] = {
    "unanswered": _l("Dites aux responsables, quand vous les croisez, de regarder les premiers messages."),
    "no_lead": _l("Passez à la prochaine rencontre. Demandez qui veut bien ouvrir, et proposez votre aide."),
    "quiet": _l("Proposez un créneau ou une idée de rencontre aux responsables, à l’accueil ou par téléphone."),
}


def cues_for_leads(club: Club) -> list[str]:
    """What a club's leads could do something about, as it is now; the caller has proved to lead."""
    asked = select(_unanswered(now()), _quiet(now())).select_from(Club).where(Club.id == club.id)
    unanswered, quiet = db.session.execute(asked).one()
    return [kind for kind, true in (("unanswered", unanswered), ("quiet", quiet)) if true]


def cues_for_team(houses: Sequence[House], clubs: Sequence[Club]) -> list[ClubCue]:
    """What the team sees of its clubs: a day after the leads, and only where five people or more share it."""
    today = {house.id: now().astimezone(ZoneInfo(house.timezone)).date() for house in houses}
    bands, place = shown_bands(clubs), {club.id: club.house_id for club in clubs}
    rows = select(ClubCue).where(ClubCue.club_id.in_(place)).order_by(ClubCue.since, ClubCue.club_id, ClubCue.kind)
    return [
        cue
        for cue in db.session.scalars(rows)
        if cue.since < today[place[cue.club_id]] and bands[cue.club_id] >= SHOWN_FROM
    ]


def look_at_clubs() -> None:
    """Once a day: note what is true of each club today, and since which day; forget what is not, and who rests."""
    with transaction():
        known = {(cue.club_id, cue.kind): cue for cue in db.session.scalars(select(ClubCue))}
        asked = select(Club.id, House.timezone, rests(now()), _unanswered(now()), _no_lead(), _quiet(now()))
        for club_id, zone, resting, *answers in db.session.execute(
            asked.join(House, House.id == Club.house_id).where(OF_PEOPLE)
        ).all():
            today = now().astimezone(ZoneInfo(zone)).date()
            for kind, true in zip(("unanswered", "no_lead", "quiet"), answers, strict=True):
                cue = known.get((club_id, kind))
                calls = true and not resting
                if calls and cue is None:
                    db.session.add(ClubCue(club_id=club_id, kind=kind, since=today))
                elif cue is not None and not calls:
                    db.session.delete(cue)


def clubs_of(houses: Sequence[House]) -> list[Club]:
    """The clubs of some houses, by plant name; for their team, which sees no more of them than that."""
    ids = [house.id for house in houses]
    return list(db.session.scalars(select(Club).where(Club.house_id.in_(ids)).order_by(Club.plant)))


def cue_cases(_actor: Actor, houses: Sequence[House]) -> list[Case]:
    """One case for each club that calls, later than what people wait for; it leads to the club's line below."""
    clubs = {club.id: club for club in clubs_of(houses)}
    zones = {house.id: ZoneInfo(house.timezone) for house in houses}
    found: dict[str, Case] = {}
    for cue in cues_for_team(houses, list(clubs.values())):
        club = clubs[cue.club_id]
        since = datetime(cue.since.year, cue.since.month, cue.since.day, tzinfo=zones[club.house_id])
        title, text = (
            TO_TEAM[cue.kind],
            _("%(club)s. Les responsables l’ont su un jour avant vous.", club=plant_name(club)),
        )
        href = f"{url_for('desk.show_desk')}#club-{club.slug}"
        if cue.kind == "no_lead":
            text = _("%(club)s.", club=plant_name(club))
        found.setdefault(
            club.id, Case("", "honey", "sprout", _("Coup de main"), title, text, since, href, _("Que faire ?"))
        )
    return list(found.values())


waiting.append(cue_cases)


def _unanswered(moment: datetime) -> ColumnElement[bool]:
    """Is there a newcomer whose first message nobody else answered in its thread, for 48 hours?"""
    first, earlier, answer = aliased(Message), aliased(Message), aliased(Message)
    before = exists().where(earlier.membership_id == first.membership_id, earlier.seq < first.seq)
    answered = exists().where(
        answer.thread_id == first.thread_id,
        answer.seq > first.seq,
        answer.membership_id != first.membership_id,
        answer.withdrawn_at.is_(None),
    )
    waits = and_(
        first.posted_at <= moment - UNANSWERED,
        first.withdrawn_at.is_(None),
        first.hidden_at.is_(None),
        ~before,
        ~answered,
    )
    newcomer = and_(
        Membership.club_id == Club.id, Membership.role == "member", IN_CLUB, Membership.began_at > moment - NEWCOMER
    )
    return exists().where(newcomer, first.membership_id == Membership.id, waits).correlate(Club)


def _no_lead() -> ColumnElement[bool]:
    leading = exists().where(Membership.club_id == Club.id, Membership.role == "lead", IN_CLUB)
    return ~leading.correlate(Club)


def _quiet(moment: datetime) -> ColumnElement[bool]:
    """No message for two weeks, no meeting, and none to come."""
    since = moment - QUIET
    said = (
        select(Change.at)
        .where(Change.club_id == Club.id, Change.kind == "message:posted")
        .order_by(Change.seq.desc())
        .limit(1)
        .correlate(Club)
        .scalar_subquery()
    )
    met = exists().where(Claim.club_id == Club.id, Claim.released_at.is_(None), Claim.ends_at > since).correlate(Club)
    return and_(Club.created_at <= since, (said.is_(None) | (said <= since)), ~met)
