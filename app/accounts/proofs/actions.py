"""Verbs of the second step."""

from app.accounts.actions import Entry, begin_session, end_present
from app.accounts.budgets import Asker
from app.accounts.proofs.models import OneTimeNumber, Passkey, RescueCode
from app.accounts.proofs.numbers import give_number
from app.accounts.queries import account_for
from app.core.actor import Actor
from app.core.db import db, transaction


def finish_sign_in(waiting: Actor, typed: str, asker: Asker) -> Entry:
    """Come in the rest of the way, with a number or a printed code. Raises Invalid, TooMany."""
    give_number(account_for(waiting), typed, asker)
    return finish(waiting)


def finish(waiting: Actor) -> Entry:
    """Both steps are done: the session that waited gives way to one that opens, under a new secret."""
    with transaction():
        account = account_for(waiting)
        end_present(waiting)
        return begin_session(account, waiting.shared, waiting.device_id or "", way="second", strong=True)


def forget_proofs(account_id: str) -> None:
    """Nothing proves this account any more; inside the present transaction. Who comes next chooses a proof anew."""
    for table in (Passkey, OneTimeNumber, RescueCode):
        db.session.execute(db.delete(table).where(table.account_id == account_id))
