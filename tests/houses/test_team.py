"""Who works in a house: invited, changed, removed by its managers; a house never loses its last manager."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Account, LoginSession, Token
from app.core.db import db, transaction
from app.core.errors import DomainError, NotAllowed, NotFound, Taken
from app.houses.actions import create_staff
from app.houses.journal import all_entries
from app.houses.models import House, StaffPost
from app.houses.team.actions import change, invite, remove
from app.houses.team.queries import colleagues_in
from tests.support import clients, databases
from tests.support.application import make_app
from tests.support.cast import Cast, Person, make_cast
from tests.support.mailbox import Mailbox
from tests.support.process import Server
from tests.support.race import race
from tests.support.second_step import give_app, number_of, set_up_app
from tests.support.sockets import Socket

one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def team() -> list[tuple[str, str]]:
    house = db.session.scalars(db.select(House).where(House.slug == "canal")).one()
    return [(one.role, one.address) for one in colleagues_in(house)]


@one_engine
def test_an_invited_person_comes_in_with_a_code_and_settles_a_second_step(
    app: Flask, cast: Cast, client_of: Callable[..., Any], visitor: Any, run_jobs: Any, mailbox: Mailbox
) -> None:
    sent = {"email": "nadia@maison.example", "name": "Nadia", "role": "facilitator"}
    assert client_of(cast.elise).send("/houses/canal/team/invite", sent).location == "/houses/canal/team"
    page = client_of(cast.elise).get("/houses/canal/team").page
    assert ("Nadia" in page.main, "n•••@maison.example" in page.main, "nadia@" in page.html) == (True, True, False)
    visitor.submit("/sign-in", {"email": "nadia@maison.example", "way": "code"})
    run_jobs()
    visitor.submit("/sign-in/code", {"code": mailbox.code_for("nadia@maison.example")})
    set_up_app(visitor)
    assert visitor.get("/api/v1/me").json["role"] == "facilitator"
    with app.app_context():
        assert [entry.act for entry in all_entries()] == ["staff:invited"]


@one_engine
@pytest.mark.usefixtures("context")
def test_who_may_not_be_invited(cast: Cast) -> None:
    create_staff("port@maison.example", "port", "manager")
    for email, code in (
        (cast.amina.email, "address_of_member"),
        (cast.denis.email, "already_here"),
        ("port@maison.example", "other_role"),
    ):
        with pytest.raises(Taken) as refused:
            invite(cast.elise.actor, "canal", email, "Nom", "facilitator")
        assert refused.value.code == code
    with pytest.raises(NotAllowed):
        invite(cast.denis.actor, "canal", "nadia@maison.example", "Nadia", "facilitator")
    with pytest.raises(NotFound):
        invite(cast.elise.actor, "port", "nadia@maison.example", "Nadia", "facilitator")


def test_the_last_manager_reads_why_they_cannot_leave(cast: Cast, client_of: Callable[..., Any]) -> None:
    account = client_of(cast.elise).get("/account").page
    assert ("Nommez d’abord quelqu’un d’autre." in account.main, "/account/leave" in account.links) == (True, False)
    assert "/account/leave" in client_of(cast.denis).get("/account").page.links
    answer = client_of(cast.elise).get("/account/leave")
    assert (answer.status_code, answer.page.h1) == (409, "Pas encore possible")
    assert "Nommez d’abord quelqu’un d’autre." in answer.page.main


@one_engine
@pytest.mark.usefixtures("context")
def test_a_role_changes_and_the_last_manager_stays(cast: Cast) -> None:
    with pytest.raises(DomainError) as refused:
        change(cast.elise.actor, "canal", cast.elise.account_id, "Élise", "facilitator")
    assert (refused.value.code, refused.value.status) == ("last_manager", 409)
    with pytest.raises(DomainError):
        remove(cast.elise.actor, "canal", cast.elise.account_id)
    change(cast.elise.actor, "canal", cast.denis.account_id, "Denis", "manager")
    change(cast.elise.actor, "canal", cast.elise.account_id, "", "facilitator")
    assert team() == [("manager", "d•••@demo.example"), ("facilitator", "e•••@demo.example")]


@one_engine
@pytest.mark.usefixtures("context")
def test_a_role_is_not_changed_over_the_head_of_another_house(cast: Cast) -> None:
    create_staff(cast.denis.email, "port", "facilitator")
    with pytest.raises(Taken) as refused:
        change(cast.elise.actor, "canal", cast.denis.account_id, "Denis", "manager")
    assert refused.value.code == "works_elsewhere"


@pytest.mark.usefixtures("context")
def test_removal_ends_sessions_and_keys_and_frees_the_address(app: Flask, cast: Cast) -> None:
    clients.client_of(app, cast.denis), clients.api_of(app, cast.denis)
    remove(cast.elise.actor, "canal", cast.denis.account_id)
    for table in (LoginSession, Token, StaffPost):
        assert db.session.scalars(db.select(table).where(table.account_id == cast.denis.account_id)).all() == []
    account = db.session.get(Account, cast.denis.account_id)
    assert (account.email_hash, account.password_hash, account.role) == (None, None, "member")
    assert all_entries()[0].act == "staff:removed"


@one_engine
@pytest.mark.usefixtures("context")
def test_who_works_elsewhere_keeps_the_account(cast: Cast) -> None:
    create_staff(cast.denis.email, "port", "facilitator")
    remove(cast.elise.actor, "canal", cast.denis.account_id)
    assert db.session.get(Account, cast.denis.account_id).role == "facilitator"


@one_engine
def test_a_second_step_that_is_lost_is_chosen_anew(
    app: Flask, cast: Cast, client_of: Callable[..., Any], run_jobs: Any, mailbox: Mailbox
) -> None:
    """A manager ends it, in the journal; the person comes in by their own mail, and settles another."""
    with app.app_context():
        account_id = create_staff("nadia@maison.example", "canal", "facilitator")
        with transaction():
            secret = give_app(account_id)
            key = clients.make.make_token(account_id)[1]
    nadia = clients.visitor(app)
    come_in(nadia, run_jobs, mailbox)
    nadia.submit("/sign-in/second", {"number": number_of(secret)})
    assert nadia.get("/desk").status_code == 200
    answer = client_of(cast.elise).submit(f"/houses/canal/team/{account_id}/proofs")
    assert answer.location == "/houses/canal/team"
    assert nadia.get("/desk").status_code == 303
    by_key = app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {key}"})
    assert by_key.status_code == 401
    come_in(nadia, run_jobs, mailbox)
    assert nadia.get("/sign-in/second").location == "/account/proof?next=/"
    set_up_app(nadia)
    assert nadia.get("/desk").status_code == 200
    with app.app_context():
        assert [entry.act for entry in all_entries()] == ["staff:proofs-reset"]


def come_in(browser: Any, run_jobs: Any, mailbox: Mailbox) -> None:
    browser.submit("/sign-in", {"email": "nadia@maison.example", "way": "code"}, "/sign-in")
    run_jobs()
    browser.submit("/sign-in/code", {"code": mailbox.code_for("nadia@maison.example")})


@one_engine
def test_nobody_resets_their_own_second_step(app: Flask, cast: Cast, client_of: Callable[..., Any]) -> None:
    elise = client_of(cast.elise)
    answer = elise.submit(f"/houses/canal/team/{cast.elise.account_id}/proofs", follow_redirects=True)
    assert "Pour vous-même, passez par « Mon compte »." in answer.page.text
    with app.app_context():
        assert all_entries() == []


def test_an_open_socket_closes_within_two_seconds(server: Server, socket_of: Callable[..., Socket]) -> None:
    cast = server.cast
    socket = socket_of(cast.denis)
    browser = clients.client_of(server.app, cast.elise)
    began = time.monotonic()
    answer = browser.send(f"/houses/canal/team/{cast.denis.account_id}/remove")
    assert answer.location == "/houses/canal/team"
    assert (socket.gone(2), time.monotonic() - began < 4) == (True, True)


def step_down(barrier: Any, url: str, who: Person, other: str) -> str:
    app = make_app(url)
    with app.app_context():
        barrier.wait()
        try:
            change(who.actor, "canal", other, "Nom", "facilitator")
        except DomainError as error:
            return error.code
    return "done"


def test_two_managers_cannot_demote_each_other(engine: str) -> None:
    url = databases.new_database(engine)
    app = make_app(url)
    with app.app_context():
        cast = make_cast()
        change(cast.elise.actor, "canal", cast.denis.account_id, "Denis", "manager")
        cast.denis.role = "manager"
    answers = race(step_down, (url, cast.elise, cast.denis.account_id), (url, cast.denis, cast.elise.account_id))
    with app.app_context():
        assert (sorted(answers), [role for role, _ in team()]) == (["done", "last_manager"], ["manager", "facilitator"])
    databases.close(app)


@one_engine
def test_a_manager_says_what_the_house_is(app: Flask, cast: Cast, client_of: Callable[..., Any]) -> None:
    with app.app_context(), transaction():
        house = db.session.scalars(db.select(House).where(House.slug == "canal")).one()
        house.hours = [{"days": [0, 1], "opens": "10:00", "closes": "18:00"}]
    client = client_of(cast.elise)
    said = {"phone": "01 23 45 67 89", "opens2": "10:00", "closes2": "18:00", "opens5": "09:00", "closes5": "12:00"}
    quotas = {"quota": "6", "evening_quota": "3"}
    assert client.submit("/houses/canal/edit", {**said, **quotas}).location == "/houses/canal/edit"
    page = client.get("/help").page
    assert "Lundi à mercredi : 10 h – 18 h" in page.text
    assert "Samedi : 9 h – 12 h" in page.text
    wrong = client.submit("/houses/canal/edit", {"closes5": ""})
    assert (wrong.status_code, "Écrivez les deux heures, ou aucune." in wrong.page.main) == (422, True)
    with app.app_context():
        house = db.session.scalars(db.select(House).where(House.slug == "canal")).one()
        assert (house.claim_quota, house.evening_quota, house.phone) == (6, 3, "01 23 45 67 89")
