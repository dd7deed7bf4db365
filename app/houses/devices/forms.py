"""The forms of screens: where a new one will hang, and the letters of one that is not paired yet."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from app.houses.devices.walls import places_in
from app.houses.models import House
from app.web.filters import typo
from app.web.forms import Form, Required


class PlaceForm(Form):
    """Where a new screen will hang: in the hall, or elsewhere in the house."""

    place = SelectField(_l("Où sera l’écran ?"), validate_choice=False)

    def offer(self, house: House) -> None:
        """The hall first, where people do things."""
        places = [(place, str(typo(_("Porte : %(room)s", room=name)))) for place, name in places_in(house)]
        self.place.choices = [("", str(typo(_("Dans le hall : une borne")))), *places]


class PairForm(Form):
    """Six letters that the desk shows, typed in any case, with or without spaces."""

    code = StringField(
        _l("Les six lettres"),
        validators=[Required(_l("Écrivez les six lettres que l’accueil vous montre."))],
        description=_l("Elles sont sur l’écran de l’accueil, pendant 10 minutes."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": "20"},
    )
