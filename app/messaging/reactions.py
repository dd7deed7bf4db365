"""The four words. The word is what people read; the emoji is the key that programs send."""

import re
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.errors import Invalid


@dataclass(frozen=True)
class Word:
    """One reaction: its key in the API, its word on screen, its drawing."""

    key: str
    word: Any
    icon: str


WORDS = (
    Word("🙏", _l("Merci"), "hand-heart"),
    Word("👏", _l("Bravo"), "sparkles"),
    Word("✋", _l("Je viens"), "user-check"),
    Word("🤝", _l("Moi aussi"), "hand"),
)
KEYS = frozenset(word.key for word in WORDS)
# Variation selectors and skin tones change how it looks, not what it says.
LOOKS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")


def reaction_key(emoji: str) -> str:
    """The key of a reaction as a client wrote it. Raises Invalid for any other than the four."""
    key = LOOKS.sub("", emoji)
    if key not in KEYS:
        raise Invalid("unknown_reaction", _l("Ce mot n’existe pas ici."), field="emoji")
    return key
