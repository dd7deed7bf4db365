"""Static files: an address for each version, kept for ever; an old address still works but is asked for again."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Flask

from app.web.assets import asset_url
from tests.support.cast import Cast
from tests.support.clients import PageClient

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def address(app: Flask) -> str:
    with app.app_context():
        return asset_url("css/style.css")


def test_a_file_of_this_version_is_kept_for_ever(visitor: PageClient, address: str) -> None:
    answer = visitor.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_file_of_another_version_is_asked_for_again(visitor: PageClient) -> None:
    answer = visitor.get("/static/000000000000/css/style.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_a_file_comes_in_the_best_encoding(visitor: PageClient, address: str) -> None:
    plain = visitor.get(address).data
    packed = {
        how: visitor.get(address, headers={"Accept-Encoding": how}).data for how in ("gzip", "br", "gzip, deflate, br")
    }
    assert gzip.decompress(packed["gzip"]) == brotli.decompress(packed["br"]) == plain
    assert packed["gzip, deflate, br"] == packed["br"]


def test_scripts_go_out_without_their_comments_and_those_of_others_as_they_are(app: Flask, visitor: PageClient) -> None:
    folder = Path(app.root_path) / "static"
    own, vendored = "js/live/draw.js", "vendor/idiomorph.esm.js"
    with app.app_context():
        addresses = {path: asset_url(path) for path in (own, vendored)}
    sent = {path: visitor.get(address).data for path, address in addresses.items()}
    assert sent[vendored] == (folder / vendored).read_bytes()
    assert b"\n// " in (folder / own).read_bytes()
    assert b"// " not in sent[own]


def test_styles_go_out_without_their_comments(app: Flask, visitor: PageClient) -> None:
    style = Path(app.root_path) / "static" / "css" / "style.css"
    with app.app_context():
        address = asset_url("css/style.css")
    sent = visitor.get(address).get_data(as_text=True)
    plain = style.read_text()
    assert plain.count("/*") == plain.count("*/") > 50
    assert ("/*" in sent, "*/" in sent) == (False, False)
    assert sent.count("{") == sum(part.partition("*/")[2].count("{") for part in f"*/{plain}".split("/*"))


def test_a_file_asks_nobody_who_they_are(
    client_of: Callable[..., Any], cast: Cast, queries: Callable[[], Any], address: str
) -> None:
    client = client_of(cast.amina)
    with queries() as asked:
        answer = client.get(address)
    assert (asked, answer.headers.getlist("Set-Cookie")) == ([], [])


@pytest.mark.parametrize("path", ["css/none.css", "../config.py", "%2e%2e/config.py", ""])
def test_nothing_else_is_served(visitor: PageClient, path: str) -> None:
    assert visitor.get(f"/static/000000000000/{path}").status_code == 404


def test_an_address_in_a_template_that_leads_nowhere_breaks_at_once(app: Flask) -> None:
    with app.app_context(), pytest.raises(KeyError):
        asset_url("css/none.css")
