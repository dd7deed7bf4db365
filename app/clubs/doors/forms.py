"""Forms of the door of a club."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField

from app.clubs.founding.forms import DOOR_WORDS, ChoosePlantForm, as_choices
from app.web.forms import Form


class PrepareDoorForm(Form):
    """Which door."""

    door = RadioField(_l("Qui peut entrer ?"), choices=as_choices(DOOR_WORDS), validate_choice=False)


class ChangeDoorForm(Form):
    """Yes, to what was read."""

    before = HiddenField()


class HideClubForm(ChoosePlantForm):
    """The same, with a new name and a new tile."""

    before = HiddenField()
