"""A right that ends closes what hung on it, in this process at once and in others by its row."""

import pytest
from sqlalchemy import select

from app.core import realtime
from app.core.clock import now
from app.core.db import db, transaction
from app.core.models import Revocation

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ended() -> list[str]:
    """What was closed, on a connection that hangs on two grants."""
    told: list[str] = []
    held = realtime.Connection("sid", "token:x")
    held.grants = {grant: (lambda grant=grant: told.append(grant)) for grant in ("membership:a", "membership:b")}
    realtime._connections["sid"] = held
    return told


def test_revoking_ends_only_what_hung_on_it(ended: list[str]) -> None:
    with transaction():
        realtime.revoke("membership:a")
        assert ended == []
    assert ended == ["membership:a"]


def test_a_revocation_that_is_rolled_back_ends_nothing(ended: list[str]) -> None:
    with pytest.raises(KeyError), transaction():
        realtime.revoke("membership:a")
        raise KeyError
    assert (ended, db.session.scalars(select(Revocation)).all()) == ([], [])


def test_a_revocation_by_another_process_is_read_once(ended: list[str]) -> None:
    with transaction():
        db.session.add(Revocation(grant="membership:b", at=now()))
    realtime.poll_revocations()
    realtime.poll_revocations()
    assert ended == ["membership:b"]


def test_nobody_connected_nothing_is_asked(app: object, queries: object) -> None:
    with queries() as asked:  # type: ignore[operator]
        realtime.poll_revocations()
    assert asked == []
