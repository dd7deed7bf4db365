"""Verbs of one-time numbers (RFC 6238) and of the printed codes for the day when the phone is lost."""

import hmac
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyotp
import segno
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from app.accounts.budgets import Asker, try_number
from app.accounts.codes import read_digits
from app.accounts.models import Account
from app.accounts.notices import letterhead
from app.accounts.proofs.fresh import Kind, kinds
from app.accounts.proofs.models import OneTimeNumber, RescueCode
from app.accounts.proofs.policy import can_keep_number
from app.accounts.proofs.queries import held_by
from app.accounts.queries import account_for, needs_second_step
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotAllowed
from app.core.ids import TO_COPY, new_code, new_id
from app.core.sealed import keyed_hash, seal, unseal

# Half a minute before and after: phones and servers do not agree to the second.
STEPS = (-1, 0, 1)
RESCUES = 10
WRONG = _l("Ce n’est pas le bon numéro, ou il a déjà servi. Attendez le suivant.")


class LastProof(DomainError):
    """The team never comes in with one step alone."""

    status, code = 409, "last_proof"
    detail = _l("C’est votre seule façon de finir d’entrer. Réglez-en d’abord une autre.")


class OtpRefused(DomainError):
    """``POST /tokens`` by somebody of the team, without a number of their app or with a wrong one."""

    status, code = 401, "otp_needed"
    detail = _l("Ajoutez le numéro de votre application (otp). Réglez-la d’abord dans « Mon compte ».")


def new_number_secret() -> str:
    """A secret for an app, before it is kept."""
    return pyotp.random_base32()


def qr_of(secret: str) -> str:
    """The picture that an app reads: an SVG without style. It names the house, no person."""
    house = letterhead.name()
    uri = pyotp.TOTP(secret).provisioning_uri(name=_("équipe"), issuer_name=house)
    return str(segno.make(uri, error="m").svg_inline(scale=4, border=3, dark="#000", light="#fff"))


def keep_number(actor: Actor, secret: str, typed: str) -> list[str]:
    """Keep the app whose secret this is, once it has shown a right number; it takes the place of the one before.

    Returns the printed codes, when these are the first. Raises Invalid, NotAllowed.
    """
    if not can_keep_number(actor):
        raise NotAllowed()
    step = _step_of(secret, read_digits(typed))
    if step is None:
        raise Invalid("number_wrong", WRONG, field="number")
    with transaction():
        _lock(actor.account_id)
        db.session.execute(delete(OneTimeNumber).where(OneTimeNumber.account_id == actor.account_id))
        row = OneTimeNumber(
            account_id=actor.account_id, secret_sealed=seal(secret), used_step=step, created_on=_today()
        )
        db.session.add(row)
        return first_rescue_codes(actor.account_id)


def _lock(account_id: str) -> None:
    """Two at once take or give up proofs one after the other."""
    db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())


def _today() -> date:
    return now().date()


def _step_of(secret: str, digits: str) -> int | None:
    """Which half minute the number is of, among the present one and its neighbours."""
    app, moment = pyotp.TOTP(secret), now()
    near = [app.timecode(moment) + each for each in STEPS]
    return next((step for step in near if hmac.compare_digest(app.generate_otp(step), digits)), None)


def drop_number(actor: Actor) -> None:
    """Give up the app; the team keeps one proof at least. Raises LastProof, NotAllowed."""
    if not can_keep_number(actor):
        raise NotAllowed()
    with transaction():
        keep_one_proof(actor, but=1)
        db.session.execute(delete(OneTimeNumber).where(OneTimeNumber.account_id == actor.account_id))


def keep_one_proof(actor: Actor, *, but: int) -> None:
    """Raises LastProof when nothing would be left of the proofs of somebody of the team. In the present transaction."""
    _lock(actor.account_id)
    account = account_for(actor)
    if needs_second_step(account.role, account.demo) and held_by(actor.account_id).strong <= but:
        raise LastProof()


def first_rescue_codes(account_id: str) -> list[str]:
    """Ten codes to print, if there are none yet. In the present transaction."""
    return [] if held_by(account_id).rescue else _make_rescue_codes(account_id)


def renew_rescue_codes(actor: Actor) -> list[str]:
    """Ten new codes to print; the ones before serve no more. Raises NotAllowed."""
    if not can_keep_number(actor):
        raise NotAllowed()
    with transaction():
        _lock(actor.account_id)
        db.session.execute(delete(RescueCode).where(RescueCode.account_id == actor.account_id))
        return _make_rescue_codes(actor.account_id)


def _make_rescue_codes(account_id: str) -> list[str]:
    made = [new_code(TO_COPY, 10) for _code in range(RESCUES)]
    db.session.add_all(
        RescueCode(id=new_id(), account_id=account_id, code_hash=_rescue_key(account_id, code)) for code in made
    )
    return [f"{code[:5]}-{code[5:]}" for code in made]


def _rescue_key(account_id: str, code: str) -> str:
    return keyed_hash("rescue", f"{account_id}:{code}")


def give_number(account: Account, typed: str, asker: Asker, *, rescue: bool = True) -> None:
    """A number of the app, or a printed code: each serves once. Raises Invalid, TooMany.

    Both are looked for whatever was typed: a wrong one takes the same path as a right one that has served.
    """
    attempt = try_number(account.email_hash or account.id, asker)
    with transaction():
        right = _use_number(account.id, typed) or (rescue and _use_rescue(account.id, typed))
    if not right:
        raise Invalid("number_wrong", WRONG, field="number")
    attempt.was_right()


def _use_number(account_id: str, typed: str) -> bool:
    row = db.session.get(OneTimeNumber, account_id, populate_existing=True)
    secret = unseal(row.secret_sealed) if row else None
    try:
        digits = read_digits(typed)
    except Invalid:
        return False
    step = _step_of(secret, digits) if secret else None
    if step is None:
        return False
    used = update(OneTimeNumber).where(OneTimeNumber.account_id == account_id, OneTimeNumber.used_step < step)
    return _changed(used.values(used_step=step))


def _use_rescue(account_id: str, typed: str) -> bool:
    code = "".join(sign for sign in typed.upper() if sign in TO_COPY)
    wanted = RescueCode.account_id == account_id, RescueCode.code_hash == _rescue_key(account_id, code)
    return _changed(delete(RescueCode).where(*wanted))


def _changed(statement: Any) -> bool:
    done: Any = db.session.execute(statement, execution_options={"synchronize_session": False})
    return bool(done.rowcount)


def check_otp(account_id: str, otp: str, asker: Asker) -> None:
    """The second step of a program: a number of the app, asked of the team alone. Raises OtpRefused, TooMany."""
    account = db.session.get(Account, account_id)
    if account is None or not needs_second_step(account.role, account.demo):
        return
    if not otp.strip():
        raise OtpRefused()
    try:
        give_number(account, otp, asker, rescue=False)
    except Invalid as error:
        raise OtpRefused("otp_wrong", WRONG) from error


def _check(actor: Actor, given: Mapping[str, Any], asker: Asker) -> None:
    give_number(account_for(actor), str(given["number"]), asker)


def _offered(account: Account) -> bool:
    held = held_by(account.id)
    return held.number is not None or held.rescue > 0


kinds.append(Kind("number", "proofs/_by_number.html", _offered, _check, strong=True))
