"""Why something that a club proposed is not kept, in the closed words that the team chooses from and leads read."""

from typing import Any

from flask_babel import lazy_gettext as _l

REASONS: dict[str, Any] = {
    "known": _l("La maison l’a déjà."),
    "dead": _l("Le lien ne s’ouvre pas."),
    "sells": _l("Il faut payer, ou c’est une publicité."),
    "unclear": _l("On ne comprend pas à quoi cela sert. Proposez-le avec d’autres mots."),
    "person": _l("Une personne y est nommée."),
    "other": _l("Ce n’est pas pour cette maison. L’accueil peut vous dire pourquoi."),
}
