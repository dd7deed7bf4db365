"""Opaque random identifiers."""

import base64
import re
import secrets

ID = re.compile(r"[a-z2-7]{26}")
# Without 0 O 1 I L: no sign that is taken for another, where a code is copied by hand.
TO_COPY = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_id() -> str:
    """128 random bits as 26 lower-case letters and digits: no time, no counter, safe in an address."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def new_secret() -> str:
    """256 random bits for a session, a token or a browser mark; only its hash is stored."""
    return secrets.token_urlsafe(32)


def new_code(signs: str, length: int) -> str:
    """Some of these signs, each as likely as the other: a code that a person types."""
    return "".join(secrets.choice(signs) for _ in range(length))
