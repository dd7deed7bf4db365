"""What we keep of somebody, on one page of their own: counted, dated, and nothing of anybody else."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.accounts.models import Account
from app.clubs.invitations.actions import make_invitation
from app.core.clock import now
from app.core.db import db, transaction
from app.messaging import actions as talk
from app.pages.legal.kept import YOURS
from tests.support import clients
from tests.support import factories as make
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient
from tests.support.page import text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def spoken(client: PageClient) -> str:
    return " ".join(client.get("/account/kept").page.main.replace("\xa0", " ").replace("\u202f", " ").split())


@pytest.fixture
def said(app: Flask, cast: Cast) -> Cast:
    """Amina wrote twice in Tilleul and once in Romarin; Bruno once."""
    with app.app_context():
        for person, slug in ((cast.amina, "tilleul"), (cast.amina, "romarin"), (cast.bruno, "tilleul")):
            opened = talk.open_thread(person.actor, slug, "Titre", talk.Draft(str(uuid.uuid4()), "Bonjour."))
        talk.post_message(cast.amina.actor, opened.thread.id, talk.Draft(str(uuid.uuid4()), "Encore."))
    return cast


def test_it_counts_what_is_one_s_own_and_names_no_club(app: Flask, said: Cast) -> None:
    mine, his = spoken(clients.client_of(app, said.amina)), spoken(clients.client_of(app, said.bruno))
    assert ("2 discussions ouvertes, 3 messages" in mine, "2 adhésions" in mine) == (True, True)
    assert ("1 discussion ouverte, 1 message" in his, "1 adhésion" in his) == (True, True)
    for words in (mine, his):
        assert [name for name in ("Tilleul", "Romarin", "Sujet", "45 ans", "Sacha", "Dario") if name in words] == []


def test_every_sentence_of_the_privacy_page_is_there(app: Flask, said: Cast) -> None:
    words = spoken(clients.client_of(app, said.amina))
    assert len(YOURS) >= 14
    assert [str(kept.what) for kept in YOURS if str(kept.what).replace("\xa0", " ") not in words] == []


def test_it_says_when_one_came_in_and_went_out(app: Flask, cast: Cast, visitor: PageClient) -> None:
    given = {"email": cast.amina.email, "password": make.PASSWORD, "way": "password"}
    visitor.send("/sign-in", given, on="/sign-in")
    first = spoken(visitor)
    assert ("Entrée, avec le mot de passe" in first, "Sortie" in first.split("Vos entrées")[-1]) == (True, False)
    visitor.send("/sign-out", {}, on="")
    visitor.send("/sign-in", given, on="/sign-in")
    last = spoken(visitor).split("Vos entrées et vos sorties")[-1]
    assert (last.count("Entrée, avec le mot de passe"), last.count("Sortie")) == (2, 1)
    assert "Entrée, avec" not in spoken(clients.client_of(app, cast.bruno))


def test_without_an_address_and_for_the_team(app: Flask, cast: Cast) -> None:
    with app.app_context(), transaction():
        account: Any = make.make_account()
        nobody = Person("nobody", account.id, "")
    words = spoken(clients.client_of(app, nobody))
    assert ("Pas d’adresse e-mail." in words, "Pas de mot de passe." in words) == (True, True)
    # What nobody can announce is not promised.
    assert ("un e-mail vous prévient" in words, "nous ne pouvons pas vous prévenir" in words) == (False, True)
    assert "Le journal n’a rien à votre sujet." in words
    assert "1 lieu de travail" in spoken(clients.client_of(app, cast.denis))


def test_since_when_is_never_the_day_of_its_end(app: Flask, cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), tick=False):
        with app.app_context():
            make_invitation(cast.dario.actor, "romarin", "word", now() + timedelta(days=30), once=True)
        page = clients.client_of(app, cast.dario).get("/account/kept").page
    (row,) = [text_of(line) for line in page.all(".//tr") if "1 invitation" in text_of(line)]
    assert ("2 mars 2026" in row.replace("\xa0", " "), "avril" in row) == (True, False)


def test_as_many_questions_for_much_as_for_little(
    app: Flask, said: Cast, queries: Callable[[], Any], client_of: Callable[..., PageClient]
) -> None:
    asked = []
    for person in (said.bruno, said.amina):
        client = client_of(person)
        client.get("/account/kept")
        with queries() as statements:
            client.get("/account/kept")
        asked.append(len(statements))
    assert asked[0] == asked[1]
    with app.app_context():
        assert db.session.get(Account, said.amina.account_id) is not None


def test_the_account_leads_there(app: Flask, cast: Cast) -> None:
    assert "/account/kept" in clients.client_of(app, cast.amina).get("/account").page.links
