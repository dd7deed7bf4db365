"""The eight lines, and the three words for each."""

from typing import Any

from flask_babel import lazy_gettext as _l

LINES: tuple[Any, ...] = (
    _l("Je dis bonjour et je regarde la personne."),
    _l("Je me présente en deux minutes."),
    _l("Je dis pourquoi ce travail m’intéresse."),
    _l("Je donne un exemple de ce que je sais faire."),
    _l("Je parle assez fort, sans aller trop vite."),
    _l("J’écoute la question jusqu’au bout."),
    _l("Je réponds quand une question me gêne."),
    _l("Je pose une question, puis je remercie."),
)
ANSWERS: tuple[Any, ...] = (_l("Pas encore"), _l("Ça vient"), _l("Oui"))
YES = 2


def yes_in(answers: list[int] | None) -> int | None:
    """How many lines have a yes."""
    return None if answers is None else answers.count(YES)
