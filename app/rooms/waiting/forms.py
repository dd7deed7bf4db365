"""The forms of waiting."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.fields import SelectChoice

from app.clubs.models import Club
from app.rooms.actions import MAX_TITLE
from app.rooms.forms import club_field, offer_clubs, size_field
from app.rooms.models import SIZES
from app.rooms.waiting.actions import Wait
from app.web.forms import AtMost, Form, clean_line

WHAT = [SelectChoice("slot", _l("Cette salle")), SelectChoice("evening", _l("Ce soir-là, n’importe quelle salle"))]


class WaitForm(Form):
    """For which club, for what, for how many."""

    club = club_field()
    what = RadioField(_l("Que voulez-vous attendre ?"), choices=WHAT, default="slot", validate_choice=False)
    size = size_field()

    def offer(self, clubs: Sequence[Club], *, evening: bool) -> None:
        """Only the clubs that the reader leads; an evening only where the slot is in one."""
        offer_clubs(self.club, clubs)
        if not evening:
            del self.what

    def wish_for(self, slot_id: str) -> Wait:
        """What the action is asked."""
        evening = "what" in self and self.what.data == "evening"
        return Wait(slot_id, self.club.data or "", evening, self.size.data or SIZES[0])


class AcceptForm(Form):
    """What the club does there; it has a title already."""

    title = StringField(
        _l("Titre de la rencontre"),
        description=_l("Vous pouvez le laisser ainsi."),
        filters=[clean_line],
        validators=[AtMost(MAX_TITLE)],
    )
