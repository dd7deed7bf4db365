"""Slot ids: opaque, 128 bits, not stored. The same room, start and end always give the same one.

One AES block under a key of its own, over the room's number (4 bytes), the start in minutes since 1970 (4), the length
in minutes (2) and six zero bytes, which tell an id of ours from any other 26 letters.
"""

import base64
import binascii
import struct
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from app.core.sealed import derive_key

LAYOUT = ">IIH6x"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _cipher() -> Cipher[ECB]:
    # One block, each input once: what other modes protect against does not arise.
    return Cipher(AES(derive_key("slot-id")), ECB())  # noqa: S305


def slot_id(number: int, start: datetime, end: datetime) -> str:
    """26 lower-case letters and digits."""
    block = struct.pack(LAYOUT, number, (start - EPOCH) // MINUTE, (end - start) // MINUTE)
    encryptor = _cipher().encryptor()
    sealed = encryptor.update(block) + encryptor.finalize()
    return base64.b32encode(sealed).decode().rstrip("=").lower()


def read_slot_id(text: str) -> tuple[int, datetime, datetime] | None:
    """The room's number, the start and the end; None for an id that is not ours."""
    if len(text) != 26 or not text.isascii() or text != text.lower():
        return None
    try:
        sealed = base64.b32decode(text.upper() + "======")
    except binascii.Error:
        return None
    decryptor = _cipher().decryptor()
    block = decryptor.update(sealed) + decryptor.finalize()
    if any(block[10:]):
        return None
    number, start, length = struct.unpack(LAYOUT, block)
    begin = EPOCH + start * MINUTE
    return (number, begin, begin + length * MINUTE) if slot_id(number, begin, begin + length * MINUTE) == text else None
