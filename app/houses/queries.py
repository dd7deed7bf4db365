"""Reads of houses: public, all of them."""

from sqlalchemy import select

from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.houses.models import House, StaffPost


def list_houses() -> list[House]:
    """Every house, the main one first."""
    return list(db.session.scalars(select(House).order_by(House.position, House.slug)))


def main_house() -> House | None:
    """The house whose name stands at the top of the pages; None in an empty installation."""
    return db.session.scalars(select(House).order_by(House.position, House.slug).limit(1)).first()


def house_by_slug(slug: str) -> House:
    """Raises NotFound."""
    house = db.session.scalars(select(House).where(House.slug == slug)).first()
    if house is None:
        raise NotFound()
    return house


def houses_of_staff(actor: Actor) -> list[House]:
    """Where somebody of the team works, the main house first; nowhere for others."""
    posts = select(StaffPost.house_id).where(StaffPost.account_id == actor.account_id)
    return list(db.session.scalars(select(House).where(House.id.in_(posts)).order_by(House.position, House.slug)))
