"""The three words prove again who somebody is, as a password does."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts.budgets import Asker, knows
from app.accounts.cards.models import Card
from app.accounts.cards.queries import card_for
from app.accounts.cards.words import folded
from app.accounts.models import Account
from app.accounts.proofs.fresh import Kind
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import Invalid


def has_working_card(account: Account) -> bool:
    """Is there a card, neither blocked nor for once?"""
    card = db.session.get(Card, account.id)
    return card is not None and card.blocked_at is None and not card.once


def check_words(actor: Actor, given: Mapping[str, Any], _asker: Asker) -> None:
    """Raises Invalid, TooMany. A wrong try here does not lock the card: the person is in already."""
    card = card_for(actor)
    stored = card.words_hash if card is not None and card.blocked_at is None else None
    db.session.rollback()
    if not knows(actor.account_id, stored, folded(str(given["words"]))):
        raise Invalid("wrong_words", _l("Ce ne sont pas les mots de votre carte."), field="words")


BY_CARD = Kind("words", "cards/_prove_by_card.html", has_working_card, check_words)
