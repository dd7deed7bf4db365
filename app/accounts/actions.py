"""Verbs of accounts: come in by password, go out, keep keys, change password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select, true

from app.accounts.addresses import Address, read_address
from app.accounts.budgets import Asker, new_mark, try_password
from app.accounts.models import Account, LoginSession, Token
from app.accounts.passwords import check_password, hash_password, verify_password
from app.accounts.queries import account_for, address_for, keys_of, may_enter, session_key, token_key
from app.core import realtime
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotFound, Taken
from app.core.ids import new_id, new_secret
from app.core.limits import SIGN_IN_ACCOUNT, give_back, spend
from app.web.forms import clean_line

PERSONAL = timedelta(days=90)
SHORT = timedelta(hours=12)
MAX_LABEL = 60
MAX_KEYS = 100


class WrongPassword(DomainError):
    """The same for a wrong password, an unknown address, an account that may not come in here."""

    status, code = 401, "wrong_password"
    detail = _l("Cette adresse et ce mot de passe ne vont pas ensemble. Vous pouvez demander un code.")


@dataclass(frozen=True)
class Entry:
    """A session that has just begun: what the cookie must hold, and whether it outlives the browser.

    mark: by which a personal browser is known to this account the next time; nothing on a shared one.
    """

    secret: str
    lasting: bool
    mark: str


def prove_password(email: str, password: str, asker: Asker) -> str:
    """The id of the account that this address and password open; a failed try counts, a good one does not.

    Raises WrongPassword, TooMany.
    """
    address = _address_or_nobody(email)
    attempt = try_password(address.key, asker)
    row = db.session.execute(
        select(Account.id, Account.password_hash, Account.demo).where(Account.email_hash == address.key)
    ).first()
    db.session.rollback()
    right = verify_password(row[1] if row else None, password)
    if row is None or not right or not may_enter(row[2]):
        raise WrongPassword()
    attempt.was_right()
    return str(row[0])


def _address_or_nobody(email: str) -> Address:
    try:
        return read_address(email)
    except Invalid:
        return Address(email.strip()[:300])


def begin_session(account: Account, shared: bool) -> Entry:
    """Let a device in, inside the present transaction: 90 days, or 12 hours on a shared device and for staff."""
    lasting = not shared and account.role == "member"
    secret = new_secret()
    moment = now()
    _end_sessions(account.id, LoginSession.expires_at <= moment)
    db.session.add(
        LoginSession(
            id=new_id(),
            account_id=account.id,
            secret_hash=session_key(secret),
            shared=shared,
            created_at=moment,
            expires_at=moment + (PERSONAL if lasting else SHORT),
        )
    )
    account.seen_on = _day(moment)
    return Entry(secret, lasting, "" if shared or account.email_hash is None else new_mark(account.email_hash))


def sign_in(email: str, password: str, asker: Asker, *, shared: bool, instead_of: Actor | None = None) -> Entry:
    """Come in with a password; a session that this browser already had ends. Raises WrongPassword, TooMany."""
    account_id = prove_password(email, password, asker)
    with transaction():
        account = db.session.get(Account, account_id)
        if account is None:
            raise WrongPassword()
        end_present(instead_of)
        return begin_session(account, shared)


def end_present(actor: Actor | None) -> None:
    """End the session of this browser, inside the present transaction."""
    if actor is not None and actor.credential.startswith("session:"):
        _end_sessions(actor.account_id, LoginSession.id == actor.credential.removeprefix("session:"))


def sign_out(actor: Actor) -> None:
    """End this session and close its sockets."""
    with transaction():
        end_present(actor)


def sign_out_everywhere(actor: Actor) -> None:
    """End every session of the person; keys for programs stay, they are listed beside."""
    with transaction():
        _end_sessions(actor.account_id, true())


def close_session(actor: Actor, session_id: str) -> None:
    """End one of one's own sessions. Raises NotFound."""
    with transaction():
        if not _end_sessions(actor.account_id, LoginSession.id == session_id):
            raise NotFound()


def _end_sessions(account_id: str, which: ColumnElement[bool]) -> int:
    owned = select(LoginSession).where(LoginSession.account_id == account_id, which)
    ended = list(db.session.scalars(owned))
    for each in ended:
        realtime.revoke(f"session:{each.id}")
        db.session.delete(each)
    return len(ended)


def note_visit(actor: Actor) -> None:
    """Once a day: the account is alive, and a personal device is let in for another 90 days."""
    moment = now()
    with transaction():
        account_for(actor).seen_on = _day(moment)
        held = db.session.get(LoginSession, actor.credential.removeprefix("session:"))
        if held is not None and not held.shared and not actor.is_staff:
            held.expires_at = moment + PERSONAL


def _day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def make_token(actor_or_account: Actor | str, label: str) -> tuple[str, str]:
    """Make a key for a program: its id, and its secret, shown once. Raises Invalid, Taken."""
    account_id = actor_or_account if isinstance(actor_or_account, str) else actor_or_account.account_id
    name = clean_line(label)
    if not name or len(name) > MAX_LABEL:
        raise Invalid("label_invalid", _l("Donnez un nom à la clé : 60 signes au plus."), field="label")
    secret = new_secret()
    token = Token(id=new_id(), account_id=account_id, secret_hash=token_key(secret), label=name, created_at=now())
    with transaction():
        # Two at once are counted one after the other.
        db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
        if keys_of(account_id) >= MAX_KEYS:
            raise Taken(
                "too_many_keys", _l("Vous avez déjà 100 clés. Effacez celles qui ne servent plus."), field="label"
            )
        db.session.add(token)
    return token.id, secret


def delete_token(actor: Actor, token_id: str) -> None:
    """End a key and close its sockets. Raises NotFound for one that is not one's own."""
    with transaction():
        token = db.session.get(Token, token_id)
        if token is None or token.account_id != actor.account_id:
            raise NotFound()
        realtime.revoke(f"token:{token.id}")
        db.session.delete(token)


def set_password(actor: Actor, password: str, current: str) -> None:
    """Choose a password, with the present one if there is one; every other session ends. Raises Invalid, TooMany."""
    prove_present(actor, current)
    address = address_for(actor)
    check_password(password, address.local if address else "")
    db.session.rollback()
    _keep_password(actor, hash_password(password))


def remove_password(actor: Actor, current: str) -> None:
    """Go back to codes alone. Raises Invalid, TooMany."""
    prove_present(actor, current)
    _keep_password(actor, None)


def _keep_password(actor: Actor, hashed: str | None) -> None:
    with transaction():
        account_for(actor).password_hash = hashed
        _end_sessions(actor.account_id, LoginSession.id != actor.credential.removeprefix("session:"))


def prove_present(actor: Actor, current: str) -> None:
    """The person at the keyboard knows the password, when there is one. Raises Invalid, TooMany."""
    stored = account_for(actor).password_hash
    db.session.rollback()
    if stored is None:
        return
    spend(SIGN_IN_ACCOUNT, f"present:{actor.account_id}")
    if not verify_password(stored, current):
        raise Invalid("wrong_password", _l("Ce n’est pas votre mot de passe actuel."), field="current")
    give_back(SIGN_IN_ACCOUNT, f"present:{actor.account_id}")


def make_staff(email: str, role: str) -> str:
    """The id of a staff account at this address, made if there is none, inside the present transaction.

    Raises Invalid, and Taken when the address is a member's: who is both has two accounts.
    """
    address = read_address(email)
    account = db.session.scalars(select(Account).where(Account.email_hash == address.key)).first()
    if account is None:
        account = new_account(address, role)
        db.session.add(account)
        db.session.flush()
    if account.role == "member":
        raise Taken("address_of_member", _l("Un membre a déjà cette adresse. Il en faut une autre pour l’équipe."))
    account.role = role
    return account.id


def new_account(address: Address, role: str = "member") -> Account:
    """An account that asks nothing else than its address; it still has to be added."""
    return Account(
        id=new_id(),
        email_hash=address.key,
        email_sealed=address.sealed,
        role=role,
        demo=address.demo,
        created_at=now(),
    )
