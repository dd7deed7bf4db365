"""Rows for tests. What an action can make should be made by the action; these are for what must stand before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

from app.accounts.addresses import read_address
from app.accounts.cards.actions import Secret, draw_card, give_card
from app.accounts.models import Account, LoginSession, Token
from app.accounts.passwords import hash_password
from app.accounts.queries import session_key, token_key
from app.clubs.models import Club, Membership
from app.clubs.names import name_key
from app.core.clock import now
from app.core.db import db
from app.core.ids import new_id, new_secret
from app.houses.models import House, StaffPost

PASSWORD = "pepiniere-demo"


def add(row: Any) -> Any:
    """Put a row in the present transaction and give it back."""
    db.session.add(row)
    if not db.session.info.get("together"):
        db.session.flush()
    return row


@contextmanager
def together() -> Iterator[None]:
    """Rows made in here are sent at its end, all at once: none may hang on another of them."""
    db.session.info["together"] = True
    try:
        yield
    finally:
        del db.session.info["together"]
    db.session.flush()


def make_house(slug: str = "canal", **values: Any) -> House:
    told: dict[str, Any] = {
        "name": f"Maison du {slug.capitalize()}",
        "timezone": "Europe/Paris",
        "country": "FR",
        "languages": ["fr"],
        "address": "12, quai du Canal",
        "phone": "01 00 00 00 00",
        "hours": [{"days": "Lundi à vendredi", "text": "10 h – 18 h 30"}],
        "open_evenings": [0, 1, 3],
        "evening_until": "20:45",
        "claim_quota": 4,
        "evening_quota": 2,
    }
    return add(House(id=new_id(), slug=slug, **{**told, **values}))


def make_club(slug: str, house: House, door: str = "open", **values: Any) -> Club:
    told: dict[str, Any] = {
        "plant": slug.capitalize(),
        "name": f"Sujet {slug}",
        "sentence": "Une phrase qui dit pour qui.",
        "about": ["Un paragraphe qui dit quoi."],
        "charter": ["Ce qui est dit ici reste ici."],
        "tile": "leaves",
        "hue": "pine",
        "languages": ["fr"],
        "history": "all" if door == "open" else "joining",
    }
    return add(
        Club(id=new_id(), slug=slug, house_id=house.id, door=door, seq=0, created_at=now(), **{**told, **values})
    )


@cache
def _password_hash(password: str) -> str:
    # Once for each process: the hash is slow on purpose.
    return hash_password(password)


def make_account(email: str | None = None, role: str = "member", password: str | None = None, **values: Any) -> Account:
    address = read_address(email) if email else None
    return add(
        Account(
            id=new_id(),
            email_hash=address.key if address else None,
            email_sealed=address.sealed if address else None,
            password_hash=_password_hash(password) if password else None,
            role=role,
            **{"created_at": now(), "seen_on": now(), **values},
        )
    )


def make_post(account: Account, house: House) -> StaffPost:
    return add(StaffPost(account_id=account.id, house_id=house.id))


def make_membership(account: Account, club: Club, name: str, role: str = "member", **values: Any) -> Membership:
    """A membership that began; pass ``began_at=None`` for one that asks."""
    told = {
        "name_key": name_key(name),
        "consent_version": "1",
        "asked_at": now(),
        "began_at": now(),
        "first_seq": 1,
    }
    return add(
        Membership(id=new_id(), club_id=club.id, account_id=account.id, name=name, role=role, **{**told, **values})
    )


def make_session(account_id: str, shared: bool = False, **values: Any) -> tuple[LoginSession, str]:
    """A device let in, and the secret that its cookie holds."""
    secret = new_secret()
    told = {"created_at": now(), "expires_at": now() + timedelta(days=1), "proved_at": now()}
    row = LoginSession(
        id=new_id(), account_id=account_id, secret_hash=session_key(secret), shared=shared, **{**told, **values}
    )
    return add(row), secret


def make_token(account_id: str, label: str = "essai") -> tuple[Token, str]:
    """A key for a program, and its secret."""
    secret = new_secret()
    row = Token(id=new_id(), account_id=account_id, secret_hash=token_key(secret), label=label, created_at=now())
    return add(row), secret


def make_card(account_id: str, **values: Any) -> Secret:
    """A card of the desk: what stands on it (``number``, ``words``)."""
    return give_card(account_id, draw_card(), **values)
