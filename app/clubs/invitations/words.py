"""The secrets of invitations: 128 random bits in a link, or a word that is easy to say and to type.

A word is made of syllables of no language: it says nothing of a club, and whoever reads another alphabet types it as
easily. Six syllables of seventy are 37 bits: enough against who has ten wrong tries an hour.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable

from app.core.ids import ID
from app.core.sealed import keyed_hash

CONSONANTS = "bdfgklmnprstvz"
VOWELS = "aeiou"
SYLLABLES = 6
LETTERS = 2 * SYLLABLES
WORD = re.compile(rf"(?:[{CONSONANTS}][{VOWELS}]){{{SYLLABLES}}}")
MOST_READ = 200
# What nobody should have to read on the paper that lets them in.
RUDE = ("kaka", "pipi", "zizi", "bite", "pute", "puta", "nazi", "koko", "sida", "tuer", "fuka", "kuku", "popo", "kaga")
LINK = re.compile(r"(?:.*/invitations/)?([a-z2-7]{26})[^a-z2-7]*", re.S)


def new_word(avoid: Iterable[str] = ()) -> str:
    """``bodi-ravu-temo``: nothing rude in it, and no part of the names given, by which one could guess at the club."""
    names = [part for name in avoid for part in re.findall("[a-z]{4,}", _plain(name))]
    while True:
        drawn = "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(SYLLABLES))
        if not any(part in drawn for part in (*RUDE, *names)):
            return "-".join(drawn[n : n + 4] for n in range(0, LETTERS, 4))


def read_secret(typed: str) -> str:
    """What was typed, or pasted, in the one shape in which it is looked for; empty when it can be no secret of ours."""
    text = _plain(typed[:MOST_READ]).strip()
    link = LINK.fullmatch(text)
    if link is not None:
        return link[1]
    letters = "".join(sign for sign in text if sign.isalpha())
    return letters if WORD.fullmatch(letters) else ""


def is_link(secret: str) -> bool:
    """Is this the secret of a link?"""
    return ID.fullmatch(secret) is not None


def secret_key(secret: str) -> str:
    """By which an invitation is found. What can be none of ours is looked for too, and never found."""
    return keyed_hash("invitation", secret)


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in bare if not unicodedata.combining(sign)).lower()
