"""Reads of the legal pages: open to all; what is being written, to managers."""

from dataclasses import dataclass

from flask import current_app
from markupsafe import Markup
from sqlalchemy import select

from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.messaging.markdown import to_html
from app.pages.legal.models import CONTACTS, HouseContact, HouseText
from app.pages.legal.policy import can_edit_texts


@dataclass(frozen=True)
class Added:
    """What the house adds to a page. language: the one it is written in, not always the reader's."""

    language: str
    html: Markup


def added_to(page: str, language: str) -> Added | None:
    """The house's words in the reader's language, else in the language of the house; None when it has none."""
    usual = str(current_app.config["DEFAULT_LOCALE"])
    wanted = select(HouseText).where(HouseText.page == page, HouseText.language.in_({language, usual}))
    found = {row.language: row for row in db.session.scalars(wanted)}
    row = found.get(language) or found.get(usual)
    return Added(row.language, drawn(row.body)) if row else None


def drawn(body: str) -> Markup:
    """Safe HTML of what a manager wrote, by the rules of messages."""
    return Markup(to_html(body))  # noqa: S704 cleaned by nh3


def contacts() -> dict[str, str]:
    """Who answers for the site; empty where nothing is said."""
    said = {row.name: row.text for row in db.session.scalars(select(HouseContact))}
    return {name: said.get(name, "") for name in CONTACTS}


def text_for(actor: Actor, page: str, language: str) -> str:
    """What a manager has written so far. Raises NotFound for others."""
    must_edit(actor)
    row = db.session.get(HouseText, (page, language))
    return row.body if row else ""


def written_for(actor: Actor) -> set[tuple[str, str]]:
    """The pages and languages that have words of the house. Raises NotFound for others than managers."""
    must_edit(actor)
    return {(row.page, row.language) for row in db.session.execute(select(HouseText.page, HouseText.language))}


def must_edit(actor: Actor) -> None:
    if not can_edit_texts(actor):
        raise NotFound()
