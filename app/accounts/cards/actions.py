"""Verbs of cards. Known and unknown numbers take the same path: the same statements, one hash, the same words."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.actions import Entry, begin_session, end_everything, end_other_sessions, end_present
from app.accounts.budgets import Asker, try_card
from app.accounts.cards.models import TRIES, Card
from app.accounts.cards.numbers import new_number, read_number
from app.accounts.cards.queries import number_key
from app.accounts.cards.words import folded, new_words
from app.accounts.models import Account
from app.accounts.passages import note_passage
from app.accounts.passwords import hash_password, verify_password
from app.accounts.queries import may_enter
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.ids import new_id

DRAWS = 5


class WrongCard(DomainError):
    """The same for wrong words, an unknown number, and a card that is locked or blocked."""

    status, code = 401, "wrong_card"
    detail = _l(
        "Ce numéro et ces mots ne vont pas ensemble. Après cinq essais, une carte ne marche plus : "
        "l’accueil l’imprime de nouveau."
    )


@dataclass(frozen=True)
class Secret:
    """What stands on a card. It is drawn and hashed before the database is asked for anything, and shown once."""

    number: str
    words: list[str]
    words_hash: str


@dataclass(frozen=True)
class Proved:
    """A card whose words were right."""

    account_id: str
    number_key: str
    words_hash: str


def draw_card(number: str = "") -> Secret:
    """Three new words, for a new number or for the one of a card that is printed again."""
    words = new_words()
    return Secret(number or new_number(), words, hash_password(folded("".join(words))))


def give_card(account_id: str, secret: Secret, *, once: bool = False) -> Secret:
    """Write a card down, inside the present transaction; a number that is taken is drawn again."""
    for _ in range(DRAWS):
        card = Card(
            account_id=account_id,
            number_hash=number_key(secret.number),
            words_hash=secret.words_hash,
            tries_left=TRIES,
            once=once,
            printed_at=now(),
        )
        try:
            with db.session.begin_nested():
                db.session.add(card)
            return secret
        except IntegrityError:
            secret = Secret(new_number(), secret.words, secret.words_hash)
    raise DomainError("no_free_number", status=503)


def give_first_card(account_id: str, secret: Secret) -> Secret:
    """A card that lets somebody of the team in once, where no mail does; one of before goes."""
    forget_card(account_id)
    return give_card(account_id, secret, once=True)


def make_account(secret: Secret) -> tuple[str, Secret]:
    """An account with a card and nothing else, inside the present transaction: its id, and what to print."""
    account = Account(id=new_id(), role="member", created_at=now())
    db.session.add(account)
    db.session.flush()
    return account.id, give_card(account.id, secret)


def renew_card(secret: Secret) -> str:
    """Print a card again, inside the present transaction: new words; the old ones and what they opened end.

    Returns the account. Raises NotFound for a number that no card has.
    """
    card = db.session.scalars(
        select(Card).where(Card.number_hash == number_key(secret.number)).with_for_update()
    ).first()
    if card is None or card.once:
        raise NotFound()
    card.words_hash, card.tries_left, card.blocked_at, card.printed_at = secret.words_hash, TRIES, None, now()
    end_everything(card.account_id)
    note_passage(card.account_id, "out", "reprint")
    return card.account_id


def prove_card(number: str, words: str, asker: Asker) -> Proved:
    """Whose card this is. A try counts before it is looked at, and is given back when it was right.

    Raises Invalid for what is no number, WrongCard, TooMany.
    """
    key = number_key(read_number(number))
    attempt = try_card(key, asker)
    with transaction():
        row = db.session.execute(
            update(Card)
            .where(Card.number_hash == key, Card.tries_left > 0, Card.blocked_at.is_(None))
            .where(Card.account_id.in_(select(Account.id).where(Account.locked_at.is_(None))))
            .values(tries_left=Card.tries_left - 1)
            .returning(Card.account_id, Card.words_hash),
            execution_options={"synchronize_session": False},
        ).first()
    right = verify_password(row[1] if row else None, folded(words))
    if row is None or not right:
        raise WrongCard()
    attempt.was_right()
    return Proved(str(row[0]), key, row[1])


def sign_in_by_card(
    number: str,
    words: str,
    asker: Asker,
    *,
    shared: bool,
    instead_of: Actor | None = None,
) -> tuple[Entry, bool]:
    """Come in with a card; a session that this browser already had ends. Says whether the card served once only.

    Raises Invalid, WrongCard, TooMany.
    """
    proved = prove_card(number, words, asker)
    with transaction():
        account, once = take_card(proved)
        end_present(instead_of)
        return begin_session(account, shared, asker.device, way="card", known_by=proved.number_key), once


def take_card(proved: Proved) -> tuple[Account, bool]:
    """The account of a card that was just proved, inside the present transaction; the card has all its tries again.

    A card for once is gone. Raises WrongCard when something happened meanwhile.
    """
    card = db.session.get(Card, proved.account_id, with_for_update=True)
    account = db.session.get(Account, proved.account_id)
    # Printed again while the words were looked at, it has others: what these open has just been ended.
    same = card is not None and (card.number_hash, card.words_hash) == (
        proved.number_key,
        proved.words_hash,
    )
    still = card is not None and same and card.blocked_at is None
    if card is None or account is None or not still or account.locked_at is not None or not may_enter(account.demo):
        raise WrongCard()
    card.tries_left = TRIES
    if card.once:
        db.session.delete(card)
    return account, card.once


def block_card(actor: Actor) -> None:
    """The person blocks their own card; the sessions opened elsewhere end. Twice changes nothing. Raises NotFound."""
    with transaction():
        card = db.session.get(Card, actor.account_id, with_for_update=True)
        if card is None:
            raise NotFound()
        if card.blocked_at is None:
            card.blocked_at = now()
        end_other_sessions(actor)


def forget_card(account_id: str) -> None:
    """Who leaves the team keeps no card, inside the present transaction."""
    db.session.execute(delete(Card).where(Card.account_id == account_id))
