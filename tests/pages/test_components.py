"""The page of components: every part of the interface is on it, so that none escapes the eyes of test_look."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import jinja2
import pytest
from flask import Flask
from jinja2 import nodes
from jinja2.runtime import Macro

from app.config import ROOT
from tests.support import databases
from tests.support.application import make_app
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.clients import visitor as stranger

COMPONENTS = sorted((ROOT / "app" / "templates" / "components").glob("*.html"))
ELSEWHERE = {"BASE_URL": "https://maison.example", "SMTP_URL": "smtp://localhost:1"}
Part = tuple[str, str]


def written() -> set[Part]:
    """Every macro of the components, with its file."""
    trees = [(path.name, jinja2.Environment().parse(path.read_text())) for path in COMPONENTS]
    return {(name, macro.name) for name, tree in trees for macro in tree.find_all(nodes.Macro)}


@contextmanager
def drawn() -> Iterator[set[Part]]:
    """The macros that are called meanwhile."""
    found: set[Part] = set()

    def look(frame: FrameType, event: str, _arg: object) -> None:
        if event == "call" and frame.f_code is Macro._invoke.__code__:
            macro = frame.f_locals["self"]
            found.add((Path(macro._func.__code__.co_filename).name, macro.name))

    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(None)


def test_every_macro_of_the_components_is_drawn(visitor: PageClient, cast: Cast) -> None:
    with drawn() as found:
        answer = visitor.get("/components")
    assert (answer.status_code, answer.page.h1) == (200, "Composants")
    assert len(COMPONENTS) > 10
    assert written() - found == set()


def test_a_house_that_others_reach_has_no_such_page() -> None:
    app: Flask = make_app(databases.new_database("sqlite"), **ELSEWHERE)
    assert stranger(app).get("/components", base_url=ELSEWHERE["BASE_URL"]).status_code == 404
    databases.close(app)


@pytest.mark.parametrize("path", ["/", "/help", "/clubs"])
def test_no_page_leads_there(visitor: PageClient, cast: Cast, path: str) -> None:
    assert "/components" not in visitor.get(path).page.links
