"""A kiosk where nobody and where somebody is signed in: what it shows, what it never does, and what it forgets."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.accounts.budgets import SIGN_IN_ADDRESS
from app.accounts.models import LoginSession, Token
from app.core.clock import now
from app.core.db import db
from app.houses.devices.here import cookie_name
from app.messaging import actions as talk
from tests.rules.stage import draft
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.factories import PASSWORD
from tests.support.kiosks import kiosk_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def kiosk(app: Flask, cast: Cast) -> PageClient:
    return kiosk_of(app, cast.denis)


def enter(kiosk: PageClient, cast: Cast) -> PageClient:
    """Amina comes in at the kiosk."""
    fields = {"email": cast.amina.email, "password": PASSWORD, "way": "password"}
    assert kiosk.submit("/sign-in?next=/kiosk", fields).location == "/kiosk"
    return kiosk


def doors(page: Any) -> list[str]:
    """Where the large doors lead, in order."""
    grid = page.all(".//nav[@class='kiosk__grid']")[0]
    return [each.get("href") or each.get("action") for each in grid if each.tag in ("a", "form")]


def body(page: Any) -> dict[str, str]:
    return {name: value for name, value in page.all(".//body")[0].attrib.items() if name.startswith("data-")}


def test_the_first_door_is_what_one_needs(kiosk: PageClient) -> None:
    page = kiosk.get("/kiosk").page
    assert doors(page) == ["/needs", "/", "/sign-in?next=/kiosk", "/rehearsals", "/kiosk/here", "/kiosk/call"]
    assert body(page) == {"data-kiosk": "", "data-idle": "540", "data-left": "60"}


def test_who_is_in_finds_their_own_first(kiosk: PageClient, cast: Cast) -> None:
    page = enter(kiosk, cast).get("/kiosk").page
    assert doors(page) == ["/", "/agenda", "/needs", "/kiosk/here", "/houses/canal/slots", "/kiosk/call"]
    told = body(page)
    assert (told["data-idle"], told["data-left"], told["data-still"]) == ("240", "60", "")


def test_every_page_has_larger_letters_and_the_way_out_that_forgets(kiosk: PageClient, visitor: PageClient) -> None:
    for path in ("/kiosk", "/needs", "/help", "/clubs", "/nowhere"):
        page = kiosk.get(path).page
        assert page.tree.get("data-text") == "l"
        ways = page.all(".//a[@data-leave]")
        assert len(ways) == 1
        assert {each.get("href") for each in ways} == {"/leave"}
        assert [each.get("data-exit") for each in ways] == [None] * len(ways)
        assert {"".join(each.itertext()) for each in ways} == {"J’ai fini, tout effacer"}
        assert visitor.get(path).page.tree.get("data-text") is None


def test_the_way_out_ends_the_session_and_leads_to_the_first_page(app: Flask, kiosk: PageClient, cast: Cast) -> None:
    enter(kiosk, cast)
    kiosk.set_cookie("reading", "m.dark..ar")
    answer = kiosk.get("/leave")
    assert (answer.status_code, answer.location) == (303, "/kiosk")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert kiosk.get_cookie("reading") is None
    with app.app_context():
        assert db.session.scalars(select(LoginSession)).all() == []
    page = kiosk.get("/kiosk").page
    assert (page.h1, page.tree.get("lang")) == ("Bonjour. Que voulez-vous faire ?", "fr")
    # And what was read is not there any more.
    assert kiosk.get("/account").location == "/sign-in?next=/account"


def test_a_session_of_a_kiosk_ends_after_five_quiet_minutes(kiosk: PageClient, cast: Cast) -> None:
    enter(kiosk, cast)
    with time_machine.travel(now(), tick=False) as clock:
        page = kiosk.get("/account").page
        clock.shift(timedelta(minutes=4, seconds=40))
        said = {"X-CSRFToken": page.csrf_token}
        assert kiosk.post("/still-here", headers=said).status_code == 204
        clock.shift(timedelta(minutes=4, seconds=59))
        assert kiosk.get("/api/v1/me", headers={"X-Session": body(page)["data-session"]}).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert kiosk.get("/account").status_code == 303


def test_the_whole_house_may_try_to_enter_at_a_kiosk(app: Flask, kiosk: PageClient, visitor: PageClient) -> None:
    def last_of(client: PageClient) -> int:
        token, status = client.token("/sign-in"), 0
        for number in range(SIGN_IN_ADDRESS.amount + 1):
            fields = {"csrf_token": token, "email": f"n{number}@maison.example", "way": "code"}
            status = client.post("/sign-in", data=fields).status_code
        return status

    assert (last_of(kiosk), last_of(visitor)) == (303, 429)


def test_no_password_can_be_kept_by_the_browser(kiosk: PageClient, visitor: PageClient) -> None:
    fields = {each.get("name"): each for each in kiosk.get("/sign-in").page.all(".//main//input")}
    assert (fields["password"].get("type"), fields["password"].get("autocomplete")) == ("text", "off")
    assert fields["email"].get("autocomplete") == "off"
    assert "shared" not in fields
    elsewhere = {each.get("name"): each for each in visitor.get("/sign-in").page.all(".//main//input")}
    assert (elsewhere["password"].get("type"), elsewhere["shared"].get("checked")) == ("password", "")


def test_a_kiosk_makes_no_key_and_gives_no_file(app: Flask, kiosk: PageClient, cast: Cast) -> None:
    page = enter(kiosk, cast).get("/account").page
    assert [form for form in page.forms() if form.action == "/account/tokens"] == []
    fields = {"csrf_token": page.csrf_token, "label": "À moi"}
    assert kiosk.post("/account/tokens", data=fields).status_code == 403
    asked = {"email": cast.amina.email, "password": PASSWORD}
    assert kiosk.post("/api/v1/tokens", json=asked).status_code == 403
    with app.test_request_context():
        name = cookie_name()
    # Nor does what began on a kiosk, once its cookie was taken elsewhere.
    kiosk.delete_cookie(name)
    assert kiosk.post("/account/tokens", data=fields).status_code == 403
    with app.app_context():
        assert db.session.scalars(select(Token)).all() == []


@pytest.mark.parametrize("kind", ["text/calendar", "application/zip", "text/plain"])
def test_whatever_page_gives_a_file_does_not_on_a_kiosk(
    app: Flask, kiosk: PageClient, visitor: PageClient, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def give_file() -> Any:
        answer = app.response_class("what is in the file", mimetype=kind)
        answer.headers["Content-Disposition"] = "attachment; filename=x"
        answer.direct_passthrough = kind == "application/zip"  # as a file that is sent as it lies on the disk
        return answer

    give_file.is_public = True  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "pages.help", give_file)
    assert (visitor.get("/help").data, kiosk.get("/help").status_code) == (b"what is in the file", 403)
    assert b"what is in the file" not in kiosk.get("/help").data


def test_no_link_leads_out(app: Flask, kiosk: PageClient, visitor: PageClient, cast: Cast) -> None:
    with app.app_context():
        body = "Voir https://exemple.example/page et <b>moi@exemple.example</b>"
        thread = talk.open_thread(cast.bruno.actor, "tilleul", "Un lien", draft(body)).thread.id
    page = enter(kiosk, cast).get(f"/threads/{thread}").page
    assert "https://exemple.example/page" in page.main
    for path in (f"/threads/{thread}", "/help", "/kiosk", "/clubs", "/account"):
        assert [link for link in kiosk.get(path).page.links if ":" in link or link.startswith("//")] == []
    assert [link for link in visitor.get("/help").page.links if link.startswith("tel:")] != []


def test_a_kiosk_shows_its_own_house(app: Flask, cast: Cast) -> None:
    assert kiosk_of(app, cast.elise).get("/kiosk").page.title == "Bienvenue – Maison du Canal"


def test_calling_somebody_rings_on_the_desk_until_they_come(kiosk: PageClient, client_of: Any, cast: Cast) -> None:
    desk = client_of(cast.denis)
    quiet = desk.get("/desk").page.by_id("queue")
    assert quiet is not None
    assert kiosk.send("/kiosk/call", on="/kiosk").location == "/kiosk/call"
    assert kiosk.get("/kiosk/call").page.h1 == "L’équipe est prévenue."
    kiosk.send("/kiosk/call", on="/kiosk")
    block = desk.get("/desk", headers={"X-Fragment": "queue"}).page
    rings = [form for form in block.forms() if form.action.startswith("/houses/canal/calls/")]
    assert len(rings) == 1
    assert client_of(cast.chloe).send(rings[0].action, on="").status_code == 404
    assert desk.send(rings[0].action, on="/desk").location == "/desk"
    assert kiosk.get("/kiosk/call").page.h1 == "Quelqu’un arrive."
    assert [form for form in desk.get("/desk").page.forms() if "/calls/" in form.action] == []


def test_a_call_ends_by_itself_or_when_nobody_is_needed(kiosk: PageClient, client_of: Any, cast: Cast) -> None:
    kiosk.send("/kiosk/call", on="/kiosk")
    with time_machine.travel(now() + timedelta(minutes=15)):
        assert kiosk.get("/kiosk/call").page.h1 == "Personne n’est appelé."
        assert [form for form in client_of(cast.denis).get("/desk").page.forms() if "/calls/" in form.action] == []
        kiosk.send("/kiosk/call", on="/kiosk")
        assert kiosk.get("/kiosk/call").page.h1 == "L’équipe est prévenue."
        assert kiosk.send("/kiosk/call/cancel", on="/kiosk/call").location == "/kiosk"
        assert kiosk.get("/kiosk/call").page.h1 == "Personne n’est appelé."


def test_elsewhere_nobody_is_called(visitor: PageClient, cast: Cast) -> None:
    assert [visitor.get("/kiosk/call").status_code, visitor.send("/kiosk/call", on="").status_code] == [404, 404]
    assert visitor.send("/kiosk/call/cancel", on="").status_code == 404


def test_no_way_leads_out_while_the_database_is_away(
    app: Flask, kiosk: PageClient, visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("", {}, Exception("gone"))

    monkeypatch.setattr(db.session, "execute", away)
    answer = kiosk.get("/kiosk")
    assert (answer.status_code, [link for link in answer.page.links if ":" in link]) == (503, [])
    assert [each.get("data-exit") for each in answer.page.all(".//a[@data-leave]")] == [None]
    assert (kiosk.get("/leave").location, visitor.get("/leave").location) == ("/kiosk", app.config["EXIT_URL"])
