"""What the leads of a club are told when the team acted for it: house, day, time and room, and no club's name."""

from flask_babel import lazy_gettext as _l

from app.rooms.behalf.queries import AtDesk
from app.rooms.leads import tell_leads


def acted(found: AtDesk, done: str) -> None:
    """done: ``claimed``, ``released``, ``asked`` (an exchange), ``answered`` (one that was asked)."""
    tell_leads(found.standing, found.house, "request", _l("Fait par l’accueil, pour vous"), "desk_acted", done=done)
