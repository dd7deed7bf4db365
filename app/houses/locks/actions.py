"""Verbs of managers about accounts that must let nobody in. Known and unknown take the same path."""

from datetime import datetime

from sqlalchemy import Select, select, update

from app.accounts.actions import end_everything
from app.accounts.addresses import read_address
from app.accounts.cards.models import Card
from app.accounts.cards.numbers import read_number
from app.accounts.cards.queries import number_key
from app.accounts.models import Account
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, NotFound
from app.core.ids import new_id
from app.core.limits import Window, spend
from app.houses.journal import note
from app.houses.locks.policy import can_lock_account
from app.houses.queries import first_house_of_staff

# Each is a line of the journal that stays.
LOCKS = Window("lock-account", 20, 60)


def open_locks(actor: Actor) -> None:
    """Raises NotFound for who is not of the team, NotAllowed for who does not manage."""
    if can_lock_account(actor):
        return
    if not actor.is_staff:
        raise NotFound()
    raise NotAllowed("not_a_manager")


def lock_account(actor: Actor, typed: str) -> None:
    """Nothing lets in any more: sessions, keys and sockets end at once. What was asked for, and for nobody alike.

    Raises Invalid for what is neither an address nor a number, TooMany.
    """
    _set_lock(actor, typed, now())


def unlock_account(actor: Actor, typed: str) -> None:
    """The ways in work again. Raises Invalid, TooMany."""
    _set_lock(actor, typed, None)


def _set_lock(actor: Actor, typed: str, locked_at: datetime | None) -> None:
    open_locks(actor)
    wanted = _wanted(typed)
    spend(LOCKS, actor.account_id)
    with transaction():
        # Where there is none, the same is done to an account that cannot be: same statements, same journal.
        # Who works in the team is taken out of it on the page of the team, which keeps a manager in every house.
        account_id = db.session.scalar(wanted.where(Account.role == "member")) or new_id()
        db.session.execute(
            update(Account).where(Account.id == account_id).values(locked_at=locked_at),
            execution_options={"synchronize_session": False},
        )
        end_everything(account_id)
        house_id = first_house_of_staff(actor)
        note("account:locked" if locked_at else "account:unlocked", actor, house_id=house_id, about_id=account_id)


def _wanted(typed: str) -> Select[str]:
    """The account that somebody means."""
    try:
        if "@" in typed:
            return select(Account.id).where(Account.email_hash == read_address(typed).key)
        key = number_key(read_number(typed))
    except Invalid as error:
        raise Invalid(error.code, error.detail, field="account") from error
    return select(Account.id).join(Card, Card.account_id == Account.id).where(Card.number_hash == key)
