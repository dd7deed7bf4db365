"""What managers write on the legal pages. Each change is noted in the journal; the words are not."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts.addresses import read_address
from app.config import LOCALES
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction, upsert
from app.core.errors import Invalid, NotFound
from app.houses.journal import note
from app.houses.queries import houses_of_staff
from app.pages.legal.models import CONTACTS, MAX_BODY, MAX_CONTACT, PAGES, HouseContact, HouseText
from app.pages.legal.queries import contacts, must_edit, text_for
from app.web.forms import checked, clean_line


def save_text(actor: Actor, page: str, language: str, body: str) -> None:
    """A manager writes what the house adds to a page, in one language; empty takes it away."""
    must_edit(actor)
    if page not in PAGES or language not in LOCALES:
        raise NotFound()
    text = checked(body, "body", MAX_BODY, lines=True)
    with transaction():
        if text_for(actor, page, language) == text:
            return
        _keep(HouseText, {"page": page, "language": language}, "body", text)
        note("text:changed", actor, house_id=_house_of(actor), page=page, language=language)


def save_contacts(actor: Actor, given: dict[str, str]) -> None:
    """A manager says who answers for the site: publisher, director, e-mail, host."""
    must_edit(actor)
    said = {name: _line(name, given.get(name, "")) for name in CONTACTS}
    if said["email"]:
        read_address(said["email"])
    with transaction():
        if contacts() == said:
            return
        for name, text in said.items():
            _keep(HouseContact, {"name": name}, "text", text)
        note("contact:changed", actor, house_id=_house_of(actor))


def _line(name: str, text: str) -> str:
    line: str = clean_line(text)
    if len(line) > MAX_CONTACT:
        raise Invalid("contact_too_long", _l("C’est trop long : 300 signes au plus."), field=name)
    return line


def _keep(table: Any, key: dict[str, str], column: str, text: str) -> None:
    """Two managers who write at once: the last word stays, and nobody is refused."""
    values = {column: text, "changed_at": now()}
    if text:
        written = upsert(table).values(**key, **values)
        db.session.execute(written.on_conflict_do_update(index_elements=list(key), set_=values))
    else:
        db.session.execute(db.delete(table).filter_by(**key))


def _house_of(actor: Actor) -> str | None:
    return next((house.id for house in houses_of_staff(actor)), None)
