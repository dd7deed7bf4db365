"""What the rights table needs of cards: one's own, and one that opens a new account."""

from collections.abc import Callable
from typing import Any

from app.accounts.cards.models import Card
from app.core.db import db, transaction
from tests.support import factories as make
from tests.support.cast import Person


def prepare(amina: Person) -> dict[str, str]:
    """Amina has a card, and so has somebody without e-mail."""
    with transaction():
        make.make_card(amina.account_id)
        account = make.make_account()
        secret = make.make_card(account.id)
    return {"card": secret.number, "words": " ".join(secret.words)}


def have_card(stage: Any, _client: Any, role: str) -> dict[str, str]:
    """The person has a card of their own."""
    person = stage.people[role]
    with stage.app.app_context(), transaction():
        if person is not None and db.session.get(Card, person.account_id) is None:
            make.make_card(person.account_id)
    return {}


def offered(_stage: Any, client: Any, _role: str) -> dict[str, str]:
    """Somebody of the team has turned the screen; for others nothing comes of it."""
    client.send("/desk/assisted", on="")
    return {}


def helped(stage: Any, client: Any, role: str) -> dict[str, str]:
    """Behind it somebody has come in with their card."""
    offered(stage, client, role)
    client.send("/assisted", {"card": stage.known["card"], "words": stage.known["words"]}, on="")
    return {}


FIRST: dict[str, Callable[[Any, Any, str], dict[str, str]]] = {
    "have_card": have_card,
    "offered": offered,
    "helped": helped,
}
