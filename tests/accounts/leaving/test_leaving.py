"""Leaving for good: three taps, a proof, and what becomes of leads, of the team and of what is open."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.clubs.founding import actions as founding
from app.clubs.founding.models import PlantHold, Proposal
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.models import Job
from app.houses.models import JournalEntry
from app.messaging import actions as talk
from tests.rules.stage import draft
from tests.support import clients
from tests.support import factories as make
from tests.support.cast import Cast, make_person
from tests.support.mailbox import Mailbox

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def is_there(app: Flask, account_id: str) -> bool:
    with app.app_context():
        return db.session.get(Account, account_id) is not None


def confirm(page: clients.PageClient, **proof: str) -> Any:
    return page.submit("/account/leave/confirm", proof, action="/account/leave/confirm")


def test_three_taps_with_a_password(app: Flask, cast: Cast) -> None:
    page, other = clients.client_of(app, cast.amina), clients.client_of(app, cast.amina)
    said = page.get("/account/leave").page.main
    assert ("Club Romarin" in said, "« Sacha »" in said.replace("\xa0", " ")) == (True, True)
    assert page.submit("/account/leave", {"messages": "blank"}).location == "/account/leave/confirm"
    wrong = confirm(page, password="not the one")
    assert (wrong.status_code, "Ce n’est pas votre mot de passe" in wrong.text) == (422, True)
    assert is_there(app, cast.amina.account_id)
    done = confirm(page, password=make.PASSWORD)
    assert (done.status_code, done.location) == (303, "/gone")
    assert "Votre compte est effacé" in page.get("/gone").page.main
    assert not is_there(app, cast.amina.account_id)
    assert [each.get("/account").status_code for each in (page, other)] == [303, 303]


def test_with_a_code_who_has_no_password(app: Flask, cast: Cast) -> None:
    with app.app_context():
        zoe = make_person("zoe", tilleul="Zoé")
    page = clients.client_of(app, zoe)
    page.submit("/account/leave", {"messages": "keep"})
    with app.app_context():
        jobs.run_due()
    mailbox = Mailbox(app.extensions["settings"].instance)
    code = mailbox.code_for(zoe.email)
    assert confirm(page, code=code).location == "/gone"
    with app.app_context():
        assert [(job.kind, job.payload.get("messages")) for job in db.session.scalars(select(Job))][:1] != []
        jobs.run_due()
    assert (is_there(app, zoe.account_id), mailbox.to(zoe.email)) == (False, [])


def test_by_a_program(app: Flask, cast: Cast) -> None:
    api = clients.api_of(app, cast.amina)
    refused = api.delete("/me", json={"password": "not the one", "messages": "blank"})
    assert (refused.status_code, refused.json["code"]) == (403, "wrong_password")
    assert api.delete("/me", json={"password": make.PASSWORD, "messages": "all"}).status_code == 422
    done = api.delete("/me", json={"password": make.PASSWORD, "messages": "blank"})
    assert (done.status_code, sorted(done.json)) == (202, ["done_by"])
    assert api.get("/me").status_code == 401


def test_the_last_lead_is_told_and_may_go(app: Flask, cast: Cast) -> None:
    page = clients.client_of(app, cast.bruno)
    assert "vous êtes la seule personne responsable" in page.get("/account/leave").page.main
    page.submit("/account/leave", {"messages": "blank", "at_once": "y"})
    assert confirm(page, password=make.PASSWORD).location == "/gone"
    with app.app_context():
        jobs.run_due()
    members = clients.api_of(app, cast.amina).get("/clubs/tilleul/members").json["items"]
    assert [each["name"] for each in members] == ["Ama"]


def test_one_of_the_team_leaves_acts_without_a_name(app: Flask, cast: Cast) -> None:
    assert clients.client_of(app, cast.elise).get("/account/leave").status_code == 409
    api = clients.api_of(app, cast.denis)
    assert api.delete("/me", json={"password": make.PASSWORD, "messages": "keep"}).status_code == 202
    with app.app_context():
        entries = db.session.execute(select(JournalEntry.act, JournalEntry.by_role)).all()
        assert entries == [("staff:removed", "facilitator")]
    journal = clients.client_of(app, cast.elise).get("/desk/journal").page.main
    assert ("Une personne quitte l’équipe." in journal, "L’équipe" in journal) == (True, True)


def test_a_proposal_goes_with_its_founder(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        zoe = make_person("zoe")
        founding.found_club(zoe.actor, founding.Idea("Les échecs", "Pour jouer.", ["fr"], "here"))
        founding.choose_door(zoe.actor, founding.Rules("", "open", "all", "Respect"))
        from app.accounts.leaving.actions import erase_account

        with transaction():
            erase_account(db.session.get_one(Account, zoe.account_id), "blank")
        assert [db.session.scalars(select(each)).all() for each in (Proposal, PlantHold)] == [[], []]


def test_each_club_sees_it_later_and_others_at_another_moment(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        talk.open_thread(cast.amina.actor, "tilleul", "Salut", draft("Un mot d’Amina."))
    clients.api_of(app, cast.amina).delete("/me", json={"password": make.PASSWORD, "messages": "blank"})
    assert names(app, cast.bruno, "tilleul") == ["Ama", "Bruno"]
    with time_machine.travel(now() + timedelta(hours=24, minutes=1), tick=False), app.app_context():
        jobs.run_due(100)
    assert names(app, cast.bruno, "tilleul") == ["Bruno"]
    assert names(app, cast.dario, "romarin") == ["Dario"]
    thread = clients.api_of(app, cast.bruno).get("/clubs/tilleul/threads").json["items"][0]
    assert thread["title"] == "Discussion sans titre"
    said = clients.api_of(app, cast.bruno).get(f"/threads/{thread['id']}/messages").json["items"]
    shown: list[Any] = [(each["author"]["name"], each["author"]["role"], "body" in each) for each in said]
    assert shown == [("Un ancien membre", "former", False)]


def names(app: Flask, person: Any, slug: str) -> list[str]:
    return sorted(each["name"] for each in clients.api_of(app, person).get(f"/clubs/{slug}/members").json["items"])
