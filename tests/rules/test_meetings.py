"""Every claim is a meeting, by whatever door it came, on the clock of the house where it stands."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.meetings.models import Meeting
from app.rooms.models import Claim, Room
from app.rooms.queries import slots_between, today_in
from app.rooms.series.changes import move_part
from tests.rooms.places import house, room
from tests.rules.stage import Stage


def apart() -> list[str]:
    """The claims that have no meeting of theirs, or one that goes by another clock."""
    beside = (
        select(Claim.id)
        .join(Room, Room.id == Claim.room_id)
        .outerjoin(
            Meeting,
            (Meeting.id == Claim.id)
            & (Meeting.claim_id == Claim.id)
            & (Meeting.club_id == Claim.club_id)
            & (Meeting.house_id == Room.house_id),
        )
        .where(Meeting.id.is_(None))
    )
    return list(db.session.scalars(beside))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_claim_is_a_meeting(app: Flask) -> None:
    """Of all that the stage of the rules makes: by a lead, in a series, a session, by the team, from a draw."""
    stage = Stage(app)
    with app.app_context():
        made = db.session.scalars(select(Claim.id)).all()
        assert (len(made) > 4, apart()) == (True, [])
        far = today_in(house("port")) + timedelta(days=6)
        free = next(s for s in slots_between(house("port"), [room("quai")], far, far + timedelta(days=9)) if s.open)
        move_part(stage.cast.bruno.actor, stage.known["claim"], "this", free.id)
        db.session.expire_all()
        moved = db.session.get_one(Meeting, stage.known["claim"])
        assert (moved.house_id, apart()) == (house("port").id, [])


def test_no_claim_is_written_past_the_models() -> None:
    """A claim that is no object of the session would have no meeting."""
    past = re.compile(
        r"insert\(Claim\)|Claim\.__table__|INSERT INTO claim\b|bulk_insert_mappings\(Claim", re.IGNORECASE
    )
    files = list(Path("app").rglob("*.py"))
    assert len(files) > 300
    assert [str(path) for path in files if past.search(path.read_text())] == []
