"""The pages of invitations: a link that tells nothing, the way through the sign-in, the desk."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.clubs.invitations import actions
from app.clubs.invitations.models import Invitation
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from tests.support import clients
from tests.support.cast import Cast, Person, make_person
from tests.support.mailbox import Mailbox
from tests.support.queries import counted

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
YES = {"name": "Zaza", "consent": "y", "age": "y"}


@pytest.fixture
def zoe(app: Flask, cast: Cast) -> Person:
    with app.app_context():
        return make_person("zoe")


def invite(app: Flask, lead: Person, kind: str = "link", *, once: bool = True) -> str:
    with app.app_context():
        until = now() + timedelta(days=7)
        return actions.make_invitation(lead.actor, "romarin", kind, until, once=once).secret


def four_secrets(app: Flask, cast: Cast, zoe: Person) -> dict[str, str]:
    """A living link, a used one, one taken back, one made up."""
    living, used, gone = (invite(app, cast.dario) for _time in range(3))
    with app.app_context(), transaction():
        rows = db.session.query(Invitation).order_by(Invitation.id).all()
        keys = {actions.secret_key(secret): secret for secret in (living, used, gone)}
        for row in rows:
            if keys[row.secret_hash] == used:
                row.uses = 1
            if keys[row.secret_hash] == gone:
                db.session.delete(row)
    return {"living": living, "used": used, "gone": gone, "made up": new_id()}


def said(answer: Any) -> Any:
    headers = [(key, value) for key, value in answer.headers if key not in ("Set-Cookie", "Content-Length")]
    body = re.sub(r'(csrf[-_]token" (?:content|value)=)"[^"]+"', r"\1", answer.get_data(as_text=True))
    return answer.status_code, headers, len(answer.headers.getlist("Set-Cookie")), body


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_link_tells_nothing_and_uses_nothing_up(app: Flask, cast: Cast, zoe: Person, signed_in: bool) -> None:
    heard = []
    with time_machine.travel(now(), tick=False):
        browser = clients.client_of(app, zoe) if signed_in else clients.visitor(app)
        browser.get("/help")
        for secret in four_secrets(app, cast, zoe).values():
            with counted(app) as queries:
                first, page = browser.get(f"/invitations/{secret}"), browser.get("/invitations")
            assert first.location == "/invitations"
            assert [word for word in (secret, "Romarin", "Transitions", "Dario") if word in page.text] == []
            heard.append((said(first), said(page), list(queries)))
    assert [other == heard[0] for other in heard[1:]] == [True] * 3
    with app.app_context():
        assert db.session.query(Invitation).filter(Invitation.uses > 0).count() == 1


def test_after_the_button_what_is_none_is_one_answer(app: Flask, cast: Cast, zoe: Person) -> None:
    heard = []
    with time_machine.travel(now(), tick=False):
        browser = clients.client_of(app, zoe)
        token = browser.token()
        for key, secret in four_secrets(app, cast, zoe).items():
            with counted(app) as queries:
                answer = browser.post("/invitations", data={"csrf_token": token, "word": secret})
            if key == "living":
                assert (answer.status_code, "Transitions au travail" in answer.text) == (200, True)
            else:
                # What was typed comes back.
                status, headers, cookies, body = said(answer)
                assert secret in body
                heard.append(((status, headers, cookies, body.replace(secret, "")), list(queries)))
    assert [other == heard[0] for other in heard] == [True] * 3
    assert heard[0][0][0] == 422


def test_from_a_link_through_the_sign_in_into_the_club(app: Flask, cast: Cast) -> None:
    """The secret crosses the way in, and stands in no address on it."""
    secret, browser = invite(app, cast.dario), clients.visitor(app)
    page = browser.get(f"/invitations/{secret}", follow_redirects=True)
    assert page.page.h1 == "Vous avez une invitation"
    led = browser.post("/invitations", data={"csrf_token": page.page.csrf_token, "kept": "yes"})
    assert led.location == "/sign-in?next=/invitations"
    browser.submit(led.location, {"email": "new@maison.example", "way": "code"})
    with app.app_context():
        jobs.run_due()
    code = Mailbox(app.extensions["settings"].instance).code_for("new@maison.example")
    back = browser.submit("/sign-in/code", {"code": code})
    assert back.location == "/invitations"
    page = browser.get("/invitations")
    shown = browser.post("/invitations", data={"csrf_token": page.page.csrf_token, "kept": "yes"})
    form = shown.page.form("/invitations/accept")
    assert shown.page.h1 == "On vous invite dans le club « Transitions au travail »"
    assert browser.post("/invitations/accept", data={**form.fields, "name": "Zaza"}).status_code == 422
    done = browser.post("/invitations/accept", data={**form.fields, **YES})
    assert done.location == "/clubs/romarin"
    assert browser.get("/clubs/romarin").status_code == 200
    assert browser.get("/invitations").page.h1 == "J’ai une invitation"


def test_on_a_device_of_many_nobody_finds_it_later(app: Flask, cast: Cast) -> None:
    secret, browser = invite(app, cast.dario), clients.visitor(app)
    browser.get(f"/invitations/{secret}")
    with time_machine.travel(now() + timedelta(minutes=21)):
        assert browser.get("/invitations").page.h1 == "J’ai une invitation"
    browser.get(f"/invitations/{secret}")
    browser.send("/invitations", {"forget": "yes"})
    assert browser.get("/invitations").page.h1 == "J’ai une invitation"
    browser.get(f"/invitations/{secret}")
    browser.get("/leave")
    assert browser.get("/invitations").page.h1 == "J’ai une invitation"


def test_a_secret_is_shown_once(app: Flask, cast: Cast) -> None:
    browser = clients.client_of(app, cast.dario)
    made = browser.submit("/clubs/romarin/invitations", {"kind": "link"}, follow_redirects=True)
    links = [e.get("value", "") for e in made.page.all(".//input[@readonly]")]
    assert re.fullmatch(r"http://[^/]+/invitations/[a-z2-7]{26}", links[0])
    assert made.text.count('class="qr"') == 1
    again = browser.get("/clubs/romarin/invitations")
    assert again.page.all(".//input[@readonly]") == []
    assert "Pour une personne. Pas encore utilisée." in again.page.main
    made_one = {"kind": "word", "once": "no", "until": "1w"}
    word = browser.send("/clubs/romarin/invitations", made_one, follow_redirects=True)
    assert re.search(r"\b[a-z]{4}-[a-z]{4}-[a-z]{4}\b", word.text)
    action = next(e.get("action", "") for e in word.page.all(".//form") if e.get("action", "").endswith("/withdraw"))
    gone = browser.post(action, data={"csrf_token": word.page.csrf_token}, follow_redirects=True)
    assert gone.text.count("/withdraw") == 1


def ask_at_the_desk(app: Flask, cast: Cast) -> str:
    return str(clients.client_of(app, cast.denis).submit("/desk/invitations/new", {"club": "romarin"}).location)


def test_the_desk_hands_over_a_word_that_names_no_club(app: Flask, cast: Cast, zoe: Person) -> None:
    asked = ask_at_the_desk(app, cast)
    dario, denis = clients.client_of(app, cast.dario), clients.client_of(app, cast.denis)
    page = dario.get("/clubs/romarin/requests")
    assert "À l’accueil, quelqu’un aimerait être invité" in page.page.main
    assert "Le club n’a pas encore répondu" in denis.get(asked).text
    action = f"/clubs/romarin/invitations/asked/{asked.rsplit('/', 1)[1]}"
    dario.post(action, data={"csrf_token": page.page.csrf_token, "give": "yes"})
    slip = denis.get(asked)
    printed = re.sub(r'<div class="no-print.*?</div>', "", slip.text, flags=re.S).split("<main", 1)[1]
    word = re.search(r"\b[a-z]{4}-[a-z]{4}-[a-z]{4}\b", printed)
    assert word is not None
    assert [name for name in ("Romarin", "romarin", "Transitions", "Dario") if name in printed] == []
    assert [name for name in ("Transitions", "Dario", "Sacha") if name in slip.text + denis.get("/desk").text] == []
    before = denis.get(asked).page.main
    with app.app_context():
        actions.accept_invitation(zoe.actor, word[0], "Zaza", actions.Asker("192.0.2.1"))
    # Whether somebody came is the club's alone.
    assert denis.get(asked).page.main == before
    assert denis.send(f"{asked}/close", on="").location == "/desk"
    assert denis.get(asked).status_code == 404


def test_the_desk_learns_a_no_and_no_more(app: Flask, cast: Cast) -> None:
    asked = ask_at_the_desk(app, cast)
    dario, denis = clients.client_of(app, cast.dario), clients.client_of(app, cast.denis)
    action = f"/clubs/romarin/invitations/asked/{asked.rsplit('/', 1)[1]}"
    dario.send(action, {"give": "no"}, on="")
    assert dario.send(action, {"give": "yes"}, on="").status_code == 404
    assert "Le club dit non" in denis.get(asked).text


def test_a_word_that_is_taken_back_is_a_no_at_the_desk(app: Flask, cast: Cast) -> None:
    asked = ask_at_the_desk(app, cast)
    dario, denis = clients.client_of(app, cast.dario), clients.client_of(app, cast.denis)
    action = f"/clubs/romarin/invitations/asked/{asked.rsplit('/', 1)[1]}"
    dario.send(action, {"give": "yes"}, on="")
    made = dario.get("/clubs/romarin/invitations").page
    back = next(e.get("action", "") for e in made.all(".//form") if e.get("action", "").endswith("/withdraw"))
    dario.post(back, data={"csrf_token": made.csrf_token})
    assert "Le club dit non" in denis.get(asked).text


def test_a_mail_about_the_desk_names_nothing(app: Flask, cast: Cast) -> None:
    ask_at_the_desk(app, cast)
    with app.app_context(), time_machine.travel(now() + timedelta(days=1)):
        jobs.run_due()
    mails = Mailbox(app.extensions["settings"].instance).to("dario@demo.example")
    assert len(mails) == 1
    assert [word for word in ("omarin", "Transitions", "Denis") if word in str(mails[0])] == []


def test_too_many_wrong_tries_are_told_on_the_last_page_too(app: Flask, cast: Cast, zoe: Person) -> None:
    """The club behind a word was not found yet when the tries run out."""
    browser = clients.client_of(app, zoe)
    sent = {"csrf_token": browser.token(), "word": new_id(), **YES}
    for _time in range(actions.TRIES.amount):
        assert browser.post("/invitations/accept", data=sent).status_code == 422
    refused = browser.post("/invitations/accept", data=sent)
    assert (refused.status_code, "Retry-After" in refused.headers) == (429, True)
