"""The second step of the team, as a phone with an app of numbers takes it."""

from typing import Any

import pyotp

from app.accounts.proofs.models import OneTimeNumber
from app.core.clock import now
from app.core.sealed import seal
from tests.support import factories as make


def give_app(account_id: str) -> str:
    """An account keeps an app; needs a transaction. Returns the secret."""
    secret = pyotp.random_base32()
    make.add(OneTimeNumber(account_id=account_id, secret_sealed=seal(secret), created_on=now().date()))
    return secret


def number_of(secret: str, steps: int = 0) -> str:
    """What the app shows now, or some half minutes later."""
    app = pyotp.TOTP(secret.replace(" ", ""))
    return str(app.generate_otp(app.timecode(now()) + steps))


def set_up_app(client: Any) -> str:
    """Go through the pages that settle an app, up to the printed codes; returns the secret."""
    page = client.get("/account/proof/number").page
    secret = "".join(page.all(".//main//code")[0].itertext())
    answer = client.submit("/account/proof/number", {"number": number_of(secret)}, "/account/proof/number")
    assert answer.location == "/account/proof/rescue"
    return secret
