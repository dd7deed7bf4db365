"""Trades in a few closed words: for question cards, and for what lies on the shelf."""

from typing import Any

from flask_babel import lazy_gettext as _l

TRADES: dict[str, Any] = {
    "tous": _l("Tous les métiers"),
    "accueil": _l("Accueil"),
    "aide": _l("Aide à domicile"),
    "vente": _l("Vente"),
    "logistique": _l("Logistique"),
    "cuisine": _l("Cuisine"),
    "batiment": _l("Bâtiment"),
    "bureau": _l("Travail de bureau"),
    "informatique": _l("Informatique"),
}
