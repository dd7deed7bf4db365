"""What a title, a body and a ``client_id`` must be. Each refusal has its code and a plain sentence."""

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.errors import Invalid
from app.messaging.models import MAX_BODY, MAX_TITLE
from app.web.forms import clean_line, clean_text

UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
UNSEEN = frozenset("CZ")


def folded_client_id(client_id: Any) -> str:
    """In lower case, so that one identifier is one text; "" for what is none."""
    found = UUID4.fullmatch(client_id.lower()) if isinstance(client_id, str) and client_id.isascii() else None
    return found[0] if found else ""


def checked_client_id(client_id: str) -> str:
    """A random UUID and no other: one made from a clock or a machine could link two clubs. Raises Invalid."""
    if not UUID4.fullmatch(client_id):
        detail = _l("Ce message n’a pas de numéro. Rechargez la page, puis recommencez.")
        raise Invalid("client_id_invalid", detail, field="client_id")
    return client_id


def checked_body(body: Any) -> str:
    """Trimmed, NFC, 1 to 4,000 signs. Raises Invalid."""
    text = clean_text(_encodable(body))
    if not _says_something(text):
        raise Invalid("body_empty", _l("Écrivez d’abord votre message."), field="body")
    if len(text) > MAX_BODY:
        detail = _l("C’est trop long : 4 000 signes au plus. Envoyez-le en plusieurs fois.")
        raise Invalid("body_too_long", detail, field="body")
    return str(text)


def checked_title(title: Any) -> str:
    """One line of 1 to 120 signs. Raises Invalid."""
    line = clean_line(_encodable(title))
    if not _says_something(line):
        raise Invalid("title_empty", _l("Donnez un titre à la discussion."), field="title")
    if len(line) > MAX_TITLE:
        raise Invalid("title_too_long", _l("Ce titre est trop long : 120 signes au plus."), field="title")
    return str(line)


def _encodable(text: Any) -> str:
    # Half a surrogate pair can be written in JSON, and in no database.
    return text.encode("utf-8", "ignore").decode() if isinstance(text, str) else ""


def _says_something(text: str) -> bool:
    """At least one sign that can be seen."""
    return any(unicodedata.category(sign)[0] not in UNSEEN for sign in text)
