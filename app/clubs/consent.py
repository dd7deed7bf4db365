"""The one sentence that is shown before joining. A change of its meaning is a new version."""

from typing import Any

from flask_babel import lazy_gettext as _l

CONSENT_VERSION = "2026-09"
CONSENT_TEXT: Any = _l(
    "J’accepte que la Maison garde mon nom dans ce club et mes messages, pour que le club puisse me parler. "
    "Je peux revenir en arrière quand je veux."
)
