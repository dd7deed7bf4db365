"""What a kiosk offers: say that one is there."""

from flask import url_for
from flask_babel import gettext as _

from app.core.actor import Actor
from app.houses.devices.hall import Choice, choices
from app.houses.models import House


def offer(_actor: Actor | None, _house: House) -> list[Choice]:
    """For every person who comes to a meeting."""
    return [
        Choice(35, _("Nous sommes là"), _("Avec le mot de la rencontre"), url_for("presence.say_word"), "ring", "pine")
    ]


choices.append(offer)
