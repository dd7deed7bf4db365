"""What a report, a decision and an objection must be. Each refusal has its code and a plain sentence."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.clock import now
from app.core.errors import Invalid
from app.core.ids import ID
from app.web.forms import checked

REASONS: dict[str, Any] = {
    "hurt": _l("Blesse une personne"),
    "secret": _l("Dit quelque chose de privé"),
    "ad": _l("Publicité ou arnaque"),
    "other": _l("Autre chose"),
}
MAX_ENCLOSED = 5
MAX_WORDS, MAX_NOTE, MAX_OBJECTION = 300, 1000, 2000
LONGEST = timedelta(days=366)


def checked_words(reason: Any, *, danger: bool = False) -> str:
    """One of the four reasons, or words. A danger needs none. Raises Invalid."""
    empty = None if danger else _l("Dites ce qui se passe.")
    return checked(reason, "reason", MAX_WORDS, empty=empty) or "other"


def checked_note(note: Any) -> str:
    """A word to add, or nothing. Raises Invalid."""
    return checked(note, "note", MAX_NOTE, lines=True)


def checked_ids(enclosed: Any, but: str) -> list[str]:
    """The messages to enclose, each once, without the one that is reported: five at most. Raises Invalid."""
    given = enclosed if isinstance(enclosed, list) else []
    ids = [each for each in dict.fromkeys(given) if each != but]
    if len(ids) > MAX_ENCLOSED:
        raise Invalid("too_many_enclosed", _l("Joignez cinq messages au plus."), field="enclosed")
    if not all(ID.fullmatch(each) for each in ids):
        raise cannot_enclose()
    return ids


def cannot_enclose() -> Invalid:
    return Invalid(
        "enclosed_unreadable", _l("Joignez seulement des messages lisibles de cette discussion."), field="enclosed"
    )


def checked_until(until: datetime | None) -> datetime | None:
    """Nothing, for good; or a moment to come, within a year. Raises Invalid."""
    if until is None:
        return None
    if until.tzinfo is None or not now() < until <= now() + LONGEST:
        raise Invalid("until_invalid", _l("Choisissez une durée d’un an au plus."), field="until")
    return until


def checked_objection(body: Any) -> str:
    """What the person answers. Raises Invalid."""
    return checked(body, "body", MAX_OBJECTION, empty=_l("Écrivez pourquoi vous n’êtes pas d’accord."), lines=True)


def reason_words(reason: str) -> str:
    """One of the four in the reader's language; words stay as they are."""
    return str(REASONS.get(reason, reason))
