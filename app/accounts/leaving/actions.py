"""Leaving for good. Sign-in ends at once; what others see of the person ends at moments that nobody can join up."""

import json
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts import codes
from app.accounts.actions import check_alone, end_everything, prove_present
from app.accounts.addresses import Address, opened
from app.accounts.budgets import Asker
from app.accounts.leaving import hooks
from app.accounts.leaving.hooks import Messages
from app.accounts.models import Account, SignInCode
from app.accounts.proofs.fresh import ask_fresh_proof, needs_second_step
from app.accounts.queries import account_for
from app.core import jobs
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotSignedIn
from app.core.models import Job
from app.core.privacy import erase_holdings
from app.core.sealed import seal, unseal

# How old another proof may be.
FRESH = 5
# After the last club has seen it.
AND_THEN = timedelta(minutes=10)


def leave_for_good(
    actor: Actor, messages: Any, *, password: str = "", code: str = "", asker: Asker, at_once: bool = False
) -> datetime:
    """A person who has proved who they are is erased: their messages blanked, or kept under "un ancien membre".

    Returns the moment by which every club shows it. Raises Invalid for a choice or a proof that is not one, NotAllowed,
    TooMany, and what ``hooks.holds`` raise.
    """
    chosen = checked_choice(messages)
    check_may_go(actor)
    prove(actor, password, code, asker)
    with transaction():
        check_may_go(actor)
        account = db.session.get(Account, actor.account_id, with_for_update=True, populate_existing=True)
        if account is None:
            raise NotSignedIn()
        return erase_account(account, chosen, at_once=at_once)


def checked_choice(messages: Any) -> Messages:
    """What becomes of one's messages. Raises Invalid."""
    if messages == "blank":
        return "blank"
    if messages == "keep":
        return "keep"
    raise Invalid("messages_unknown", _l("Choisissez ce que deviennent vos messages."), field="messages")


def check_may_go(actor: Actor) -> None:
    """Raises NotAllowed with somebody of the team beside, and what the floors above raise."""
    check_alone(actor)
    for hold in hooks.holds:
        hold(actor)


def what_holds(actor: Actor) -> str:
    """What somebody must hand over before they may go, in a sentence; empty for nothing."""
    try:
        check_may_go(actor)
    except DomainError as error:
        return str(error.detail)
    return ""


def erase_account(account: Account, messages: Messages, *, at_once: bool = False) -> datetime:
    """Erase an account in the present transaction, for whoever ends one. Returns when every club shows it.

    Sessions, keys and sockets end at once, what waits for the person is dropped, and the row goes with all that hangs
    on it. What clubs see goes club by club.
    """
    address = opened(account.email_sealed)
    end_everything(account.id)
    erase_holdings(account.id)
    jobs.forget_about({account.id})
    _forget_mails(account.id, address)
    if address is not None:
        _forget_address(address)
    done_by = max((part(account.id, messages, at_once) for part in hooks.partings), default=now())
    db.session.delete(account)
    db.session.flush()
    jobs.enqueue("leaving:wipe", {}, done_by + AND_THEN)
    return done_by


def _forget_address(address: Address) -> None:
    """Codes on their way to an address, which only who holds the key of the house can read; mails in the outbox."""
    for row in db.session.scalars(select(SignInCode)):
        found = opened(row.email_sealed)
        if found is not None and found.key == address.key:
            db.session.delete(row)
    jobs.enqueue("leaving:outbox", {"sealed": seal(address.text)})


def _forget_mails(account_id: str, address: Address | None) -> None:
    """Mails that wait: those about the account, and those to its address."""
    for job in db.session.scalars(select(Job).where(Job.kind == "mail:send")):
        mail = json.loads(unseal(str(job.payload.get("sealed", ""))) or "{}")
        about, to = mail.get("about") or [""], Address(str(mail.get("to", "")))
        if about[0] == account_id or (address is not None and to.key == address.key):
            db.session.delete(job)


def prove(actor: Actor, password: str, code: str, asker: Asker) -> None:
    """The person knows the password, or holds the code that was just sent to them; or has given another proof lately.

    Raises Invalid, Gone, TooMany, and ProofNeeded where nothing can be typed here.
    """
    account = account_for(actor)
    if types_nothing(account):
        ask_fresh_proof(actor, FRESH)
    elif password and account.password_hash is not None:
        prove_present(actor, password)
    elif code and account.email_sealed is not None:
        codes.prove_leaving(actor, code, asker)
    else:
        raise _no_proof(account.password_hash is not None)


def types_nothing(account: Account) -> bool:
    """A card, a passkey, the team's second step: what is not typed on the last page is shown just before it."""
    return needs_second_step(account) or (account.password_hash is None and account.email_sealed is None)


def _no_proof(known: bool) -> Invalid:
    if known:
        return Invalid("password_empty", _l("Écrivez votre mot de passe, ou demandez un code."), field="password")
    return Invalid("code_empty", _l("Écrivez le code reçu."), field="code")
