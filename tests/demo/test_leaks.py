"""Nothing outside gives a discreet club of the demo away: not its words, not its sign, on no page and in no answer."""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clubs.models import Club, Membership
from app.core.clock import now
from app.core.db import db
from app.demo.load import FOLDER
from app.messaging.models import Thread
from app.rooms.models import Claim
from tests.support import clients
from tests.support.cast import Person

ENGINES = ["sqlite"]
TEMPLATES = FOLDER.parent / "templates"
TILE = re.compile(r'data-hue="(\w+)"[^>]*><use href="[^"#]*#(\w+)"')
DISCREET = ("romarin", "saule", "mimosa")
MARKS_OF_A_CLUB = 60
OUTSIDE_ANSWERS = 100


def told(slug: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / "clubs" / f"{slug}.toml").read_text(encoding="utf-8"))


def words_in(value: Any) -> Iterator[str]:
    """Every text of a club's file, its keys for people left out."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from () if key in KEYS else words_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from words_in(part)
    elif isinstance(value, str):
        yield max(re.findall(r"[\w’ ,]+", value), key=len, default="").strip(" ,")


KEYS = {"person", "by", "opened_by", "role", "door", "house", "tile", "hue", "room", "slot", "languages", "format"}
KEYS |= {"history", "word", "at", "answer", "size"}


def marks(slug: str) -> set[str]:
    """What only this club says, whole sentences and names, and what it is called in an address."""
    files = [path for path in FOLDER.rglob("*.toml") if path.stem not in DISCREET] + list(TEMPLATES.rglob("*.html"))
    everything = [path.read_text(encoding="utf-8") for path in files]
    own = {word for word in words_in(told(slug)) if len(word) > 3}
    return {word for word in own if not any(word in text for text in everything)}


def signs() -> set[tuple[str, str]]:
    return {(told(slug)["hue"], told(slug)["tile"]) for slug in DISCREET}


def found(words: set[str], text: str) -> set[str]:
    return {word for word in words if word in text and re.search(rf"\b{re.escape(word)}\b", text)}


def browser_of(demo: Flask, account_id: str) -> Any:
    """Somebody's browser. Whether the pages are well made is for other tests: there are too many of them here."""
    known = clients.client_of(demo, Person("", account_id, ""))
    browser = demo.test_client()
    browser.set_cookie("session", known.get_cookie("session").value)
    return browser


def read(browser: Any, paths: list[str]) -> list[str]:
    return [said(browser.get(path, follow_redirects=True)) for path in paths]


def said(answer: Any) -> str:
    """JSON is written without its escapes, so that one search finds a word on a page and in an answer."""
    return json.dumps(answer.json, ensure_ascii=False) if "json" in answer.mimetype else answer.get_data(as_text=True)


def inside_of(demo: Flask, slug: str) -> str:
    """Every page of a club, as its first lead reads it."""
    with demo.app_context():
        club = db.session.scalars(select(Club).where(Club.slug == slug)).one()
        lead = select(Membership.account_id).where(Membership.club_id == club.id, Membership.role == "lead")
        account_id = db.session.scalars(lead.order_by(Membership.began_at)).first()
        threads = db.session.scalars(select(Thread.id).where(Thread.club_id == club.id)).all()
        claims = db.session.scalars(select(Claim.id).where(Claim.club_id == club.id)).all()
    paths = [f"/clubs/{slug}", f"/clubs/{slug}/members", *(f"/threads/{each}" for each in threads)]
    return "\n".join(read(browser_of(demo, str(account_id)), paths + [f"/meetings/{each}" for each in claims]))


@pytest.mark.parametrize("demo", ENGINES, indirect=True)
@pytest.mark.parametrize("slug", DISCREET)
def test_the_marks_are_there_inside(demo: Flask, slug: str) -> None:
    text, wanted = inside_of(demo, slug), marks(slug)
    seen = found(wanted, text)
    assert len(wanted) >= MARKS_OF_A_CLUB // 2
    assert len(seen) >= len(wanted) * 0.9, wanted - seen
    assert {told(slug)["name"], told(slug)["plant"], slug} & wanted <= seen
    assert (told(slug)["hue"], told(slug)["tile"]) in TILE.findall(text)


def outside(demo: Flask, reader: str | None) -> list[str]:
    """Every public page and answer, and the pages of a member of another club."""
    with demo.app_context():
        slugs = db.session.scalars(select(Club.slug)).all()
        claims = db.session.scalars(select(Claim.id)).all()
        account_id = None
        if reader:
            of_reader = select(Membership.account_id).join(Club).where(Club.slug == reader, Membership.role == "lead")
            account_id = db.session.scalars(of_reader.order_by(Membership.began_at)).first()
    weeks = [f"{now() + timedelta(weeks=number):%G-W%V}" for number in range(-3, 11)]
    paths = ["/", "/help", "/clubs", "/sign-in", "/agenda", "/account", "/nowhere"]
    paths += [f"/clubs/{slug}" for slug in slugs if slug not in DISCREET]
    paths += [f"/houses/{house}/slots?week={week}" for house in ("canal", "port") for week in weeks]
    paths += [f"/meetings/{claim}" for claim in claims]
    paths += ["/api/v1/clubs?limit=100", "/api/v1/houses", "/api/v1/openapi.json"]
    browser = browser_of(demo, str(account_id)) if account_id else demo.test_client()
    return read(browser, paths) + slots_said(browser)


def slots_said(browser: Any) -> list[str]:
    pages = []
    for house in ("canal", "port"):
        day, cursor = now().date() - timedelta(weeks=3), ""
        while cursor is not None:
            asked = f"/api/v1/houses/{house}/slots?from={day}&to={day + timedelta(days=90)}&limit=100{cursor}"
            answer = browser.get(asked)
            pages.append(said(answer))
            more = answer.json["next_cursor"]
            cursor = more and f"&cursor={more}"
    return pages


@pytest.mark.parametrize("demo", ENGINES, indirect=True)
@pytest.mark.parametrize("reader", [None, "glycine"], ids=["visitor", "the outsider"])
def test_nothing_gives_a_discreet_club_away(demo: Flask, reader: str | None) -> None:
    answers = outside(demo, reader)
    assert len(answers) >= OUTSIDE_ANSWERS
    text = "\n".join(answers)
    wanted = set().union(*(marks(slug) for slug in DISCREET))
    assert len(wanted) >= 3 * MARKS_OF_A_CLUB // 2
    assert found(wanted, text) == set()
    assert signs() & set(TILE.findall(text)) == set()
    clubs = demo.test_client().get("/api/v1/clubs?limit=100").json["items"]
    assert (len(clubs), signs() & {(club["hue"], club["tile"]) for club in clubs}) == (9, set())
