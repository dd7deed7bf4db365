"""What the rules of the languages share: the catalogues, and what may stand in them."""

import re
from functools import cache

from babel.messages import Catalog
from babel.messages.pofile import read_po

from app.web.catalogues import FOLDER

PLACEHOLDER = re.compile(r"%\(\w+\)\w|\{\w*\}")
NOT_ARABIC = re.compile(r"[A-Za-zÀ-ɏ]|[,;?]")
# Latin letters in Arabic sentences: the product, a key of the keyboard, examples of an address and of a name, and what
# has to be typed.
LATIN_IN_ARABIC = {
    "/door",
    "/kiosk",
    "KIWI-4827",
    "JPEG",
    "PDF",
    "PNG",
    "Pépinière",
    "Shift",
    "name@example.com",
    "Marie-Claude",
}
ATTRIBUTES = (
    *("aria-label", "title", "placeholder", "alt", "label", "aria-description"),
    # What a script will say.
    *("data-label", "data-today", "data-yesterday", "data-closed", "data-typing", "data-below", "data-reply"),
    *("data-apart", "data-comma", "data-gone", "data-old", "data-quote", "data-you"),
)


@cache
def catalogue(code: str) -> Catalog:
    with (FOLDER / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code)
