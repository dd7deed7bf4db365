"""The form of how long a club keeps what it says."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields import SelectChoice

from app.web.forms import Form


class ChooseKeepingForm(Form):
    """From one month to two years."""

    months = SelectField(
        _l("Combien de mois"),
        description=_l("De 1 à 24. Sans choix, c’est 12."),
        coerce=int,
        choices=[SelectChoice(number, str(number)) for number in range(1, 25)],
        validate_choice=False,
    )
