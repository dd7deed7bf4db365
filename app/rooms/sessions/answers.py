"""The answer to a request: the team grants it or says why not; without an answer the clock lets it go."""

from flask_babel import lazy_gettext as _l

from app.clubs import live
from app.clubs.models import Membership
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Taken
from app.core.ids import new_id
from app.houses.journal import note
from app.rooms.claims import drop_hold, drop_own_holds, place_claim
from app.rooms.models import Claim, MeetingSession, Room
from app.rooms.sessions import notices
from app.rooms.sessions.models import SessionRequest
from app.rooms.sessions.queries import Asked, holds_of, request_for_team, stretch_of
from app.rooms.spans import Overlaps, lock_rooms
from app.web.forms import checked

MAX_REASON = 500
LEAST_LEFT = 6


def grant_session(actor: Actor, request_id: str) -> Asked:
    """One of the team grants a session: what was held becomes claims, all in one transaction. Raises NotFound, Taken.

    A date that is not free any more is left out and said, as long as six stay.
    """
    with transaction():
        asked = _waiting(actor, request_id)
        request = asked.request
        session = MeetingSession(id=new_id(), club_id=asked.club.id, name=request.name, granted_at=now())
        db.session.add(session)
        db.session.flush()
        claims = _claim(asked, session)
        if len(claims) < LEAST_LEFT:
            raise Taken("dates_lost", _l("Il reste moins de six dates libres. Dites au club pourquoi c’est non."))
        taken = {claim.starts_at for claim in claims}
        request.lost = [start.isoformat() for start, _end in asked.spans if start not in taken]
        _end(request, "granted")
        request.session_id = session.id
        note("session:granted", actor, **_facts(asked), dates=len(claims))
        notices.answered(asked)
        return asked


def _claim(asked: Asked, session: MeetingSession) -> list[Claim]:
    """A claim on each date that can still be had."""
    request, room = asked.request, asked.room
    by = db.session.get(Membership, request.asked_by_id) if request.asked_by_id else None
    made = []
    for hold in holds_of(request):
        stretch = stretch_of(hold, room, asked.house)
        # A closure that waited for the hold to go takes its place here.
        drop_own_holds(asked.club, stretch, ("series",))
        said = {"title": request.name, "size": request.size, "session_id": session.id}
        try:
            made.append(place_claim(stretch, asked.house, asked.club, by, **said))
        except Overlaps:
            continue
    return made


def refuse_session(actor: Actor, request_id: str, reason: str) -> Asked:
    """One of the team says why not; the dates are free for everyone. Raises NotFound, Invalid, Taken."""
    empty = _l("Écrivez pourquoi. Les responsables du club lisent ces mots.")
    why = checked(reason, "reason", MAX_REASON, empty=empty, lines=True)
    with transaction():
        asked = _waiting(actor, request_id)
        asked.request.reason = why
        end_request(asked.request, asked.room, "refused")
        note("session:refused", actor, **_facts(asked))
        notices.answered(asked)
        return asked


def _waiting(actor: Actor, request_id: str) -> Asked:
    """A request that waits, its club and its room locked: of two answers at once the first stands."""
    live.hold(request_for_team(actor, request_id).club.id)
    asked = request_for_team(actor, request_id)
    if not asked.request.waits:
        raise already_answered()
    lock_rooms([asked.room])
    return asked


def already_answered() -> Taken:
    return Taken("answered", _l("Cette demande a déjà sa réponse, ou elle est finie."))


def end_request(request: SessionRequest, room: Room, outcome: str) -> None:
    """It waits no more, and nothing is kept for it. The caller holds the club."""
    lock_rooms([room])
    for hold in holds_of(request):
        drop_hold(hold, room)
    _end(request, outcome)


def _end(request: SessionRequest, outcome: str) -> None:
    request.outcome, request.ended_at = outcome, now()
    db.session.flush()


def lapse(request: SessionRequest) -> None:
    """Nobody answered in time: its holds have lapsed, and its leads are told. The caller holds the club."""
    _end(request, "lapsed")
    notices.answered(notices.asked_of(request))


def end_lapsed(request_id: str) -> None:
    """The clock's: a request that is past its time ends."""
    with transaction():
        request = db.session.get(SessionRequest, request_id)
        if request is None:
            return
        live.hold(request.club_id)
        db.session.refresh(request)
        if request.outcome is None and not request.waits:
            lapse(request)


def _facts(asked: Asked) -> dict[str, str]:
    return {"house_id": asked.house.id, "club_id": asked.club.id, "subject_id": asked.request.id}
