"""A file through the real server: let in where a form takes one, nowhere else, and few at a time."""

import io
import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from playwright.sync_api import expect
from werkzeug.test import create_environ

from app.accounts.entrance import sender_of
from app.core.db import db
from app.houses.shelf.models import ShelfFile
from app.web.bodies import LARGE_BYTES
from app.web.patience import MOST_FILES, MOST_OF_PLACE
from tests.houses.shelf.papers import found_in, paper
from tests.support.browser import Reader
from tests.support.cast import Cast, Person
from tests.support.clients import client_of
from tests.support.process import Server

NEW = "/houses/canal/shelf/new"
HEAD = (
    "POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: session={cookie}\r\n"
    "Content-Type: text/plain\r\nContent-Length: {length}\r\n\r\n"
)


def begun(
    stack: ExitStack, server: Server, path: str, length: int, cookie: str = "", home: str = "127.0.0.1"
) -> socket.socket:
    """A request that says how much it brings, and brings one byte."""
    host = urlsplit(server.url)
    to = (host.hostname, host.port)
    wire = stack.enter_context(socket.create_connection(to, timeout=10, source_address=(home, 0)))
    wire.sendall(HEAD.format(path=path, host=host.netloc, length=length, cookie=cookie).encode() + b"x")
    return wire


def cookie_of(server: Server, person: Person) -> str:
    kept = client_of(server.app, person).get_cookie("session")
    return kept.value if kept else ""


def status(wire: socket.socket) -> int:
    return int(wire.recv(64).split(b" ")[1])


def test_a_file_is_waited_for_where_a_form_takes_one_and_few_at_a_time(server: Server) -> None:
    cookie = cookie_of(server, server.cast.bruno)
    with ExitStack() as stack:
        for number in range(MOST_FILES):
            begun(stack, server, NEW, LARGE_BYTES, cookie, f"127.0.0.{2 + number // MOST_OF_PLACE}")
        assert requests.get(f"{server.url}/healthz", timeout=8).status_code == 200
        assert status(begun(stack, server, "/clubs/tilleul/shelf", LARGE_BYTES, cookie)) == 503
        # Those who bring no more than a form are not asked to wait.
        assert requests.post(f"{server.url}{NEW}", data={"title": "a"}, timeout=8).status_code < 500


def test_of_who_has_not_come_in_no_file_is_read(server: Server) -> None:
    cookie = cookie_of(server, server.cast.denis)
    with ExitStack() as stack:
        wires = [begun(stack, server, NEW, LARGE_BYTES, bad) for bad in ("", f"{cookie}x") * MOST_FILES]
        assert {status(wire) for wire in wires} == {400}
        # Sent whole, it comes as far as the token of its form, which is not there.
        mine = begun(stack, server, NEW, LARGE_BYTES, cookie)
        mine.sendall(b"x" * (LARGE_BYTES - 1))
        assert status(mine) == 400


def test_one_place_keeps_no_other_waiting(server: Server) -> None:
    cookie = cookie_of(server, server.cast.denis)
    with ExitStack() as stack:
        for _number in range(MOST_OF_PLACE):
            begun(stack, server, NEW, LARGE_BYTES, cookie)
        assert status(begun(stack, server, NEW, LARGE_BYTES, cookie)) == 503
        other = begun(stack, server, NEW, LARGE_BYTES, cookie, "127.0.0.2")
        other.sendall(b"x" * (LARGE_BYTES - 1))
        assert status(other) == 400


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_place_is_told_as_the_budgets_of_coming_in_tell_it(app: Flask, cast: Cast) -> None:
    cookie = f"session={getattr(client_of(app, cast.denis).get_cookie('session'), 'value', '')}"
    asked = {**create_environ(NEW, method="POST"), "REMOTE_ADDR": "10.0.0.1", "HTTP_COOKIE": cookie}
    forwarded = {**asked, "HTTP_X_FORWARDED_FOR": "192.0.2.1, 2001:db8:1:2::9"}
    assert [sender_of(app, each) for each in (asked, forwarded)] == ["10.0.0.1"] * 2
    app.extensions["settings"] = replace(app.extensions["settings"], trusted_proxies=1)
    assert sender_of(app, forwarded) == "2001:db8:1:2::/64"
    assert sender_of(app, {**forwarded, "HTTP_COOKIE": "session=e30.none"}) is None
    # Looked at, nothing of it is changed.
    assert forwarded["REMOTE_ADDR"] == "10.0.0.1"


def test_more_is_refused_before_it_is_read(server: Server) -> None:
    with ExitStack() as stack:
        for path, length in (("/sign-in", LARGE_BYTES), (NEW, LARGE_BYTES + 1)):
            wire = begun(stack, server, path, length)
            wire.shutdown(socket.SHUT_WR)
            assert status(wire) >= 400


def test_a_lead_sends_a_pdf_by_a_browser(server: Server, reader: Callable[..., Reader]) -> None:
    page = reader(server.cast.bruno).page
    page.goto("/clubs/tilleul/shelf")
    page.get_by_label("Le titre").fill("Un papier")
    page.get_by_label("À quoi ça sert").fill("Pour commencer.")
    page.get_by_label("Un fichier").set_input_files(
        {"name": "zoe.pdf", "mimeType": "application/pdf", "buffer": paper(2)}
    )
    page.locator("input[name=needs]").first.check()
    page.get_by_role("button", name="Proposer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Voici ce qui sera montré")
    expect(page.locator("main strong")).to_contain_text("PDF, 2 pages")
    with page.expect_download() as told:
        page.get_by_role("button", name="Relire le fichier").click()
    data = told.value.path().read_bytes()
    assert found_in(data) == set()
    page.get_by_role("button", name="Proposer ainsi").click()
    expect(page.get_by_text("C’est proposé.")).to_be_visible()
    with server.app.app_context():
        file = db.session.scalars(db.select(ShelfFile)).one()
        assert (io.BytesIO(file.content).read(), file.loose_since) == (data, None)


def test_a_page_that_chromium_prints_goes_through(server: Server, reader: Callable[..., Reader]) -> None:
    page = reader().page
    page.goto("/help")
    printed = page.pdf()
    assert b"/Title" in printed
    page = reader(server.cast.denis).page
    page.goto("/houses/canal/shelf/new")
    page.get_by_label("Le titre").fill("L’aide")
    page.get_by_label("À quoi ça sert").fill("Pour commencer.")
    page.get_by_label("Un fichier").set_input_files(
        {"name": "x", "mimeType": "application/octet-stream", "buffer": printed}
    )
    page.locator("input[name=needs]").first.check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Voici ce qui sera montré")
