"""How long somebody is let in: a personal device, a shared one, the team."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.accounts.actions import begin_session, end_quiet_sessions
from app.accounts.models import Account, LoginSession
from app.core.clock import now
from app.core.db import db, transaction
from tests.accounts.conftest import signed_in
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.factories import PASSWORD

Ask = Callable[..., str]


@pytest.mark.parametrize(
    ("fields", "hours", "lasting"),
    [({}, 90 * 24, True), ({"shared": "y"}, 12, False)],
)
def test_how_long_a_session_lasts(
    app: Flask, visitor: PageClient, cast: Cast, fields: dict[str, str], hours: int, lasting: bool
) -> None:
    answer = visitor.send("/sign-in", {"email": cast.amina.email, "password": PASSWORD, **fields})
    (cookie,) = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("session=")]
    assert ("Expires=" in cookie, "HttpOnly" in cookie, "SameSite=Lax" in cookie) == (lasting, True, True)
    assert lasted(app) == hours


def test_staff_come_in_for_twelve_hours(app: Flask, visitor: PageClient, cast: Cast) -> None:
    answer = visitor.send("/sign-in", {"email": cast.denis.email, "password": PASSWORD})
    (cookie,) = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("session=")]
    assert "Expires=" not in cookie
    assert lasted(app) == 12


def lasted(app: Flask) -> int:
    with app.app_context():
        row = db.session.scalars(db.select(LoginSession)).one()
        return round((row.expires_at - row.created_at).total_seconds() / 3600)


def test_a_personal_session_slides_by_the_day(app: Flask, visitor: PageClient, cast: Cast) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        visitor.send("/sign-in", {"email": cast.amina.email, "password": PASSWORD})
        for _ in range(3):
            clock.shift(60 * 24 * 3600)
            assert signed_in(visitor)
        clock.shift(91 * 24 * 3600)
        assert not signed_in(visitor)


def test_a_shared_session_does_not_slide(visitor: PageClient, cast: Cast) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        visitor.send("/sign-in", {"email": cast.amina.email, "password": PASSWORD, "shared": "y"})
        clock.shift(11 * 3600)
        assert signed_in(visitor)
        clock.shift(2 * 3600)
        assert not signed_in(visitor)


def test_the_day_of_the_visit_is_noted_and_no_more(app: Flask, cast: Cast, client_of: Any, queries: Any) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        clock.shift(25 * 3600)
        browser = client_of(cast.amina)
        browser.get("/account")
        with queries() as asked:
            browser.get("/account")
        assert [each for each in asked if each.startswith(("UPDATE", "INSERT"))] == []
        with app.app_context():
            seen = db.session.get(Account, cast.amina.account_id).seen_on
        assert (seen.date(), seen.hour, seen.minute, seen.second) == (now().date(), 0, 0, 0)


def test_a_quiet_session_ends_unless_somebody_moves(app: Flask, visitor: PageClient, cast: Cast) -> None:
    """A page that asks by itself what is new keeps nobody signed in; opening one, sending one or typing does."""
    with time_machine.travel(now(), tick=False) as clock:
        visitor.send("/sign-in", {"email": cast.amina.email, "password": PASSWORD})
        token = visitor.token("/account")
        grow_quiet(app, minutes=5)
        clock.shift(4 * 60)
        assert signed_in(visitor)
        clock.shift(4 * 60)
        assert visitor.post("/still-here", headers={"X-CSRFToken": token}).status_code == 204
        clock.shift(4 * 60)
        assert visitor.get("/api/v1/me").status_code == 200
        clock.shift(61)
        assert visitor.get("/api/v1/me").status_code == 401
        with app.app_context():
            end_quiet_sessions()
            assert db.session.scalars(db.select(LoginSession)).all() == []


def grow_quiet(app: Flask, minutes: int) -> None:
    with app.app_context(), transaction():
        row = db.session.scalars(db.select(LoginSession)).one()
        row.quiet_minutes, row.quiet_until = minutes, now() + timedelta(minutes=minutes)


def test_a_paired_device_and_the_team_end_when_quiet(app: Flask, cast: Cast) -> None:
    with app.app_context(), transaction():
        amina, denis = (db.session.get_one(Account, each.account_id) for each in (cast.amina, cast.denis))
        denis.demo = False
        for account, device in ((amina, ""), (amina, "d" * 26), (denis, "")):
            begin_session(account, False, device)
    with app.app_context():
        rows = db.session.scalars(db.select(LoginSession).order_by(LoginSession.quiet_minutes.is_not(None)))
        found = {(row.quiet_minutes, row.device_id, row.shared) for row in rows}
        assert found == {(None, None, False), (5, "d" * 26, True), (30, None, False)}
