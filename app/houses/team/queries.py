"""Reads of a house's team: names and masked addresses, for its managers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.accounts.addresses import masked, opened
from app.accounts.models import Account
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.houses.models import House, StaffPost


@dataclass(frozen=True)
class Colleague:
    """Somebody at work in a house, as its managers see them."""

    id: str
    name: str
    address: str
    role: str
    since: datetime

    @property
    def shown(self) -> str:
        """The name, or what is known of the address."""
        return self.name or self.address


def colleagues_in(house: House) -> list[Colleague]:
    """Who works in a house, managers first, then by name."""
    rows = db.session.execute(
        select(Account, StaffPost)
        .join(StaffPost, StaffPost.account_id == Account.id)
        .where(StaffPost.house_id == house.id)
        .order_by(Account.role.desc(), StaffPost.name, Account.id)
    )
    return [_colleague(account, post) for account, post in rows]


def _colleague(account: Account, post: StaffPost) -> Colleague:
    address = masked(opened(account.email_sealed))
    return Colleague(account.id, post.name, address, account.role, post.since or account.created_at)


def colleague_in(house: House, account_id: str) -> tuple[Account, StaffPost]:
    """Somebody at work in a house. Raises NotFound."""
    row = None
    if ID.fullmatch(account_id):
        row = db.session.execute(
            select(Account, StaffPost)
            .join(StaffPost, StaffPost.account_id == Account.id)
            .where(StaffPost.house_id == house.id, Account.id == account_id)
        ).first()
    if row is None:
        raise NotFound()
    return row[0], row[1]


def houses_of(account_id: str) -> list[str]:
    """The ids of the houses that somebody works in."""
    return list(db.session.scalars(select(StaffPost.house_id).where(StaffPost.account_id == account_id)))


def managers_in(house_id: str) -> int:
    """How many managers a house has."""
    counted = (
        select(func.count())
        .select_from(StaffPost)
        .join(Account, Account.id == StaffPost.account_id)
        .where(StaffPost.house_id == house_id, Account.role == "manager")
    )
    return int(db.session.scalar(counted) or 0)
