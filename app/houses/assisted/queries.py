"""Reads of an assisted session: for the browser at the desk that holds its mark, and for nobody else."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.sealed import keyed_hash
from app.houses.assisted.models import Assistance, AssistedAct
from app.houses.assisted.words import WORDS

# The receipt waits for its printer.
RECEIPT = timedelta(hours=1)


@dataclass(frozen=True)
class Receipt:
    """What was done, in order, at minute precision. over: the session has ended."""

    began_at: Any
    lines: list[tuple[Any, Any]]
    over: bool


def mark_key(mark: str) -> str:
    return keyed_hash("assisted", mark)


def assistance_by_mark(mark: str) -> Assistance | None:
    """The session whose receipt this browser may print."""
    if not mark:
        return None
    row = db.session.scalars(select(Assistance).where(Assistance.mark_hash == mark_key(mark))).first()
    return row if row is not None and row.expires_at + RECEIPT > now() else None


def receipt_for(mark: str) -> Receipt:
    """Raises NotFound for a browser that brings no mark, or one that is over."""
    row = assistance_by_mark(mark)
    if row is None:
        raise NotFound()
    acts = db.session.scalars(select(AssistedAct).where(AssistedAct.assistance_id == row.id).order_by(AssistedAct.rank))
    return Receipt(row.began_at, [(act.at, WORDS[act.kind]) for act in acts], is_over(row))


def is_over(row: Assistance) -> bool:
    """Its end was said, or its time has come."""
    return row.ended_at is not None or row.expires_at <= now()


def present_assistance(actor: Actor, *, held: bool = False) -> Assistance | None:
    """The assisted session that somebody is in. held: until the transaction ends, against whoever else holds it."""
    if not actor.assisted_by:
        return None
    session_id = actor.credential.removeprefix("session:")
    query = select(Assistance).where(Assistance.session_id == session_id)
    return db.session.scalars(query.with_for_update() if held else query).first()
