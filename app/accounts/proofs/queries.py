"""Reads of proofs. This module knows no account: the reads of accounts stand on it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select

from app.accounts.proofs.models import OneTimeNumber, Passkey, RescueCode
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotFound


@dataclass(frozen=True)
class Held:
    """What an account can prove itself with. rescue: how many printed codes are left."""

    passkeys: list[Passkey]
    number: OneTimeNumber | None
    rescue: int

    @property
    def strong(self) -> int:
        """How many proofs it has; printed codes only help to use another again."""
        return len(self.passkeys) + (self.number is not None)


def has_proof(account_id: Any) -> ColumnElement[bool]:
    """Does the account (a value or a column) have a passkey or an app of numbers?"""
    by_number = exists().where(OneTimeNumber.account_id == account_id)
    return or_(exists().where(Passkey.account_id == account_id), by_number)


def held_by(account_id: str) -> Held:
    """Everything that an account can prove itself with."""
    order = (Passkey.created_on, Passkey.id)
    passkeys = list(db.session.scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(*order)))
    counted = select(func.count()).select_from(RescueCode).where(RescueCode.account_id == account_id)
    rescue = int(db.session.scalar(counted) or 0)
    return Held(passkeys, db.session.get(OneTimeNumber, account_id, populate_existing=True), rescue)


def passkey_for(actor: Actor, passkey_id: str) -> Passkey:
    """One's own passkey. Raises NotFound."""
    found = db.session.get(Passkey, passkey_id)
    if found is None or found.account_id != actor.account_id:
        raise NotFound()
    return found
