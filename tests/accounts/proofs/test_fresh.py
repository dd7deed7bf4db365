"""Fresh proof: what must not be done by whoever sits down at an open session."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import LoginSession
from app.accounts.proofs import fresh
from app.core.clock import now
from app.core.db import db, transaction
from tests.accounts.conftest import other_than
from tests.support.cast import Cast
from tests.support.clients import PageClient, visitor
from tests.support.factories import PASSWORD
from tests.support.mailbox import Mailbox

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def dangerous(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages of mails and the list of keys ask for a fresh proof, as an export does."""
    for endpoint in ("mails.choose_mails", "mails.set_mails", "accounts_api.list_tokens"):
        monkeypatch.setitem(app.view_functions, endpoint, fresh.needs_fresh_proof()(app.view_functions[endpoint]))


def grow_stale(app: Flask, minutes: int = 11) -> None:
    with app.app_context(), transaction():
        db.session.execute(db.update(LoginSession).values(proved_at=now() - timedelta(minutes=minutes)))


@pytest.fixture
def stale(app: Flask, cast: Cast, client_of: Callable[..., PageClient], dangerous: None) -> PageClient:
    """Amina's browser, in which she proved who she is eleven minutes ago."""
    client = client_of(cast.amina)
    grow_stale(app)
    return client


def test_who_has_just_come_in_is_fresh(app: Flask, cast: Cast, dangerous: None) -> None:
    client = visitor(app)
    client.send("/sign-in", {"email": cast.amina.email, "password": PASSWORD})
    assert client.get("/account/mails").status_code == 200
    grow_stale(app, 9)
    assert client.get("/account/mails").status_code == 200


def test_a_page_leads_to_the_proof_and_back(stale: PageClient) -> None:
    asked = stale.get("/account/mails?x=1")
    assert (asked.status_code, asked.location) == (303, "/account/prove?next=/account/mails?x%3D1")
    proved = stale.submit(asked.location, {"password": PASSWORD}, "/account/prove")
    assert (proved.status_code, proved.location) == (303, "/account/mails?x=1")
    assert stale.get(proved.location).status_code == 200


def test_a_form_leads_back_to_its_page(stale: PageClient) -> None:
    answer = stale.send("/account/mails", {"digest_hour": "17"}, on="/account")
    assert answer.location == "/account/prove?next=/account/mails"


def test_a_wrong_password_proves_nothing(app: Flask, stale: PageClient) -> None:
    answers = [stale.submit("/account/prove", {"password": "not this one"}, "/account/prove") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert "Ce n’est pas votre mot de passe." in answers[0].page.main
    assert stale.get("/account/mails").status_code == 303


def test_an_empty_form_proves_nothing(stale: PageClient) -> None:
    assert stale.send("/account/prove").status_code == 422
    assert stale.send("/account/prove", {"number": "123456"}).status_code == 422
    assert stale.get("/account/mails").status_code == 303


def test_a_mailed_code_proves_it_once_and_for_this_session(
    app: Flask, stale: PageClient, cast: Cast, client_of: Callable[..., PageClient], mailbox: Mailbox, run_jobs: Any
) -> None:
    assert stale.submit("/account/prove?next=/agenda", action="/account/prove/code").location == (
        "/account/prove?next=/agenda"
    )
    run_jobs()
    code = mailbox.code_for(cast.amina.email)
    elsewhere = client_of(cast.amina)
    grow_stale(app)
    assert elsewhere.send("/account/prove", {"code": code}).location == "/account/prove?next=/"
    assert stale.send("/account/prove", {"code": other_than(code)}).status_code == 422
    assert stale.send("/account/prove", {"code": code, "next": "/agenda"}).location == "/agenda"
    assert stale.get("/account/mails").status_code == 200
    assert elsewhere.get("/account/mails").status_code == 303
    assert stale.send("/account/prove", {"code": code}).location == "/account/prove?next=/"


def test_the_way_back_stays_in_the_house(stale: PageClient) -> None:
    answer = stale.send("/account/prove", {"password": PASSWORD, "next": "//evil.example"})
    assert answer.location == "/"


def test_a_call_is_answered_in_a_word(app: Flask, stale: PageClient, api_of: Any, cast: Cast) -> None:
    for answer in (stale.get("/api/v1/tokens"), api_of(cast.amina).get("/tokens")):
        assert (answer.status_code, answer.json["code"]) == (403, "proof_needed")


def test_a_program_proves_by_what_it_sends(app: Flask, cast: Cast, api_of: Any) -> None:
    """A key is never fresh: what it sends proves for one call, and for nothing after it."""
    api = api_of(cast.amina)
    with app.test_request_context():
        from app.accounts.budgets import Asker
        from app.accounts.queries import speaker_by_token

        actor = speaker_by_token(api.secret).actor
        fresh.prove(actor, {"password": PASSWORD}, Asker("192.0.2.1"))
        with pytest.raises(fresh.ProofNeeded):
            fresh.prove(actor, {"password": ""}, Asker("192.0.2.1"))
        with pytest.raises(fresh.ProofNeeded):
            fresh.ask_fresh_proof(actor)
