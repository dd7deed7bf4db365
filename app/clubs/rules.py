"""The rules of the house, as every club has them. A decision may also name a rule of the club's charter, in words."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

RULES: dict[str, Any] = {
    "1": _l("Respecter chacun"),
    "2": _l("Garder le secret"),
    "3": _l("Pas de publicité"),
}


def rule_words(rule: str) -> str:
    """``1. Respecter chacun`` in the reader's language; a rule in words stays as it is."""
    return f"{rule}. {RULES[rule]}" if rule in RULES else rule


def rule_line(rule: str) -> str:
    """``Règle 1 : respecter chacun.``, as it stands under a message that was hidden."""
    if rule not in RULES:
        return str(_("Règle : %(rule)s.", rule=rule.rstrip(".")))
    words = str(RULES[rule])
    return str(_("Règle %(number)s : %(rule)s.", number=rule, rule=words[0].lower() + words[1:]))
