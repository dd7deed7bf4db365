"""What people do before a row about proofs."""

import secrets
from typing import Any

from app.accounts.models import LoginSession
from app.accounts.proofs.models import Passkey
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.core.sealed import seal
from tests.support import factories as make
from tests.support.authenticator import Phone
from tests.support.second_step import give_app, number_of

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def show_secret(stage: Any, client: Any, role: str) -> dict[str, str]:
    """The page has shown a secret, and the app has it."""
    with stage.app.app_context():
        sealed = seal(SECRET)
    with client.session_transaction() as kept:
        kept["number"] = sealed
    return {"number": number_of(SECRET)}


def keep_app(stage: Any, client: Any, role: str) -> dict[str, str]:
    """The person keeps an app."""
    person = stage.people[role]
    if person is not None:
        with stage.app.app_context(), transaction():
            give_app(person.account_id)
    return {}


def give_passkey(account_id: str) -> str:
    """A passkey of that account; in the present transaction, or one of its own."""
    with transaction():
        told = {"credential_id": secrets.token_urlsafe(32), "public_key": "AAAA", "handle": secrets.token_urlsafe(32)}
        row = Passkey(id=new_id(), account_id=account_id, label="Mon téléphone", created_on=now().date(), **told)
        return str(make.add(row).id)


def own_passkey(stage: Any, client: Any, role: str) -> dict[str, str]:
    """The person keeps a passkey."""
    with stage.app.app_context():
        return {"own_passkey": give_passkey((stage.people[role] or stage.nina).account_id)}


def make_passkey(stage: Any, client: Any, role: str) -> dict[str, str]:
    """The browser was asked to make one, and the phone did."""
    begun = client.send("/account/proof/passkeys/begin", on="")
    return {"credential": Phone().create(begun.json) if begun.status_code == 200 else "{}"}


def share_device(stage: Any, client: Any, role: str) -> dict[str, str]:
    """The device serves several people."""
    with stage.app.app_context(), transaction():
        db.session.execute(db.update(LoginSession).values(shared=True))
    return {}


FIRST = {
    "show_secret": show_secret,
    "keep_app": keep_app,
    "own_passkey": own_passkey,
    "make_passkey": make_passkey,
    "share_device": share_device,
}
