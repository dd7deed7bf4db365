"""Verbs of houses: who works there."""

from app.accounts.actions import make_staff
from app.core.db import db, transaction
from app.houses.models import StaffPost
from app.houses.queries import house_by_slug


def create_staff(email: str, house: str, role: str) -> str:
    """Make a staff account, or give one another house; returns its id.

    A staff account belongs to no club: an address that a member uses is refused (Taken). Raises Invalid, NotFound.
    """
    with transaction():
        place = house_by_slug(house)
        account_id = make_staff(email, role)
        if db.session.get(StaffPost, (account_id, place.id)) is None:
            db.session.add(StaffPost(account_id=account_id, house_id=place.id))
    return account_id
