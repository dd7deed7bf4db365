"""What is stored sealed (addresses), and keyed hashes to find it again."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


def _key(purpose: str) -> bytes:
    cache: dict[str, bytes] = current_app.extensions.setdefault("sealed_keys", {})
    if purpose not in cache:
        secret = str(current_app.config["SECRET_KEY"]).encode()
        cache[purpose] = HKDF(hashes.SHA256(), 32, None, f"pepiniere/{purpose}".encode()).derive(secret)
    return cache[purpose]


def derive_key(purpose: str) -> bytes:
    """32 bytes for one purpose, from SECRET_KEY by HKDF-SHA256 (RFC 5869)."""
    return _key(purpose)


def seal(text: str) -> str:
    """Encrypt and authenticate (Fernet) a short text."""
    return Fernet(base64.urlsafe_b64encode(_key("seal"))).encrypt(text.encode()).decode()


def seal_undated(text: str) -> str:
    """As ``seal``, without the moment that such a token bears in the clear."""
    return Fernet(base64.urlsafe_b64encode(_key("seal"))).encrypt_at_time(text.encode(), 0).decode()


def unseal(token: str) -> str | None:
    """The text, or None when it was sealed with another key."""
    try:
        return Fernet(base64.urlsafe_b64encode(_key("seal"))).decrypt(token.encode()).decode()
    except InvalidToken:
        return None


def keyed_hash(purpose: str, text: str) -> str:
    """HMAC-SHA256 as 64 hexadecimal digits: finds, but does not tell."""
    return hmac.new(_key(purpose), text.encode(), hashlib.sha256).hexdigest()
