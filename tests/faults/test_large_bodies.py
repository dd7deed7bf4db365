"""A file through the real server: let in where a form takes one, nowhere else, and few at a time."""

import io
import socket
from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import urlsplit

import requests
from playwright.sync_api import expect

from app.core.db import db
from app.houses.shelf.models import ShelfFile
from app.web.bodies import LARGE_BYTES
from app.web.patience import MOST_FILES
from tests.houses.shelf.papers import found_in, paper
from tests.support.browser import Reader
from tests.support.process import Server

HEAD = "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n"


def begun(stack: ExitStack, server: Server, path: str, length: int) -> socket.socket:
    """A request that says how much it brings, and brings one byte."""
    host = urlsplit(server.url)
    wire = stack.enter_context(socket.create_connection((host.hostname, host.port), timeout=10))
    wire.sendall(HEAD.format(path=path, host=host.netloc, length=length).encode() + b"x")
    return wire


def status(wire: socket.socket) -> int:
    return int(wire.recv(64).split(b" ")[1])


def test_a_file_is_waited_for_where_a_form_takes_one_and_few_at_a_time(server: Server) -> None:
    with ExitStack() as stack:
        for _number in range(MOST_FILES):
            begun(stack, server, "/houses/canal/shelf/new", LARGE_BYTES)
        assert requests.get(f"{server.url}/healthz", timeout=8).status_code == 200
        assert status(begun(stack, server, "/clubs/tilleul/shelf", LARGE_BYTES)) == 503
        # Those who bring no more than a form are not asked to wait.
        assert requests.post(f"{server.url}/houses/canal/shelf/new", data={"title": "a"}, timeout=8).status_code < 500


def test_more_is_refused_before_it_is_read(server: Server) -> None:
    with ExitStack() as stack:
        for path, length in (("/sign-in", LARGE_BYTES), ("/houses/canal/shelf/new", LARGE_BYTES + 1)):
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
