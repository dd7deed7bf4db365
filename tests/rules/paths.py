"""The sessions of Tilleul on the stage."""

from datetime import timedelta

from sqlalchemy import select

from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.meetings.paths.actions import add_goal, take_part
from app.meetings.paths.closing import Review, write_review
from app.meetings.paths.models import SessionGoal, SessionPath, SessionSeat
from app.rooms.models import Claim, MeetingSession
from app.rooms.queries import slots_between, today_in
from tests.rooms.places import house, room
from tests.support.cast import Cast, Person


def sessions(cast: Cast) -> dict[str, str]:
    """One of Tilleul that is to come, and two that are over, after one of which the club rests."""
    club_id, found = cast.clubs["tilleul"], {}
    members = [cast.bruno.memberships["tilleul"], cast.amina.memberships["tilleul"]]
    for key, week in (("session", 7), ("over_session", -2), ("resting_session", -3)):
        day = today_in(house("canal")) + timedelta(weeks=week)
        slot = slots_between(house("canal"), [room("atelier")], day, day + timedelta(days=1))[0]
        with transaction():
            # Not one that runs: another may be asked for, and granted.
            found[key] = new_id()
            told = {"name": "Six matins", "granted_at": now() - timedelta(weeks=4), "ended_at": now()}
            db.session.add(MeetingSession(id=found[key], club_id=club_id, **told))
            db.session.flush()
            db.session.add(
                Claim(
                    id=new_id(), club_id=club_id, room_id=room("atelier").id, session_id=found[key], title="Un matin",
                    starts_at=slot.start, ends_at=slot.end, door_word="Lanterne", made_at=now(),
                )
            )  # fmt: skip
    rest = today_in(house("canal")) + timedelta(days=30)
    goal = SessionGoal(id=new_id(), session_id=found["session"], number=1, text="Un CV relu", by_id=members[0])
    with transaction():
        db.session.add(SessionPath(session_id=found["resting_session"], rest_until=rest))
        db.session.add(goal)
        for number, member in enumerate(members, 1):
            db.session.add(SessionSeat(session_id=found["over_session"], membership_id=member, number=number))
    return {**found, "goal": goal.id, "rest_day": (rest - timedelta(days=9)).isoformat()}


def speak_of_sessions(mara: Person, mark: str) -> None:
    """Of the one that is under way, and of another, which is over."""
    running = db.session.scalars(select(MeetingSession)).one()
    take_part(mara.actor, running.id)
    add_goal(mara.actor, running.id, f"Le but de {mark}")
    with transaction():
        over = MeetingSession(id=new_id(), club_id=running.club_id, name="Finie", granted_at=now(), ended_at=now())
        db.session.add(over)
    write_review(mara.actor, over.id, Review(f"{mark} est là.", f"{mark} revient.", [], 0))
