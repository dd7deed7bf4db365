"""What a file is, by its first bytes, and why one is refused."""

MOST_BYTES = 2_000_000
MOST_PAGES = 60
MOST_PIXELS = 30_000_000
# What streams hold in all when they are opened: far more than pages that people read.
MOST_OPENED = 150_000_000

STARTS = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}


def words(text: str) -> frozenset[str]:
    """A set of words, written as one text."""
    return frozenset(text.split())


class Refused(Exception):
    """One word: ``kind``, ``big``, ``broken``, ``locked``, ``pages``, ``heavy``, ``layers``, ``form``, ``rare``."""


def kind_of(data: bytes) -> str:
    """``pdf``, ``png``, ``jpeg``, or nothing; the name of a file is not asked."""
    return next((kind for kind, start in STARTS.items() if data.startswith(start)), "")
