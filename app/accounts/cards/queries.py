"""Reads of cards: one's own."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.cards.models import Card
from app.accounts.models import Account
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.privacy import declare
from app.core.sealed import keyed_hash

TOLD_FOR = timedelta(days=7)
# An account is made with its first card.
FIRST = timedelta(minutes=1)


def number_key(number: str) -> str:
    """By which a card is found; it tells nothing of the number."""
    return keyed_hash("card-number", number)


def card_for(actor: Actor) -> Card | None:
    """One's own card."""
    return db.session.get(Card, actor.account_id, populate_existing=True)


def printed_again(account_id: str) -> datetime | None:
    """When the desk last printed the card again, for a week: whoever knows its number could have asked for that."""
    row = db.session.execute(
        select(Card.printed_at, Account.created_at)
        .join(Account, Account.id == Card.account_id)
        .where(Card.account_id == account_id, Card.printed_at > now() - TOLD_FOR)
    ).first()
    return row[0] if row is not None and row[0] - row[1] > FIRST else None


def _exported(account_id: str) -> Any:
    """That there is a card, and when it was printed: number and words are known to its paper alone."""
    card = db.session.get(Card, account_id)
    if card is None:
        return None
    return {"printed_on": card.printed_at.date().isoformat(), "blocked": card.blocked_at is not None}


declare("card", "account_id", "the card of the desk that the person comes in with", exports=_exported)
