"""How the reader sets the page: one cookie, applied by the server, that leads nowhere else."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale, ngettext

from app.core import realtime
from tests.support import clients
from tests.support.cast import Cast
from tests.support.clients import PageClient

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def root_of(client: PageClient, **kwargs: Any) -> dict[str, str]:
    page = client.get("/sign-in", **kwargs).page
    return {name: page.tree.get(name) for name in ("lang", "dir", "data-text", "data-theme", "data-contrast")}


PLAIN = {"lang": "fr", "dir": "ltr", "data-text": None, "data-theme": None, "data-contrast": None}


def test_without_a_cookie_the_house_speaks(visitor: PageClient) -> None:
    assert root_of(visitor) == PLAIN


def test_without_a_cookie_the_browser_is_heard(visitor: PageClient) -> None:
    assert root_of(visitor, headers={"Accept-Language": "pt-BR,pt;q=0.9,en;q=0.5"}) == {**PLAIN, "lang": "pt"}
    assert root_of(visitor, headers={"Accept-Language": "de"}) == PLAIN


def test_only_the_first_wishes_of_a_browser_are_heard(visitor: PageClient) -> None:
    """Thirty thousand of them, compared one by one, would hold the loop for everybody."""
    assert root_of(visitor, headers={"Accept-Language": "es," + "de," * 20_000}) == {**PLAIN, "lang": "es"}
    assert root_of(visitor, headers={"Accept-Language": "de," * 20_000 + "es"}) == PLAIN


def test_the_choices_are_applied_by_the_server(visitor: PageClient) -> None:
    visitor.set_cookie("reading", "xl.dark.more.ar")
    told = {"lang": "ar", "dir": "rtl", "data-text": "xl", "data-theme": "dark", "data-contrast": "more"}
    assert root_of(visitor) == told


@pytest.mark.parametrize("kept", ["", "...", "xl", "m.auto..zz", "<b>.dark.<x>.fr'", "m.auto..fr.m", "\x00.é"])
def test_a_strange_cookie_changes_nothing_or_what_it_may(visitor: PageClient, kept: str) -> None:
    visitor.set_cookie("reading", kept)
    told = root_of(visitor)
    assert (told["lang"], told["data-text"]) == ("fr", None)


def test_the_menu_keeps_the_choice_and_comes_back(visitor: PageClient) -> None:
    answer = visitor.submit("/sign-in", {"text": "l", "theme": "dark", "contrast": "more"}, action="/reading")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert visitor.get_cookie("reading").value == "l.dark.more."


def test_a_language_is_a_plain_link_that_keeps_the_rest(visitor: PageClient) -> None:
    visitor.set_cookie("reading", "l.dark.more.fr")
    (link,) = [link for link in visitor.get("/sign-in").page.links if link.startswith("/reading?language=ar")]
    assert visitor.get(link).headers["Location"] == "/sign-in"
    assert visitor.get_cookie("reading").value == "l.dark.more.ar"


@pytest.mark.parametrize(
    "target",
    ["https://else.example/", "//else.example", "/\\else.example", "\\\\else.example", "javascript:x", "/a\r\nb"],
)
def test_the_way_back_never_leads_outside(visitor: PageClient, target: str) -> None:
    answer = visitor.get("/reading", query_string={"language": "es", "next": target})
    assert answer.headers["Location"] == "/"


def test_the_cookie_stays_on_a_personal_device_only(
    visitor: PageClient, client_of: Callable[..., Any], cast: Cast
) -> None:
    for client, lasting in (
        (visitor, False),
        (client_of(cast.amina, shared=True), False),
        (client_of(cast.amina), True),
    ):
        (line,) = [
            each
            for each in client.get("/reading?language=es").headers.getlist("Set-Cookie")
            if each.startswith("reading")
        ]
        assert ("Max-Age=31536000" in line) is lasting


def back_links(client: PageClient, path: str) -> set[str]:
    page = client.get(path).page
    links = [link for link in page.links if link.startswith("/reading?language=")]
    (hidden,) = page.all(".//form[@action='/reading']//input[@name='next']")
    return {client.get(link).headers["Location"] for link in links} | {hidden.get("value")}


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/clubs?show=online", "/clubs?show=online"),
        ("/clubs?show=Club+Romarin", "/clubs"),
        ("/clubs?q=Club+Romarin", "/clubs"),
        ("/?q=Club+Romarin&show=online", "/"),
    ],
)
def test_a_page_repeats_nothing_of_its_address_that_it_does_not_know(
    client_of: Callable[..., Any], cast: Cast, path: str, back: str
) -> None:
    assert back_links(client_of(cast.amina), path) == {back}


def test_the_way_in_remembers_where_one_goes(visitor: PageClient) -> None:
    assert back_links(visitor, "/sign-in?next=/agenda") == {"/sign-in?next=%2Fagenda"}


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        ("fr", "Cette page n’existe pas, ou elle n’est pas pour vous."),
        ("en", "This page does not exist, or it is not for you."),
    ],
)
def test_a_socket_is_refused_in_the_language_of_its_browser(app: Flask, cast: Cast, said: str, detail: str) -> None:
    secret = clients.api_of(app, cast.amina).secret
    socket = realtime.socketio.test_client(app, headers={"Accept-Language": said}, auth={"token": secret})
    told = socket.emit("club:watch", {"club": "nulle-part"}, callback=True)
    assert (told["problem"]["code"], told["problem"]["detail"]) == ("not_found", detail)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", ["0 message", "1 message", "2 messages"]),
        ("en", ["0 messages written", "1 message written", "2 messages written"]),
    ],
)
def test_nought_of_a_thing_is_counted_as_the_language_does(app: Flask, language: str, said: list[str]) -> None:
    with app.test_request_context(), force_locale(language):
        assert [ngettext("%(num)s message", "%(num)s messages", number) for number in range(3)] == said
        written = app.jinja_env.from_string("{{ ngettext('%(num)s message', '%(num)s messages', n) }}")
        assert [written.render(n=number) for number in range(3)] == said
