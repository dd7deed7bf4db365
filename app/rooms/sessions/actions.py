"""What a club's leads do: ask for a session, whose dates are then held for them; take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.clubs import live
from app.clubs.models import Club
from app.core import jobs
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid, Taken
from app.core.ids import new_id
from app.rooms.actions import Wish, check_slot, checked_words, club_of_lead
from app.rooms.claims import drop_own_holds, place_hold, refuse_out_of_turn
from app.rooms.models import Claim, MeetingSession
from app.rooms.queries import Slot, find_slot
from app.rooms.quota import check_quota
from app.rooms.sessions.answers import already_answered, end_request, lapse
from app.rooms.sessions.models import SessionRequest
from app.rooms.sessions.queries import Asked, Date, dates_of, request_for
from app.rooms.spans import Overlaps, lock_rooms

LEAST, MOST = 6, 10
# Every week, or every other one.
EVERY = (1, 2)
KEPT = timedelta(days=7)
# So many requests that were taken back or lapsed, in so many days.
MOST_IN_VAIN, LATELY = 3, timedelta(days=30)


class DatesLost(Taken):
    """A date that was asked for cannot be had: nothing was asked."""

    code = "dates_lost"
    detail = _l("Une date vient d’être prise. Relisez la liste, puis demandez de nouveau.")


@dataclass(frozen=True)
class SessionWish:
    """What a lead asks for. every, count: the dates that were shown · dates: the ids of those that were kept."""

    slot: str
    club: str
    name: str
    size: int
    every: int
    count: int
    dates: Sequence[str]


def ask_session(actor: Actor, wish: SessionWish) -> SessionRequest:
    """A lead asks for six to ten meetings: each date by the rules of one, all held until the team answers, or nothing.

    Raises Invalid, Gone, QuotaReached, Taken, DatesLost.
    """
    try:
        with transaction():
            return _ask_session(actor, wish)
    except Overlaps:
        raise DatesLost() from None


def _ask_session(actor: Actor, wish: SessionWish) -> SessionRequest:
    first = find_slot(wish.slot)
    club, membership = club_of_lead(actor, wish.club)
    said = checked_words(Wish(wish.slot, wish.club, wish.name, size=wish.size), first.room, club)
    _check_one_at_a_time(club)
    check_slot(first)
    chosen = _chosen(wish, first, club)
    check_quota(club, chosen[0].stretch)
    moment = now()
    asked = SessionRequest(
        id=new_id(), club_id=club.id, room_id=first.room.id, name=said["title"], size=wish.size,
        dates=[[slot.start.isoformat(), slot.end.isoformat()] for slot in chosen], lost=[], asked_by_id=membership.id,
        asked_at=moment, until=min(moment + KEPT, chosen[0].start),
    )  # fmt: skip
    db.session.add(asked)
    db.session.flush()
    lock_rooms([first.room])
    for slot in chosen:
        refuse_out_of_turn(slot, club)
        drop_own_holds(club, slot.stretch, ("form",))
        place_hold(slot.stretch, club, "series", asked.until, membership)
    jobs.enqueue("sessions:lapse", {"request": asked.id}, asked.until)
    return asked


def _check_one_at_a_time(club: Club) -> None:
    """At most one session that runs and one that waits; what is over is written down first. Raises Taken."""
    open_one = select(SessionRequest).where(SessionRequest.club_id == club.id, SessionRequest.outcome.is_(None))
    waiting = db.session.scalars(open_one).first()
    if waiting is not None and waiting.waits:
        raise Taken("session_asked", _l("Votre club a déjà demandé une session. L’équipe répond sous 3 jours."))
    if waiting is not None:
        lapse(waiting)
    _check_not_often(club)
    running = db.session.scalars(
        select(MeetingSession).where(MeetingSession.club_id == club.id, MeetingSession.ended_at.is_(None))
    ).first()
    if running is None:
        return
    if is_running(running):
        raise Taken("session_running", _l("Votre club a déjà une session. Demandez la suivante quand elle sera finie."))
    running.ended_at = now()
    db.session.flush()


def _check_not_often(club: Club) -> None:
    """Dates are not kept for ever by asking again and again. Raises Taken."""
    lately = SessionRequest.club_id == club.id, SessionRequest.asked_at > now() - LATELY
    in_vain = select(SessionRequest.id).where(*lately, SessionRequest.outcome.in_(("withdrawn", "lapsed")))
    if len(db.session.scalars(in_vain).all()) >= MOST_IN_VAIN:
        raise Taken("session_often", _l("Trois demandes de votre club sont finies sans suite. Parlez-en à l’équipe."))


def is_running(session: MeetingSession) -> bool:
    """Is one of its meetings still ahead?"""
    ahead = select(Claim.id).where(Claim.session_id == session.id, Claim.released_at.is_(None), Claim.ends_at > now())
    return db.session.scalars(ahead.limit(1)).first() is not None


def _chosen(wish: SessionWish, first: Slot, club: Club) -> list[Slot]:
    """The slots of the dates that were kept, in order. Raises Invalid, DatesLost."""
    if wish.every not in EVERY or not LEAST <= wish.count <= MOST:
        raise Invalid("rhythm_unknown", _l("Choisissez de six à dix rencontres."), field="count")
    found = dates_of(first, wish.every, wish.count, club)
    chosen = [each for each in found if each.slot.id in wish.dates]
    if len(chosen) < LEAST:
        raise Invalid("dates_few", _l("Gardez au moins six dates."), field="dates")
    if len(chosen) != len(set(wish.dates)):
        raise Invalid("dates_unknown", _l("Une date n’est pas dans la liste. Relisez-la."), field="dates")
    return [_free(each) for each in chosen]


def _free(each: Date) -> Slot:
    if each.why is not None:
        raise DatesLost(detail=each.why)
    return each.slot


def withdraw_session(actor: Actor, request_id: str) -> Asked:
    """A lead takes back what the team has not answered; its dates are free for everyone. Raises Taken."""
    with transaction():
        asked = request_for(actor, request_id)
        live.hold(asked.club.id)
        asked = request_for(actor, request_id)
        if not asked.request.waits:
            raise already_answered()
        end_request(asked.request, asked.room, "withdrawn")
        return asked
