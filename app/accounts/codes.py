"""Verbs of codes: six digits by mail, bound to the browser that asked and to what they are for.

Asking takes the same path whether or not the address is known: accounts are only looked at once the code is right.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, delete, or_, select
from sqlalchemy.exc import IntegrityError

from app.accounts.actions import Entry, begin_session, check_alone, end_present, new_account, prove_present
from app.accounts.addresses import Address, opened
from app.accounts.budgets import Asker, Try, ask_mail, give_mail_back, try_code
from app.accounts.models import Account, SignInCode
from app.accounts.notices import address_changed_mail, code_mail, has_mail, send_mail
from app.accounts.queries import account_for, address_for, may_enter
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotFound, Taken
from app.core.ids import new_id, new_secret
from app.core.plain_text import typed_digits
from app.core.sealed import keyed_hash

LIFE = timedelta(minutes=10)
TRIES = 5
SIGN_IN = "sign-in"
LEAVING = "leaving"

T = TypeVar("T")


class NoCode(Gone):
    """This browser has asked for no code, or too long ago to remember."""

    code = "no_code"
    detail = _l("Demandez d’abord un code, sur cet appareil.")


class CodeOver(Gone):
    """Ten minutes or five tries have gone."""

    code = "code_over"
    detail = _l("Ce code ne marche plus. Demandez-en un autre.")


def _browser_key(purpose: str, mark: str) -> str:
    return keyed_hash("browser", f"{purpose}:{mark}")


def _code_key(row_id: str, digits: str) -> str:
    return keyed_hash("code", f"{row_id}:{digits}")


def ask_code(address: Address, asker: Asker, *, purpose: str = SIGN_IN, instead_of: str = "", mark: str = "") -> str:
    """Send a code and return the mark that this browser must bring back with it. Raises TooMany.

    mark: one that the browser has already, by another way. Beyond the mails that an address gets in a day everything
    looks the same, but no code opens anything. In a house without mail there is no such thing (NotFound).
    """
    if not has_mail():
        raise NotFound()
    may_mail = ask_mail(address.key, asker)
    mark, row_id, digits = mark or new_secret(), new_id(), f"{secrets.randbelow(10**6):06d}"
    mail = code_mail(digits)
    with transaction():
        _forget_codes(_browser_key(purpose, instead_of))
        db.session.add(
            SignInCode(
                id=row_id,
                browser_hash=_browser_key(purpose, mark),
                email_sealed=address.sealed,
                code_hash=_code_key(row_id, digits if may_mail else new_secret()),
                tries_left=TRIES,
                expires_at=now() + LIFE,
            )
        )
        if may_mail:
            send_mail(address, *mail, until=now() + LIFE)
    return mark


def _forget_codes(browser_key: str) -> None:
    # An hour more than they last, so that a late person is told that the code is over, not that there is none.
    long_over = SignInCode.expires_at < now() - timedelta(hours=1)
    db.session.execute(delete(SignInCode).where(or_(SignInCode.browser_hash == browser_key, long_over)))


def asked_address(mark: str, purpose: str = SIGN_IN) -> Address:
    """Where this browser's code went. Raises NoCode."""
    row = db.session.scalars(_of_browser(mark, purpose)).first()
    address = opened(row.email_sealed) if row else None
    if address is None:
        raise NoCode()
    return address


def _of_browser(mark: str, purpose: str) -> Select[SignInCode]:
    return select(SignInCode).where(SignInCode.browser_hash == _browser_key(purpose, mark))


def read_digits(text: str) -> str:
    """The six digits of what was typed or pasted, in any script, with or without spaces. Raises Invalid."""
    digits = typed_digits(text, 6)
    if digits is None:
        raise Invalid("code_invalid", _l("Le code a 6 chiffres. Écrivez-les tous."), field="code")
    return digits


def enter_code(mark: str, typed: str, asker: Asker, *, shared: bool, instead_of: Actor | None = None) -> Entry:
    """Come in with a code; the first time, this makes the account. Raises Invalid, NoCode, CodeOver, TooMany."""

    def come_in(address: Address) -> Entry | None:
        if not may_enter(address.demo):
            return None
        account = _account_at(address)
        # One that is locked answers as a wrong code: only here is anything asked of the account.
        if not may_enter(account.demo) or account.locked_at is not None:
            return None
        end_present(instead_of)
        return begin_session(account, shared, asker.device, way="code")

    return _use_code(SIGN_IN, mark, typed, asker, come_in)


def _account_at(address: Address) -> Account:
    known = select(Account).where(Account.email_hash == address.key)
    found = db.session.scalars(known).first()
    if found is not None:
        return found
    account = new_account(address)
    try:
        with db.session.begin_nested():
            db.session.add(account)
    except IntegrityError:  # the same person, from two browsers, in the same instant
        return db.session.scalars(known).one()
    return account


def ask_address(actor: Actor, address: Address, current: str, asker: Asker, *, instead_of: str = "") -> str:
    """Send a code to a new address, known to another account or not. Raises Invalid, NotAllowed, TooMany."""
    check_alone(actor)
    prove_present(actor, current)
    return ask_code(address, asker, purpose=_for_address(actor), instead_of=instead_of)


def _for_address(actor: Actor) -> str:
    return f"address:{actor.account_id}"


def new_address_of(actor: Actor, mark: str) -> Address:
    """The address that waits for its code. Raises NoCode."""
    return asked_address(mark, _for_address(actor))


def change_address(actor: Actor, mark: str, typed: str, asker: Asker) -> None:
    """Take the new address, proved by its code; the old one is told.

    Raises Invalid, NoCode, CodeOver, Taken, TooMany.
    """
    mail = address_changed_mail()

    def move(address: Address) -> bool:
        account = account_for(actor)
        before = opened(account.email_sealed)
        account.email_hash, account.email_sealed = address.key, address.sealed
        db.session.flush()
        if before is not None and before.key != address.key:
            send_mail(before, *mail)
        return True

    try:
        _use_code(_for_address(actor), mark, typed, asker, move)
    except IntegrityError:
        raise Taken("address_taken", _l("Un autre compte a déjà cette adresse."), field="email")


def ask_proof(actor: Actor, asker: Asker) -> None:
    """Send a code to one's own address, good for this session or key alone. Raises Invalid, TooMany."""
    address = address_for(actor)
    if address is None:
        raise Invalid("no_address", _l("Votre compte n’a pas d’adresse e-mail."), field="code")
    ask_code(address, asker, purpose=_for_proof(actor), instead_of=actor.credential, mark=actor.credential)


def has_asked_proof(actor: Actor) -> bool:
    """Does a code wait for this session or key?"""
    return db.session.scalars(_of_browser(actor.credential, _for_proof(actor))).first() is not None


def _for_proof(actor: Actor) -> str:
    return f"prove:{actor.account_id}"


def prove_by_code(actor: Actor, typed: str, asker: Asker) -> None:
    """The person reads the mails of their account. Raises Invalid, NoCode, CodeOver, TooMany."""

    def is_theirs(address: Address) -> bool | None:
        return account_for(actor).email_hash == address.key or None

    _use_code(_for_proof(actor), actor.credential, typed, asker, is_theirs)


def ask_leaving(actor: Actor, asker: Asker) -> Address:
    """Send a code by which one leaves for good, to one's own address. Raises NoCode without one, TooMany.

    It hangs on the account, not on the browser: a program may bring it too. A new one ends the one before.
    """
    address = opened(account_for(actor).email_sealed)
    if address is None:
        raise NoCode()
    ask_code(address, asker, purpose=LEAVING, instead_of=actor.account_id, mark=actor.account_id)
    return address


def prove_leaving(actor: Actor, typed: str, asker: Asker) -> None:
    """The person holds the code for leaving; it serves once. Raises Invalid, NoCode, CodeOver, TooMany."""
    _use_code(LEAVING, actor.account_id, typed, asker, lambda _address: True)


def _use_code(purpose: str, mark: str, typed: str, asker: Asker, then: Callable[[Address], T | None]) -> T:
    digits = read_digits(typed)
    address = asked_address(mark, purpose)
    attempt = try_code(address.key, asker)
    with transaction():
        result, left = _try_code(purpose, mark, digits, then, attempt)
    if result is None:
        raise _wrong(left)
    attempt.was_right()
    give_mail_back(address.key, asker)
    return result


def _try_code(
    purpose: str, mark: str, digits: str, then: Callable[[Address], T | None], attempt: Try
) -> tuple[T | None, int]:
    """One try, which counts unless it is right; what the code is for happens in the same transaction."""
    row = db.session.scalars(_of_browser(mark, purpose).with_for_update()).first()
    address = opened(row.email_sealed) if row else None
    if row is None or address is None:
        raise NoCode()
    if row.tries_left < 1 or row.expires_at <= now():
        raise CodeOver()
    # Whoever guesses at this address: the person whose mail it is always has a first try.
    if attempt.slowed and row.tries_left < TRIES:
        raise attempt.slowed
    row.tries_left -= 1
    right = hmac.compare_digest(row.code_hash, _code_key(row.id, digits))
    result = then(address) if right else None
    if result is not None:
        db.session.delete(row)
    return result, row.tries_left


def _wrong(left: int) -> Gone | Invalid:
    if left < 1:
        return CodeOver()
    said = ngettext(
        "Ce n’est pas le bon code. Il reste %(num)s essai.", "Ce n’est pas le bon code. Il reste %(num)s essais.", left
    )
    return Invalid("code_wrong", said, field="code")
