"""Guessing and locking out: what a stranger can do to an account that is not theirs."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.accounts.budgets import Asker, new_mark, place_budget
from app.accounts.models import SignInCode
from app.core.clock import now
from app.core.db import db
from tests.accounts.conftest import other_than
from tests.support.cast import Cast
from tests.support.clients import visitor
from tests.support.factories import PASSWORD
from tests.support.mailbox import Mailbox

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

Ask = Callable[..., str]
HOUR = 3600


class Somebody:
    """A browser at a network address of its own."""

    def __init__(self, app: Flask, ip: str) -> None:
        self.browser, self.ip = visitor(app), ip

    def post(self, path: str, **fields: str) -> Any:
        data = {"csrf_token": self.browser.token(), **fields}
        return self.browser.post(path, data=data, environ_overrides={"REMOTE_ADDR": self.ip})

    def guess(self, email: str, password: str = "not the right one") -> int:
        return int(self.post("/sign-in", email=email, password=password, way="password").status_code)

    def ask(self, email: str) -> int:
        return int(self.post("/sign-in", email=email, way="code").status_code)

    def enter(self, code: str) -> int:
        return int(self.post("/sign-in/code", code=code).status_code)


@pytest.fixture
def at(app: Flask) -> Callable[[int], Somebody]:
    """``at(7)``: a new browser at 10.0.0.7"""
    return lambda number: Somebody(app, f"10.0.0.{number}")


At = Callable[[int], Somebody]


def test_who_is_refused_spends_nothing_of_others(cast: Cast, at: At) -> None:
    stranger = at(1)
    statuses = [stranger.guess(f"z{n}@exemple.fr") for n in range(20)]
    assert statuses == [401] * 20
    assert [stranger.guess(cast.amina.email) for _ in range(6)] == [429] * 6
    assert [stranger.ask(cast.amina.email) for _ in range(6)] == [429] * 6
    assert at(2).guess(cast.amina.email, PASSWORD) == 303
    assert at(3).ask(cast.amina.email) == 303


def test_a_browser_that_came_in_before_is_not_locked_by_strangers(cast: Cast, at: At) -> None:
    own = at(1)
    assert own.guess(cast.amina.email, PASSWORD) == 303
    own.post("/sign-out")
    assert [at(2).guess(cast.amina.email) for _ in range(6)] == [401] * 5 + [429]
    assert [at(3).ask(cast.amina.email) for _ in range(6)] == [303] * 5 + [429]
    assert at(4).guess(cast.amina.email, PASSWORD) == 429
    assert own.ask(cast.amina.email) == 303
    assert own.guess(cast.amina.email, PASSWORD) == 303
    own.post("/sign-out")
    assert [own.guess(cast.amina.email) for _ in range(6)] == [401] * 5 + [429]


def test_what_a_known_browser_tries_counts_for_the_account(cast: Cast, at: At) -> None:
    own = at(1)
    own.guess(cast.amina.email, PASSWORD)
    own.post("/sign-out")
    assert [own.guess(cast.amina.email) for _ in range(3)] == [401] * 3
    assert [at(2).guess(cast.amina.email) for _ in range(3)] == [401, 401, 429]


def test_the_mark_is_for_one_account_and_a_personal_device(cast: Cast, at: At) -> None:
    shared = at(1)
    shared.post("/sign-in", email=cast.amina.email, password=PASSWORD, shared="y")
    assert shared.browser.get_cookie("known") is None
    own = at(1)
    answer = own.post("/sign-in", email=cast.amina.email, password=PASSWORD)
    (line,) = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("known=")]
    assert ("HttpOnly" in line, "SameSite=Lax" in line, cast.amina.account_id in line) == (True, True, False)
    own.post("/sign-out")
    assert [at(2).guess(cast.bruno.email) for _ in range(6)][-1] == 429
    assert own.guess(cast.bruno.email, PASSWORD) == 429


def test_the_way_out_and_a_shared_entry_forget_the_mark(cast: Cast, at: At) -> None:
    own = at(1)
    own.guess(cast.amina.email, PASSWORD)
    assert own.browser.get_cookie("known") is not None
    own.browser.get("/leave")
    assert own.browser.get_cookie("known") is None
    own.guess(cast.amina.email, PASSWORD)
    own.post("/sign-in", email=cast.bruno.email, password=PASSWORD, shared="y")
    assert own.browser.get_cookie("known") is None


@pytest.mark.parametrize("forged", ["", ".", "x.y", "é.é", "." + "0" * 64, "x" * 5000])
def test_a_mark_cannot_be_made_up(app: Flask, context: None, forged: str) -> None:
    assert Asker("10.0.0.1", forged).known_to("key") == ""


def test_a_mark_is_known_to_its_own_address_only(app: Flask, context: None) -> None:
    mark = new_mark("key")
    assert Asker("10.0.0.1", mark).known_to("key") == mark.split(".")[0]
    assert Asker("10.0.0.1", mark).known_to("other") == ""
    assert Asker("10.0.0.1", mark + "0").known_to("key") == ""


def test_thirty_wrong_passwords_a_day(cast: Cast, at: At) -> None:
    own = at(1)
    own.guess(cast.amina.email, PASSWORD)
    own.post("/sign-out")
    with time_machine.travel(now(), tick=False) as clock:
        for number in range(6):
            assert [at(10 + number).guess(cast.amina.email) for _ in range(5)] == [401] * 5
            clock.shift(601)
        stranger = at(20)
        answer = stranger.post("/sign-in", email=cast.amina.email, password=PASSWORD, way="password")
        assert answer.status_code == 429
        assert 22 * HOUR < int(answer.headers["Retry-After"]) <= 24 * HOUR
        assert "Demandez un code." in answer.page.main
        assert own.guess(cast.amina.email, PASSWORD) == 303
        clock.shift(24 * HOUR)
        assert at(21).guess(cast.amina.email, PASSWORD) == 303


def test_a_hundred_wrong_passwords_a_month(cast: Cast, at: At) -> None:
    tried = 0
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(30):
            statuses = [at(1).guess(cast.amina.email) for _ in range(5)]
            tried += statuses.count(401)
            clock.shift(20 * HOUR)
    assert tried == 100


def test_after_many_wrong_codes_a_code_has_one_try(cast: Cast, at: At, run_jobs: Any, mailbox: Mailbox) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        for number in range(3):
            stranger = at(1 + number)
            stranger.ask(cast.amina.email)
            run_jobs()
            code = mailbox.code_for(cast.amina.email)
            assert [stranger.enter(other_than(code)) for _ in range(5)] == [422] * 4 + [410]
            clock.shift(60)
        own = at(5)
        own.ask(cast.amina.email)
        run_jobs()
        code = mailbox.code_for(cast.amina.email)
        assert [own.enter(other_than(code)), own.enter(code)] == [422, 429]
        again = at(6)
        again.ask(cast.amina.email)
        run_jobs()
        assert again.enter(mailbox.code_for(cast.amina.email)) == 303


def test_twenty_mails_a_day_and_the_same_answer(
    app: Flask, cast: Cast, at: At, run_jobs: Any, mailbox: Mailbox
) -> None:
    own = at(1)
    own.guess(cast.amina.email, PASSWORD)
    own.post("/sign-out")
    with time_machine.travel(now(), tick=False) as clock:
        for number in range(6):
            answers = [at(10 + number).post("/sign-in", email=cast.amina.email, way="code") for _ in range(5)]
            assert {(each.status_code, each.location) for each in answers} == {(303, "/sign-in/code")}
            run_jobs()
            clock.shift(601)
        assert len(mailbox.mails()) == 20
        assert own.ask(cast.amina.email) == 303
        run_jobs()
        assert len(mailbox.mails()) == 21
        clock.shift(24 * HOUR)
        assert at(30).ask(cast.amina.email) == 303
        run_jobs()
        assert len(mailbox.mails()) == 22


def test_asking_for_the_codes_of_somebody_else_keeps_nobody_out(
    cast: Cast, at: At, run_jobs: Any, mailbox: Mailbox
) -> None:
    assert [at(1).ask(cast.amina.email) for _ in range(6)] == [303] * 5 + [429]
    own = at(2)
    assert own.ask(cast.amina.email) == 303
    run_jobs()
    assert own.enter(mailbox.code_for(cast.amina.email)) == 303


def test_one_place_cannot_use_up_all_the_mails(cast: Cast, at: At, run_jobs: Any, mailbox: Mailbox) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(4):
            assert [at(1).ask(cast.amina.email) for _ in range(5)] == [303] * 5
            run_jobs()
            clock.shift(601)
        assert len(mailbox.mails()) == 10
        assert at(2).ask(cast.amina.email) == 303
        run_jobs()
        assert len(mailbox.mails()) == 11


def test_a_code_that_was_not_sent_opens_nothing(
    app: Flask, cast: Cast, at: At, run_jobs: Any, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.accounts.codes.secrets.randbelow", lambda _most: 123456)
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(2):
            for _ in range(5):
                at(1).ask(cast.amina.email)
            clock.shift(601)
        stranger = at(1)
        stranger.ask(cast.amina.email)
        assert stranger.enter("123456") == 422


def test_a_code_that_was_used_costs_no_mail(cast: Cast, at: At, run_jobs: Any, mailbox: Mailbox) -> None:
    for _ in range(12):
        own = at(1)
        assert own.ask(cast.amina.email) == 303
        run_jobs()
        assert own.enter(mailbox.code_for(cast.amina.email)) == 303
    assert len(mailbox.mails()) == 12


def test_ipv4_behind_an_ipv6_socket_is_ipv4(app: Flask, context: None, settle: Any) -> None:
    assert place_budget(Asker("::ffff:192.0.2.3")) == place_budget(Asker("192.0.2.3"))
    assert place_budget(Asker("::ffff:192.0.2.3")) != place_budget(Asker("::ffff:192.0.2.4"))
    homes = [place_budget(Asker(f"2001:db8:{part}")) for part in (":1", ":2", "0:1::1")]
    assert homes[0] == homes[1] != homes[2]
    settle(house_networks=("192.0.2.0/24",))
    assert place_budget(Asker("::ffff:192.0.2.3"))[0].amount == 400


def test_asking_stays_the_same_for_unknown_addresses(app: Flask, cast: Cast, at: At) -> None:
    for email in (cast.amina.email, "zoeee@demo.example"):
        assert [at(1).ask(email) for _ in range(6)] == [303] * 5 + [429]
    with app.app_context():
        assert int(db.session.scalar(db.select(db.func.count()).select_from(SignInCode)) or 0) == 10
