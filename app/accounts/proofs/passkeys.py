"""Verbs of passkeys (WebAuthn): keep one, come in with one, prove oneself with one, name it, give it up.

What a passkey must sign is drawn for one browser and one purpose, and serves once. A passkey is found by its own id: no
address is typed, and nothing tells whether an account exists. The person's finger or screen code is always asked for.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import webauthn
from flask import current_app, has_request_context, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.accounts.actions import Entry, begin_session, end_present
from app.accounts.budgets import Asker, Try, place_budget
from app.accounts.models import Account
from app.accounts.notices import letterhead
from app.accounts.proofs.fresh import Kind, kinds
from app.accounts.proofs.models import Passkey, PasskeyChallenge
from app.accounts.proofs.numbers import first_rescue_codes, keep_one_proof
from app.accounts.proofs.policy import can_keep_passkey
from app.accounts.proofs.queries import held_by, passkey_for
from app.accounts.queries import may_enter
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotAllowed, Taken
from app.core.ids import new_id, new_secret
from app.core.sealed import keyed_hash
from app.web.forms import checked

LIFE = timedelta(minutes=5)
MOST = 20
MAX_ANSWER = 20_000
MAX_LABEL = 40
SIGN_IN = "sign-in"
SHARED = _l("Pas sur un appareil qui sert à plusieurs personnes.")
CHECKED = UserVerificationRequirement.REQUIRED
# What a hostile answer makes the parsers of the library say, beside its own refusals.
UNREADABLE = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)


class PasskeyRefused(DomainError):
    """The same for a passkey that nobody has, a copied one, a wrong signature, a question that is over."""

    status, code = 401, "passkey_refused"
    detail = _l("Cela n’a pas marché. Réessayez, ou entrez d’une autre façon.")


@dataclass(frozen=True)
class Home:
    """Where a passkey belongs: one of our own addresses, and its name."""

    origin: str
    name: str


def home() -> Home | None:
    """Our own address that the browser is at, if it has a name: a passkey belongs to none made of numbers."""
    origins: list[str] = current_app.config["ORIGINS"]
    asked = request.host if has_request_context() else ""
    same = [each for each in origins if urlsplit(each).netloc == asked]
    alike = [each for each in origins if urlsplit(each).hostname == asked.partition(":")[0]]
    here = [*same, *alike, *origins][0]
    name = urlsplit(here).hostname or ""
    return Home(here, name) if any(sign.isalpha() for sign in name) and ":" not in name else None


def name_instead() -> str:
    """Where passkeys would work, for who is at an address of numbers on their own machine."""
    origins: list[str] = current_app.config["ORIGINS"]
    return next((each for each in origins if urlsplit(each).hostname == "localhost"), "")


def _home() -> Home:
    found = home()
    if found is None:
        raise NotAllowed("no_passkey_here", _l("Cet appareil ne peut pas servir de clé à cette adresse."))
    return found


def _begin(purpose: str, instead_of: str, handle: str = "", mark: str = "") -> tuple[bytes, str]:
    """Draw what is to be signed; returns it, and the mark that this browser must bring back (or has already)."""
    mark, challenge = mark or new_secret(), secrets.token_bytes(32)
    with transaction():
        over = PasskeyChallenge.expires_at < now()
        before = PasskeyChallenge.browser_hash == _browser_key(purpose, instead_of)
        db.session.execute(delete(PasskeyChallenge).where(or_(over, before)))
        row = PasskeyChallenge(
            id=new_id(), browser_hash=_browser_key(purpose, mark), challenge=bytes_to_base64url(challenge)
        )
        row.handle, row.expires_at = handle, now() + LIFE
        db.session.add(row)
    return challenge, mark


def _browser_key(purpose: str, mark: str) -> str:
    return keyed_hash("passkey-browser", f"{purpose}:{mark}")


def _take(purpose: str, mark: str) -> tuple[bytes, str]:
    """What this browser was to sign, which has then served, whatever comes of it. Raises PasskeyRefused."""
    wanted = PasskeyChallenge.browser_hash == _browser_key(purpose, mark)
    taken = PasskeyChallenge.challenge, PasskeyChallenge.handle, PasskeyChallenge.expires_at
    with transaction():
        row = db.session.execute(delete(PasskeyChallenge).where(wanted).returning(*taken)).first()
    if row is None or row[2] <= now():
        raise PasskeyRefused()
    return base64url_to_bytes(row[0]), str(row[1])


def begin_passkey(actor: Actor, instead_of: str = "") -> tuple[str, str]:
    """What the browser is asked to make, as JSON, and its mark. Names no person and no club. Raises NotAllowed."""
    if not can_keep_passkey(actor):
        raise NotAllowed("shared_device", SHARED)
    where, held = _home(), held_by(actor.account_id)
    handle = held.passkeys[0].handle if held.passkeys else bytes_to_base64url(secrets.token_bytes(32))
    challenge, mark = _begin(f"keep:{actor.account_id}", instead_of, handle)
    options = webauthn.generate_registration_options(
        rp_id=where.name,
        rp_name=letterhead.name(),
        user_name=_("%(house)s (équipe)", house=letterhead.name()) if actor.is_staff else letterhead.name(),
        user_id=base64url_to_bytes(handle),
        challenge=challenge,
        timeout=int(LIFE.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=CHECKED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(k.credential_id)) for k in held.passkeys
        ],
    )
    return webauthn.options_to_json(options), mark


def keep_passkey(actor: Actor, mark: str, answer: str, label: str) -> list[str]:
    """Keep what the browser made. Returns the printed codes, when they are somebody's of the team and the first.

    Raises Invalid, NotAllowed, PasskeyRefused, Taken.
    """
    if not can_keep_passkey(actor):
        raise NotAllowed("shared_device", SHARED)
    name, where = clean_label(label), _home()
    challenge, handle = _take(f"keep:{actor.account_id}", mark)
    try:
        made = webauthn.verify_registration_response(
            credential=_read(answer), expected_challenge=challenge, expected_rp_id=where.name,
            expected_origin=where.origin, require_user_verification=True,
        )  # fmt: skip
    except UNREADABLE as error:
        raise PasskeyRefused() from error
    row = Passkey(
        id=new_id(), account_id=actor.account_id, credential_id=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key), sign_count=made.sign_count, handle=handle,
        label=name, created_on=now().date(),
    )  # fmt: skip
    return _store(actor, row)


def _store(actor: Actor, row: Passkey) -> list[str]:
    try:
        with transaction():
            db.session.execute(select(Account.id).where(Account.id == actor.account_id).with_for_update())
            if len(held_by(actor.account_id).passkeys) >= MOST:
                raise Taken("too_many_passkeys", _l("Vous avez déjà 20 appareils. Enlevez-en un."))
            db.session.add(row)
            db.session.flush()
            return first_rescue_codes(actor.account_id) if actor.is_staff else []
    except IntegrityError as error:  # one that somebody has already: made up, or sent twice
        raise PasskeyRefused() from error


def clean_label(label: str) -> str:
    """The name by which the person knows the device. Raises Invalid."""
    return checked(label, "label", MAX_LABEL) or _("Cet appareil")


def _read(answer: str) -> dict[str, Any]:
    found = json.loads(answer[:MAX_ANSWER])
    if not isinstance(found, dict):
        raise ValueError
    return found


def begin_sign_in(asker: Asker, instead_of: str = "") -> tuple[str, str]:
    """What any passkey of this house is asked to sign, as JSON, and the browser's mark: nobody is named.

    Never on a device of the house. It counts for the place until it has let somebody in. Raises NotAllowed, TooMany.
    """
    if asker.device:
        raise NotAllowed("shared_device", SHARED)
    return _ask(SIGN_IN, asker, instead_of, "")


def begin_proof(actor: Actor, asker: Asker) -> str:
    """What one's own passkey is asked to sign, to prove who one is; it lets nobody in. Raises TooMany."""
    return _ask(_proving(actor), asker, actor.credential, actor.credential)[0]


def _ask(purpose: str, asker: Asker, instead_of: str, mark: str) -> tuple[str, str]:
    Try().spend(place_budget(asker))
    challenge, mark = _begin(purpose, instead_of, mark=mark)
    options = webauthn.generate_authentication_options(
        rp_id=_home().name, challenge=challenge, timeout=int(LIFE.total_seconds() * 1000), user_verification=CHECKED
    )
    return webauthn.options_to_json(options), mark


def _signed_by(purpose: str, mark: str, answer: str, asker: Asker) -> Passkey:
    """The passkey that signed what this browser was asked. Raises PasskeyRefused."""
    where, (challenge, _handle) = _home(), _take(purpose, mark)
    try:
        told = _read(answer)
        wanted = Passkey.credential_id == str(told["id"])
        with transaction():
            row = db.session.scalars(select(Passkey).where(wanted).with_for_update()).first()
            if row is None or told["response"].get("userHandle") != row.handle:
                raise PasskeyRefused()
            signed = webauthn.verify_authentication_response(
                credential=told, expected_challenge=challenge, expected_rp_id=where.name,
                expected_origin=where.origin, credential_public_key=base64url_to_bytes(row.public_key),
                credential_current_sign_count=row.sign_count, require_user_verification=True,
            )  # fmt: skip
            row.sign_count = signed.new_sign_count
    except UNREADABLE as error:
        raise PasskeyRefused() from error
    place = Try()
    place.spent.append(place_budget(asker))
    place.was_right()
    return row


def sign_in_by_passkey(mark: str, answer: str, asker: Asker, *, instead_of: Actor | None = None) -> Entry:
    """Come in with a passkey: both steps in one. A key that came from elsewhere makes no device one's own.

    Raises PasskeyRefused.
    """
    row = _signed_by(SIGN_IN, mark, answer, asker)
    with transaction():
        account = db.session.get(Account, row.account_id)
        if account is None or account.locked_at is not None or not may_enter(account.demo):
            raise PasskeyRefused()
        shared = _from_elsewhere(answer) or (instead_of is not None and instead_of.shared)
        end_present(instead_of)
        return begin_session(account, shared, asker.device, way="passkey", strong=True)


def _from_elsewhere(answer: str) -> bool:
    """Was it a stick, or a phone beside this computer? Then this computer may be anybody's."""
    return _read(answer).get("authenticatorAttachment") != "platform"


def _proving(actor: Actor) -> str:
    return f"prove:{actor.account_id}"


def _check(actor: Actor, given: Mapping[str, Any], asker: Asker) -> None:
    try:
        row = _signed_by(_proving(actor), actor.credential, str(given["credential"]), asker)
    except PasskeyRefused as error:
        raise Invalid(error.code, error.detail) from error
    if row.account_id != actor.account_id:
        raise Invalid("passkey_refused", PasskeyRefused.detail)


def name_passkey(actor: Actor, passkey_id: str, label: str) -> None:
    """Give one's own passkey another name. Raises Invalid, NotFound."""
    name = clean_label(label)
    with transaction():
        passkey_for(actor, passkey_id).label = name


def drop_passkey(actor: Actor, passkey_id: str) -> None:
    """Give up one's own passkey; the team keeps one proof at least. Raises LastProof, NotFound."""
    with transaction():
        row = passkey_for(actor, passkey_id)
        keep_one_proof(actor, but=1)
        db.session.delete(row)


def forget_old_challenges() -> None:
    """What nobody came to sign."""
    with transaction():
        db.session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < now()))


def _offered(account: Account) -> bool:
    return home() is not None and bool(held_by(account.id).passkeys)


kinds.append(Kind("credential", "proofs/_by_passkey.html", _offered, _check, strong=True))
