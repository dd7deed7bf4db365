"""Addresses that lead out of the house, typed by people: shown, never fetched."""

from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

MAX_LINK = 300


def is_web_address(text: str) -> bool:
    """``https://…`` or ``http://…`` of a named host, in signs that an address may have, without a password."""
    if len(text) > MAX_LINK or not text.isascii() or not text.isprintable() or any(sign in text for sign in ' "<>\\'):
        return False
    try:
        found = urlsplit(text)
        return found.scheme in ("http", "https") and "." in (found.hostname or "") and "@" not in found.netloc
    except ValueError:
        return False


class WebAddress:
    """An address of the web, or nothing."""

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data and not is_web_address(field.data):
            raise StopValidation(str(_l("Écrivez une adresse qui commence par https://.")))
