"""Verbs of accounts: come in by password, go out, keep keys, change password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, select, true

from app.accounts.addresses import Address, read_address
from app.accounts.budgets import Asker, knows, new_mark, try_password
from app.accounts.models import Account, LoginSession, Token
from app.accounts.passages import note_passage
from app.accounts.passwords import check_password, hash_password, verify_password, words_of_the_house
from app.accounts.queries import (
    account_for,
    address_for,
    keys_of,
    may_enter,
    needs_second_step,
    session_key,
    token_key,
)
from app.core import realtime
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotAllowed, NotFound, Taken
from app.core.ids import new_id, new_secret
from app.web.forms import clean_line
from app.web.reading import present_locale

PERSONAL = timedelta(days=90)
SHORT = timedelta(hours=12)
ASSISTED = timedelta(minutes=30)
# Four minutes and a dialog of one, which the page counts by itself; the server's own end is for when it cannot.
QUIET_DEVICE = 5
QUIET_STAFF = 30
MAX_LABEL = 60
MAX_KEYS = 100


class WrongPassword(DomainError):
    """The same for a wrong password, an unknown address, an account that may not come in here."""

    status, code = 401, "wrong_password"
    detail = _l("Cette adresse et ce mot de passe ne vont pas ensemble. Vous pouvez demander un code.")


@dataclass(frozen=True)
class Entry:
    """A session that has just begun: what the cookie must hold, and whether it outlives the browser.

    mark: by which a personal browser is known to this account the next time; nothing on a shared one. whole: nothing of
    coming in is left to do. quiet_minutes: it ends when nobody moves for so long; nothing on a device of the house.
    """

    secret: str
    lasting: bool
    mark: str
    session_id: str = ""
    whole: bool = True
    quiet_minutes: int | None = None
    account_id: str = ""


@dataclass(frozen=True)
class Proved:
    """An account whose password was right."""

    account_id: str
    password_hash: str | None


def prove_password(email: str, password: str, asker: Asker) -> Proved:
    """The account that this address and password open; a failed try counts, a good one does not.

    Raises WrongPassword, TooMany.
    """
    address = _address_or_nobody(email)
    attempt = try_password(address.key, asker)
    row = db.session.execute(
        select(Account.id, Account.password_hash, Account.demo).where(
            Account.email_hash == address.key, Account.locked_at.is_(None)
        )
    ).first()
    db.session.rollback()
    right = verify_password(row[1] if row else None, password)
    if row is None or not right or not may_enter(row[2]):
        raise WrongPassword()
    attempt.was_right()
    return Proved(row[0], row[1])


def take_account(proved: Proved) -> Account:
    """Inside the present transaction. Raises WrongPassword when the password was changed while it was looked at."""
    account = db.session.get(Account, proved.account_id, with_for_update=True, populate_existing=True)
    if account is None or account.password_hash != proved.password_hash:
        raise WrongPassword()
    return account


def _address_or_nobody(email: str) -> Address:
    try:
        return read_address(email)
    except Invalid:
        return Address(email.strip()[:300])


def begin_session(
    account: Account,
    shared: bool,
    device: str = "",
    *,
    way: str = "",
    known_by: str = "",
    assisted_by: str = "",
    strong: bool = False,
) -> Entry:
    """Let a device in, inside the present transaction: 90 days, or 12 hours on a shared device and for staff.

    device: the paired device of the house, which ends it after a few quiet minutes. way: how they came in. known_by: by
    what this browser is known the next time, if not by the address. assisted_by: who of the team helps, for 30 minutes.
    strong: both steps are done; without it the session of somebody of the team opens nothing but the second step.
    """
    if account.locked_at is not None:
        raise WrongPassword()
    whole = strong or not needs_second_step(account.role, account.demo)
    shared = shared or bool(device) or bool(assisted_by)
    lasting = not shared and account.role == "member"
    quiet = _quiet_minutes(account, device)
    secret = new_secret()
    moment = now()
    _end_sessions(account.id, LoginSession.expires_at <= moment, "")
    session_id = new_id()
    db.session.add(
        LoginSession(
            id=session_id,
            account_id=account.id,
            secret_hash=session_key(secret),
            shared=shared,
            created_at=moment,
            expires_at=moment + (ASSISTED if assisted_by else PERSONAL if lasting else SHORT),
            quiet_minutes=quiet,
            quiet_until=moment + timedelta(minutes=quiet) if quiet else None,
            device_id=device or None,
            assisted_by=assisted_by or None,
            proved_at=moment if whole else None,
        )
    )
    if whole:
        note_passage(account.id, "in", way)
    account.seen_on, account.locale = _day(moment), present_locale()
    key = known_by or account.email_hash
    mark = "" if shared or key is None else new_mark(key)
    return Entry(secret, lasting, mark, session_id, whole, None if device else quiet, account.id)


def _quiet_minutes(account: Account, device: str) -> int | None:
    if device:
        return QUIET_DEVICE
    return None if account.role == "member" or account.demo else QUIET_STAFF


def sign_in(email: str, password: str, asker: Asker, *, shared: bool, instead_of: Actor | None = None) -> Entry:
    """Come in with a password; a session that this browser already had ends. Raises WrongPassword, TooMany."""
    proved = prove_password(email, password, asker)
    with transaction():
        account = take_account(proved)
        end_present(instead_of)
        return begin_session(account, shared, asker.device, way="password")


def end_present(actor: Actor | None) -> None:
    """End the session of this browser, inside the present transaction."""
    if actor is not None and actor.credential.startswith("session:"):
        _end_sessions(actor.account_id, LoginSession.id == actor.credential.removeprefix("session:"), "left")


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


def _end_sessions(account_id: str, which: ColumnElement[bool], why: str = "closed") -> int:
    """why: how it is told to the person; nothing for one whose time was over anyway."""
    owned = select(LoginSession).where(LoginSession.account_id == account_id, which)
    ended = list(db.session.scalars(owned))
    for each in ended:
        realtime.revoke(f"session:{each.id}")
        db.session.delete(each)
        # Half the way in was no entry.
        if why and each.proved_at is not None:
            note_passage(account_id, "out", why)
    return len(ended)


def end_other_sessions(actor: Actor) -> None:
    """End every session of the person but this one, inside the present transaction."""
    _end_sessions(actor.account_id, LoginSession.id != actor.credential.removeprefix("session:"))


def end_everything(account_id: str) -> None:
    """End all sessions, keys and sockets of an account, inside the present transaction."""
    realtime.revoke(f"account:{account_id}")
    db.session.execute(delete(LoginSession).where(LoginSession.account_id == account_id))
    db.session.execute(delete(Token).where(Token.account_id == account_id))


def note_visit(actor: Actor) -> None:
    """Once a day: the account is alive, and a personal device is let in for another 90 days."""
    moment = now()
    with transaction():
        account = account_for(actor)
        account.seen_on, account.locale = _day(moment), present_locale()
        held = db.session.get(LoginSession, actor.credential.removeprefix("session:"))
        if held is not None and not held.shared and not actor.is_staff:
            held.expires_at = moment + PERSONAL


def end_quiet_sessions() -> None:
    """Sessions in which nobody moves any more end, with their sockets."""
    with transaction():
        for each in db.session.scalars(select(LoginSession).where(LoginSession.quiet_until <= now())):
            realtime.revoke(f"session:{each.id}")
            db.session.delete(each)
            if each.proved_at is not None:
                note_passage(each.account_id, "out", "quiet")


def stay(actor: Actor) -> None:
    """Somebody is still there: a session that ends when nobody moves begins its quiet minutes again."""
    if actor.quiet_minutes is None:
        return
    with transaction():
        held = db.session.get(LoginSession, actor.credential.removeprefix("session:"))
        if held is not None:
            held.quiet_until = now() + timedelta(minutes=actor.quiet_minutes)


def end_sessions_on(device_id: str) -> None:
    """End every session that began on a paired device, with its sockets, inside the present transaction."""
    for each in db.session.scalars(select(LoginSession).where(LoginSession.device_id == device_id)):
        realtime.revoke(f"session:{each.id}")
        db.session.delete(each)


def _day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def check_alone(actor: Actor) -> None:
    """Whoever of the team sits beside must know nothing that opens the account later. Raises NotAllowed."""
    if actor.assisted_by is not None:
        detail = _l("Avec une personne de l’équipe à côté, non. Faites-le seul, sur un autre appareil.")
        raise NotAllowed("assisted", detail)


def make_token(owner: Actor | Proved | str, label: str, house_reason: str = "") -> tuple[str, str]:
    """Make a key for a program: its id, and its secret, shown once. Raises Invalid, NotAllowed, NotFound,
    Taken, WrongPassword.

    owner: who is in, whose password was right a moment ago, or an account for which the house makes it. house_reason:
    why the house does, which the person reads beside the key.
    """
    if isinstance(owner, Actor):
        check_alone(owner)
    account_id = owner if isinstance(owner, str) else owner.account_id
    name = clean_line(label)
    if not name or len(name) > MAX_LABEL:
        raise Invalid("label_invalid", _l("Donnez un nom à la clé : 60 signes au plus."), field="label")
    secret = new_secret()
    token = Token(
        id=new_id(),
        account_id=account_id,
        secret_hash=token_key(secret),
        label=name,
        house_reason=house_reason,
        created_at=now(),
    )
    with transaction():
        # Two at once are counted one after the other; and who was locked meanwhile gets none.
        _hold_owner(owner, account_id)
        if keys_of(account_id) >= MAX_KEYS:
            raise Taken(
                "too_many_keys", _l("Vous avez déjà 100 clés. Effacez celles qui ne servent plus."), field="label"
            )
        db.session.add(token)
    return token.id, secret


def _hold_owner(owner: Actor | Proved | str, account_id: str) -> None:
    if isinstance(owner, Proved):
        if take_account(owner).locked_at is not None:
            raise WrongPassword()
        return
    open_still = select(Account.id).where(Account.id == account_id, Account.locked_at.is_(None))
    if db.session.scalar(open_still.with_for_update()) is None:
        raise NotFound()


def delete_token(actor: Actor, token_id: str) -> None:
    """End a key and close its sockets. Raises NotFound for one that is not one's own."""
    with transaction():
        token = db.session.get(Token, token_id)
        if token is None or token.account_id != actor.account_id:
            raise NotFound()
        realtime.revoke(f"token:{token.id}")
        db.session.delete(token)


def set_password(actor: Actor, password: str, current: str) -> None:
    """Choose a password, with the present one if there is one; every other session ends.

    Raises Invalid, NotAllowed, TooMany.
    """
    check_alone(actor)
    prove_present(actor, current)
    address = address_for(actor)
    check_password(password, address.local if address else "", words_of_the_house())
    db.session.rollback()
    _keep_password(actor, hash_password(password))


def remove_password(actor: Actor, current: str) -> None:
    """Go back to codes alone. Raises Invalid, TooMany."""
    prove_present(actor, current)
    _keep_password(actor, None)


def _keep_password(actor: Actor, hashed: str | None) -> None:
    with transaction():
        account_for(actor).password_hash = hashed
        end_other_sessions(actor)


def prove_present(actor: Actor, current: str) -> None:
    """The person at the keyboard knows the password, when there is one. Raises Invalid, TooMany."""
    stored = account_for(actor).password_hash
    db.session.rollback()
    if stored is None:
        return
    if not knows(actor.account_id, stored, current):
        raise Invalid("wrong_password", _l("Ce n’est pas votre mot de passe actuel."), field="current")


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
