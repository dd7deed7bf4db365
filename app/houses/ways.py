"""How one meets somebody who helps: the closed words that partners, hours and the shelf share."""

from typing import Any

from flask_babel import lazy_gettext as _l

WAYS: dict[str, Any] = {"here": _l("Sur place"), "phone": _l("Par téléphone"), "online": _l("En ligne")}
ICONS = {"here": "map-pin", "phone": "smartphone", "online": "video"}


def drawn_ways(codes: list[str]) -> list[tuple[str, str]]:
    """Each with its icon, in their fixed order."""
    return [(ICONS[code], str(words)) for code, words in WAYS.items() if code in codes]
