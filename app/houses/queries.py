"""Reads of houses: public, all of them but the one that is nobody’s (see ``messaging.canary``)."""

from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.passwords import house_words
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.houses.models import House, StaffPost

# No house that people make can have such a slug.
SERVICE = "~service"
OF_PEOPLE = House.slug != SERVICE


def list_houses() -> list[House]:
    """Every house, the main one first."""
    return list(db.session.scalars(select(House).where(OF_PEOPLE).order_by(House.position, House.slug)))


def main_house() -> House | None:
    """The house whose name stands at the top of the pages; None in an empty installation."""
    return db.session.scalars(select(House).where(OF_PEOPLE).order_by(House.position, House.slug).limit(1)).first()


def house_by_slug(slug: str) -> House:
    """Raises NotFound."""
    house = db.session.scalars(select(House).where(House.slug == slug, OF_PEOPLE)).first()
    if house is None:
        raise NotFound()
    return house


def houses_of_staff(actor: Actor) -> list[House]:
    """Where somebody of the team works, the main house first; nowhere for others."""
    posts = select(StaffPost.house_id).where(StaffPost.account_id == actor.account_id)
    return list(db.session.scalars(select(House).where(House.id.in_(posts)).order_by(House.position, House.slug)))


def first_house_of_staff(actor: Actor) -> str | None:
    """The id of the house that stands in the journal for what is done at the desk."""
    return next((house.id for house in houses_of_staff(actor)), None)


def house_of_staff(actor: Actor, slug: str) -> House:
    """A house, for who works there. Raises NotFound for everybody else."""
    posts = select(StaffPost.house_id).where(StaffPost.account_id == actor.account_id)
    house = db.session.scalars(select(House).where(House.slug == slug, House.id.in_(posts))).first()
    if house is None or not actor.is_staff:
        raise NotFound()
    return house


def staff_name(account_id: str) -> str:
    """How the team and the clubs call somebody of the team; empty when they chose no name."""
    named = select(StaffPost.name).where(StaffPost.account_id == account_id, StaffPost.name != "").limit(1)
    return db.session.scalar(named) or ""


def team_of(house_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Who works in some houses: ``(account, name)``, each once, by name."""
    posts = select(StaffPost.account_id, StaffPost.name).where(StaffPost.house_id.in_(house_ids))
    found = {row.account_id: (row.account_id, row.name) for row in db.session.execute(posts)}
    return sorted(found.values(), key=lambda one: (one[1], one[0]))


def _words_of_houses() -> list[str]:
    """What every house says of itself on its page: who guesses a password reads it too."""
    told = db.session.execute(select(House.name, House.slug, House.address).where(OF_PEOPLE))
    return [text for row in told for text in row]


house_words.append(_words_of_houses)
