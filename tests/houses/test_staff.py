"""Staff accounts, from the command line."""

from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Account
from app.accounts.proofs.models import OneTimeNumber
from app.core.db import db, transaction
from app.core.errors import Invalid, NotFound, Taken
from app.houses.actions import create_staff
from app.houses.journal import entries_about
from app.houses.models import StaffPost
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox
from tests.support.second_step import give_app, set_up_app


def rows(table: type[Any]) -> int:
    return int(db.session.scalar(db.select(db.func.count()).select_from(table)) or 0)


def test_make_a_staff_account(app: Flask, cast: Cast) -> None:
    with app.app_context():
        account_id = create_staff("nadia@maison.example", "canal", "facilitator")
        account = db.session.get(Account, account_id)
        assert (account.role, account.password_hash, account.demo) == ("facilitator", None, False)
        assert db.session.get(StaffPost, (account_id, cast.houses["canal"])) is not None


def test_the_command(app: Flask, cast: Cast) -> None:
    arguments = ["staff", "create", "nadia@maison.example", "--house", "canal", "--role", "manager"]
    done = app.test_cli_runner().invoke(args=arguments)
    assert (done.exit_code, done.output) == (0, "manager at canal: ready to sign in with a code.\n")


@pytest.mark.parametrize(
    ("email", "house", "told"),
    [
        ("nadia@maison.example", "nowhere", "no house has the slug nowhere"),
        ("nadia", "canal", "Error: refused: email_invalid"),
        ("amina@demo.example", "canal", "Error: refused: address_of_member"),
    ],
)
def test_the_command_says_what_is_wrong(app: Flask, cast: Cast, email: str, house: str, told: str) -> None:
    done = app.test_cli_runner().invoke(args=["staff", "create", email, "--house", house, "--role", "manager"])
    assert (isinstance(done.exception, SystemExit), done.exit_code in (1, 2)) == (True, True)
    assert told in done.output


def test_staff_come_in_with_a_code_and_settle_a_second_step(
    app: Flask, cast: Cast, visitor: Any, run_jobs: Any, mailbox: Mailbox
) -> None:
    with app.app_context():
        create_staff("nadia@maison.example", "canal", "facilitator")
    visitor.submit("/sign-in", {"email": "Nadia@maison.example", "way": "code"})
    run_jobs()
    answer = visitor.submit("/sign-in/code", {"code": mailbox.code_for("Nadia@maison.example")})
    assert answer.location == "/sign-in/second?next=/"
    assert visitor.get("/api/v1/me").status_code == 401
    set_up_app(visitor)
    assert visitor.get("/api/v1/me").json["role"] == "facilitator"


def test_a_second_house_and_another_role(app: Flask, cast: Cast) -> None:
    with app.app_context():
        before = rows(Account)
        first = create_staff(cast.denis.email, "canal", "facilitator")
        second = create_staff(cast.denis.email, "port", "manager")
        assert (first, second, rows(Account)) == (cast.denis.account_id, cast.denis.account_id, before)
        assert db.session.get(Account, first).role == "manager"
        posts = db.session.scalars(db.select(StaffPost.house_id).where(StaffPost.account_id == first))
        assert set(posts) == set(cast.houses.values())


def test_a_member_s_address_is_refused(app: Flask, cast: Cast) -> None:
    with app.app_context(), pytest.raises(Taken):
        create_staff(cast.amina.email, "canal", "manager")
    with app.app_context():
        assert db.session.get(Account, cast.amina.account_id).role == "member"


@pytest.mark.parametrize(("email", "house", "error"), [("zoe", "canal", Invalid), ("z@exemple.fr", "lune", NotFound)])
def test_what_cannot_be(app: Flask, cast: Cast, email: str, house: str, error: type[Exception]) -> None:
    with app.app_context():
        before = rows(Account)
        with pytest.raises(error):
            create_staff(email, house, "manager")
        assert rows(Account) == before


def test_who_lost_everything_is_helped_by_who_runs_the_machine(app: Flask, cast: Cast, client_of: Any) -> None:
    denis = client_of(cast.denis)
    with app.app_context(), transaction():
        give_app(cast.denis.account_id)
    reset = app.test_cli_runner().invoke
    assert reset(args=["staff", "reset", "denis@demo.example"]).output.startswith(
        "the second step is to be chosen anew"
    )
    assert denis.get("/desk").status_code == 303
    with app.app_context():
        assert rows(OneTimeNumber) == 0
        assert [entry.act for entry in entries_about(cast.denis.actor)] == ["staff:proofs-reset"]
    for email in ("amina@demo.example", "nobody@maison.example"):
        assert reset(args=["staff", "reset", email]).output == "Error: nobody of the team has this address.\n"
