"""What people type: digits in any script, and Unicode normalisation that cannot be made to take long.

Sorting a run of combining marks costs the square of its length: 32,000 of them on one letter hold the loop for four
seconds. A run is cut at thirty first, the length that the Stream-Safe Text Format allows (UAX #15, section 13).
"""

import unicodedata
from typing import Literal

MOST_MARKS = 30
NormalForm = Literal["NFC", "NFKC", "NFD", "NFKD"]


def normalized(text: str, form: NormalForm = "NFC") -> str:
    """The text in a normal form; what a run of marks has beyond thirty is dropped. Linear in the length."""
    if text.isascii():
        return text
    return unicodedata.normalize(form, _stream_safe(text))


def typed_digits(text: str, length: int) -> str | None:
    """So many digits out of what was typed or pasted, in any script, with spaces or hyphens or none; or None."""
    # The marks of direction too: a mail in Arabic holds them around a code, and a copy takes them along.
    kept = [sign for sign in text if not sign.isspace() and sign not in "-.–" and unicodedata.category(sign) != "Cf"]
    if len(kept) != length or not all(sign.isdecimal() for sign in kept):
        return None
    return "".join(str(unicodedata.decimal(sign)) for sign in kept)


def _stream_safe(text: str) -> str:
    run, kept = 0, []
    for sign in text:
        run = run + 1 if unicodedata.combining(sign) else 0
        if run <= MOST_MARKS:
            kept.append(sign)
    return "".join(kept)
