"""The pages of founding, without script: back and forth without loss, refusals beside fields, nothing outside."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clubs.founding import actions, backing
from app.clubs.founding.models import Proposal
from app.core.db import db
from app.core.models import Job
from app.core.sealed import unseal
from app.houses import desk
from app.houses.queries import list_houses
from tests.clubs.founding.conftest import IDEA, code_for, drafted
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient
from tests.support.page import text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Client = Callable[..., PageClient]
FIRST = {"name": "Plus de 45 ans", "sentence": "On se remet en route.", "languages": "fr", "format": "both"}
AGREED = {"consent": "y", "age": "y"}


def test_four_steps_go_back_and_forth_without_loss(cast: Cast, nina: Person, client_of: Client) -> None:
    browser = client_of(nina)
    for step in ("near", "door", "plant", "people"):
        assert browser.get(f"/clubs/found/{step}").location == "/clubs/found"
    assert browser.submit("/clubs/found", {**FIRST, "house": "port"}).location == "/clubs/found/near"
    near = browser.get("/clubs/found/near").page
    assert [text_of(found) for found in near.all(".//article//h2")] == ["45 ans et plus"]
    assert {"/clubs/tilleul", "/clubs/found/door"} <= set(near.links)

    assert browser.get("/clubs/found/plant").location == "/clubs/found/door"
    answer = browser.submit("/clubs/found/door", {"kit": "trans", "way": "kit"})
    assert answer.location == "/clubs/found/door"
    form = browser.get("/clubs/found/door").page.form().fields
    assert (form["kit"], form["door"], form["history"]) == ("trans", "discreet", "joining")
    assert len(form["charter"].strip().split("\n")) == 5
    mine = {"charter": "On écoute.\n- On se tait.", "door": "open", "way": "on"}
    assert browser.submit("/clubs/found/door", mine).location == "/clubs/found/plant"
    assert browser.get("/clubs/found/door").page.form().fields["charter"].strip() == "On écoute.\nOn se tait."

    names = [e.get("value") for e in browser.get("/clubs/found/plant").page.all(".//input[@name='plant']")]
    assert len(set(names)) == 3
    chosen = {"plant": names[1], "tile": "sun"}
    assert browser.submit("/clubs/found/plant", chosen).location == "/clubs/found/people"
    assert browser.submit("/clubs/found", {}).location == "/clubs/found/near"
    again = browser.get("/clubs/found").page.form().fields
    assert {name: again[name] for name in (*FIRST, "house")} == {**FIRST, "house": "port"}
    page = browser.get("/clubs/found/plant").page
    assert [e.get("value") for e in page.all(".//input[@name='plant']")] == names
    assert page.form().fields["plant"] == names[1]

    kept = browser.submit("/clubs/found/people", {"name": "Nina", "note": "Le mardi.", "way": "keep"})
    assert kept.location == "/clubs/found/people"
    fields = browser.get("/clubs/found/people").page.form().fields
    assert (fields["name"], fields["note"].strip()) == ("Nina", "Le mardi.")


def test_refusals_stand_beside_their_field(
    app: Flask, cast: Cast, nina: Person, omar: Person, client_of: Client
) -> None:
    browser = client_of(nina)
    wrong = browser.submit("/clubs/found", {"name": "ab", "sentence": ""})
    assert (wrong.status_code, wrong.page.title.startswith("Erreur :")) == (422, True)
    with app.app_context():
        drafted(nina)
        code = code_for(nina)
    early = browser.submit("/clubs/found/people", {"name": "Nina", **AGREED, "way": "send"})
    assert early.status_code == 422
    assert "attendez que les deux autres personnes disent oui" in early.page.main
    young = browser.submit("/clubs/found/people", {"name": "Nina", "consent": "y", "way": "send"})
    assert "Cochez « J’ai 15 ans ou plus » pour entrer." in young.page.main
    other = client_of(omar)
    assert "Ce code ne marche pas" in other.submit("/clubs/found/code", {"code": "KIWI-0000"}).page.main
    read = other.submit("/clubs/found/code", {"code": code})
    assert IDEA.sentence in read.page.main
    form = read.page.form("/clubs/found/yes")
    assert code in form.fields["code"]
    late = other.post(form.action, data={**form.fields, "name": "Omar", "consent": "y"})
    assert (late.status_code, "Cochez « J’ai 15 ans ou plus »" in late.page.main) == (422, True)
    done = other.post(form.action, data={**form.fields, "name": "Omar", **AGREED})
    assert done.location == "/clubs/found/code"
    assert "Une première personne a dit oui." in browser.get("/clubs/found/people").page.main
    assert "Omar" not in browser.get("/clubs/found/people").page.text


@pytest.fixture
def waiting(app: Flask, cast: Cast, nina: Person, omar: Person, pia: Person) -> str:
    """A discreet club waits for the team; returns the id of its proposal."""
    with app.app_context():
        drafted(nina, "discreet")
        for person, name in ((omar, "Omarou"), (pia, "Piama")):
            backing.say_yes(person.actor, code_for(nina), name)
        return actions.send_proposal(nina.actor, "Ninon", "Le mardi soir ?").id


def test_a_language_that_is_none_is_not_repeated(nina: Person, client_of: Client) -> None:
    """With a sign that no page may hold: the reviewer of pages refuses what would bring it back."""
    browser = client_of(nina)
    sent = {**FIRST, "languages": "fr\x0bx", "house": "canal", "csrf_token": browser.token()}
    answer = browser.post("/clubs/found", data=sent)
    assert (answer.status_code, "Choisissez une réponse." in answer.page.main) == (422, True)


def test_the_team_reads_the_club_and_no_person(cast: Cast, waiting: str, client_of: Client) -> None:
    team = client_of(cast.denis)
    page = team.get(f"/proposals/{waiting}").page
    for said in (IDEA.name, IDEA.sentence, "Non affiché", "Ce qui est dit ici reste ici.", "Le mardi soir ?"):
        assert said in page.main
    for hidden in ("Ninon", "Omarou", "Piama", "demo.example"):
        assert hidden not in page.html
    assert team.post(f"/proposals/{waiting}", data={"csrf_token": page.csrf_token, "reason": ""}).status_code == 422
    assert team.submit(f"/proposals/{waiting}", {"answer": "not_yet", "reason": "Quel jour ?"}).location == "/"
    assert team.get(f"/proposals/{waiting}").status_code == 404


def test_the_founder_reads_why_not_yet(cast: Cast, waiting: str, nina: Person, client_of: Client) -> None:
    client_of(cast.elise).submit(f"/proposals/{waiting}", {"answer": "not_yet", "reason": "Quel jour ?"})
    founder = client_of(nina)
    assert "pas encore" in founder.get("/").page.main
    assert "Quel jour ?" in founder.get("/clubs/found/people").page.main
    assert "Quel jour ?" in founder.get("/clubs/found").page.main


OUTSIDE = ("/", "/clubs", "/houses/canal/slots", "/help", "/api/v1/clubs", "/api/v1/houses")


def test_a_proposal_is_nowhere_outside(
    app: Flask, cast: Cast, waiting: str, nina: Person, visitor: PageClient, client_of: Client, api_of: Any
) -> None:
    with app.test_request_context():
        row = db.session.get_one(Proposal, waiting)
        secret = (IDEA.name, IDEA.sentence, f"/clubs/{row.plant}", "Ninon", "Omarou", "Piama", code_for(nina))
        cases = [case for case in desk.cases_for(cast.denis.actor, list_houses()) if case.href.endswith(waiting)]
        jobs = db.session.scalars(select(Job)).all()
        mails = [unseal(job.payload["sealed"]) for job in jobs if job.kind == "mail:send"]
    assert IDEA.name in client_of(nina).get("/clubs/found/people").page.html
    readers = (visitor, client_of(cast.chloe), client_of(cast.denis))
    told = [reader.get(path).get_data(as_text=True) for reader in readers for path in OUTSIDE]
    told += [repr(case) for case in cases] + [str(mail) for mail in mails] + [repr(job.payload) for job in jobs]
    assert (len(cases), len(told) >= 20) == (1, True)
    assert [word for word in secret for text in told if word in text] == []
    for path in (f"/clubs/{row.plant}", f"/clubs/{row.plant}/join"):
        assert client_of(cast.chloe).get(path).status_code == 404
