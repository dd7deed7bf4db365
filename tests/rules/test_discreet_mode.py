"""Discreet mode: whatever page somebody opens, no club stands there by its real name or by what it says of itself."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.clubs.models import Club
from app.core.db import db, transaction
from tests.journeys.pages import PAGES, address
from tests.rules.stage import Stage
from tests.support import databases
from tests.support.application import make_app
from tests.support.page import Page

SAID = ("Phrase", "Histoire", "Charte")
# Examples and kinds of clubs that one may found, not clubs.
EXAMPLES = ("/components", "/clubs/found/door")


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    app = make_app(databases.new_database("sqlite"), LIMIT_FACTOR=1000)
    yield Stage(app)
    databases.close(app)


@pytest.fixture(scope="module")
def names(stage: Stage) -> list[str]:
    """Of every club its name, and a sentence, a line and a rule that it alone says."""
    with stage.app.app_context(), transaction():
        clubs = db.session.scalars(select(Club)).all()
        for club in clubs:
            club.sentence, line, rule = (f"{what} de {club.slug}." for what in SAID)
            club.about, club.charter = [line], [rule]
        return [club.name for club in clubs] + [f"{what} de {club.slug}." for club in clubs for what in SAID]


def shown(page: Page, names: list[str]) -> list[str]:
    """The real names and sayings that are on a page, in its words or unseen."""
    return [name for name in names if name in page.html]


def read(stage: Stage, cookie: str) -> Iterator[tuple[str, str, Page]]:
    clients = {role: stage.page_client(role) for role in {role for role, _path in PAGES}}
    for role, path in PAGES:
        if path in EXAMPLES:
            continue
        clients[role].set_cookie("reading", cookie)
        yield role, path, clients[role].get(address(stage, role, path)).page


def test_no_page_shows_a_real_name_or_what_a_club_says_of_itself(stage: Stage, names: list[str]) -> None:
    plain = {(role, path): shown(page, names) for role, path, page in read(stage, "m.auto..fr")}
    assert len([found for found in plain.values() if found]) >= 10
    assert plain["member", "/clubs/tilleul"] == ["45 ans et plus", *(f"{what} de tilleul." for what in SAID)]
    left = [(role, path, shown(page, names)) for role, path, page in read(stage, "m.auto..fr.plants")]
    assert [found for found in left if found[2]] == []


def test_a_club_says_its_plant_name_once(stage: Stage) -> None:
    member = stage.page_client("member")
    for cookie, said in (("m.auto..fr", True), ("m.auto..fr.plants", False)):
        member.set_cookie("reading", cookie)
        assert ("Nom de plante" in member.get("/clubs/tilleul").page.main) == said


def test_the_choice_is_kept_in_the_cookie_of_the_reader(stage: Stage) -> None:
    visitor = stage.page_client("visitor")
    fields = {"text": "l", "theme": "dark", "contrast": "", "discreet": "plants", "next": "/clubs"}
    answer = visitor.send("/reading", fields, on="/clubs")
    assert answer.location == "/clubs"
    kept = visitor.get_cookie("reading")
    assert kept is not None
    assert kept.value == "l.dark...plants"
    page = visitor.get("/clubs").page
    assert (page.form("/reading").fields["discreet"], "Club Tilleul" in page.main) == ("plants", True)
    # Another language keeps it.
    visitor.get("/reading?language=es&next=/clubs")
    assert (visitor.get_cookie("reading") or kept).value == "l.dark..es.plants"
