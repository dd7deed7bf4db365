"""Verbs of a session that is under way: goals, places, taking part."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.clubs import live as log
from app.clubs.models import Membership
from app.core.actor import Actor
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotAllowed, NotFound, Taken
from app.core.ids import new_id
from app.core.limits import Bucket, spend
from app.meetings.actions import answer_meeting
from app.meetings.models import Rsvp
from app.meetings.paths.live import changed
from app.meetings.paths.models import MOST_PLACES, SessionGoal, SessionPath, SessionSeat
from app.meetings.paths.policy import can_lead_session, can_remove_goal, can_take_part
from app.meetings.paths.queries import PathView, SessionSteps, path_for
from app.rooms.actions import NOT_A_LEAD
from app.rooms.models import Claim
from app.web.forms import checked

MAX_GOAL = 120
LEAST_PLACES = 2
OVER = _l("Cette session est finie.")
MOVE = Bucket("session-path", 20, 20)


def held(actor: Actor, session_id: str) -> PathView:
    """The path of a session, its club locked until the transaction ends. Raises NotFound."""
    log.hold(path_for(actor, session_id).club.id)
    return path_for(actor, session_id)


def said_row(seen: PathView) -> SessionPath:
    """The row of what a club says of its session, made with the first word. The caller holds the club."""
    db.session.add(seen.said)
    return seen.said


def add_goal(actor: Actor, session_id: str, text: Any) -> SessionGoal:
    """A member writes one line of what the session is for; five at most. Raises Invalid, Gone, Taken."""
    said = checked(text, "text", MAX_GOAL, empty=_l("Écrivez un but, en quelques mots."))
    with transaction():
        seen = held(actor, session_id)
        if not can_take_part(seen.me):
            raise NotAllowed()
        _not_over(seen.line)
        if not seen.free:
            raise Taken("goals_full", _l("Il y a déjà cinq buts. Enlevez-en un d’abord."))
        spend(MOVE, seen.me.id)
        seq = log.next_seq(seen.club.id)
        told = {"number": seen.free[0], "text": said, "by_id": seen.me.id, "seq": seq}
        goal = SessionGoal(id=new_id(), session_id=session_id, reached=False, **told)
        db.session.add(goal)
        changed(seen.club.id, session_id, seq)
        return goal


def remove_goal(actor: Actor, session_id: str, goal_id: str) -> None:
    """Who wrote a goal takes it back; a lead may take away any. Raises NotFound."""
    with transaction():
        seen = held(actor, session_id)
        goal = next((each for each in seen.goals if each.id == goal_id), None)
        if goal is None:
            raise NotFound()
        if not can_remove_goal(seen.me, goal):
            raise NotAllowed()
        spend(MOVE, seen.me.id)
        db.session.delete(goal)
        changed(seen.club.id, session_id)


def set_places(actor: Actor, session_id: str, places: int | None) -> None:
    """A lead says how many may take part, or all who wish; nobody loses a seat by it. Raises Invalid, Gone."""
    with transaction():
        seen = held(actor, session_id)
        if not can_lead_session(seen.me):
            raise NotAllowed("not_a_lead", NOT_A_LEAD)
        _not_over(seen.line)
        if places is not None and not LEAST_PLACES <= places <= MOST_PLACES:
            raise Invalid("places_wrong", _l("Écrivez un nombre de 2 à 200, ou rien."), field="places")
        if places is not None and places < seen.taken:
            raise Invalid("places_few", _l("Plus de personnes participent déjà."), field="places")
        spend(MOVE, seen.me.id)
        said_row(seen).places = places
        changed(seen.club.id, session_id)


def take_part(actor: Actor, session_id: str) -> PathView:
    """A member takes part in a session: a yes to each meeting to come, as long as there is a seat.

    Each can still be answered alone; where a meeting has no place left, one waits for it. Raises Gone, Taken.
    """
    with transaction():
        line = path_for(actor, session_id).line
        # Meetings before the club: who answers one takes them in this order too.
        lock_meetings(line)
        seen = held(actor, session_id)
        if not can_take_part(seen.me):
            raise NotAllowed()
        _not_over(seen.line)
        spend(MOVE, seen.me.id)
        if not seen.mine:
            _sit_down(seen)
        known = _answers(seen.me, seen.line)
        for step in seen.line.coming:
            # Who comes with somebody already does so still.
            if known.get(step.id) != "yes":
                _say_yes(actor, step.id)
        changed(seen.club.id, session_id)
        return seen


def _sit_down(seen: PathView) -> None:
    if seen.full:
        raise Taken("session_full", _l("Cette session est complète. Il n’y a plus de place."))
    # Who is on pause keeps a seat; who left has none.
    rows = db.session.scalars(select(SessionSeat.number).where(SessionSeat.session_id == seen.line.id))
    number = min(set(range(1, MOST_PLACES + 1)) - set(rows), default=None)
    if number is None:
        raise Taken("session_full", _l("Cette session est complète. Il n’y a plus de place."))
    db.session.add(SessionSeat(session_id=seen.line.id, membership_id=seen.me.id, number=number))
    db.session.flush()


def _say_yes(actor: Actor, meeting_id: str) -> None:
    try:
        answer_meeting(actor, meeting_id, "yes")
    except Taken:
        # The seat is theirs all the same: others may stay away that day.
        answer_meeting(actor, meeting_id, "waiting")


def leave_session(actor: Actor, session_id: str) -> PathView:
    """A member takes part no more: their seat is free, and each yes to a meeting to come is a no. Raises NotFound."""
    with transaction():
        line = path_for(actor, session_id).line
        lock_meetings(line)
        seen = held(actor, session_id)
        seat = db.session.get(SessionSeat, (session_id, seen.me.id))
        if seat is None:
            raise NotFound()
        spend(MOVE, seen.me.id)
        db.session.delete(seat)
        known = _answers(seen.me, seen.line)
        for step in seen.line.coming:
            if known.get(step.id, "no") != "no":
                answer_meeting(actor, step.id, "no")
        changed(seen.club.id, session_id)
        return seen


def _answers(me: Membership, line: SessionSteps) -> dict[str, str]:
    ids = [step.id for step in line.coming]
    mine = select(Rsvp.meeting_id, Rsvp.answer).where(Rsvp.meeting_id.in_(ids), Rsvp.membership_id == me.id)
    return {row.meeting_id: row.answer for row in db.session.execute(mine)}


def lock_meetings(line: SessionSteps) -> None:
    """Its meetings to come, in one order for everybody."""
    ids = sorted(step.id for step in line.coming)
    db.session.execute(select(Claim.id).where(Claim.id.in_(ids)).order_by(Claim.id).with_for_update())


def _not_over(line: SessionSteps) -> None:
    if line.over:
        raise Gone("session_over", OVER)
