"""The forms of attendance: how many, and who; whether a club notes names."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange

from app.meetings.attendance.actions import MOST
from app.web.forms import Boxes, Form, Number, Required

HOW_MANY = _l("Écrivez un nombre, de 0 à 500.")


class AttendanceForm(Form):
    """A number; names only where the club notes them."""

    number = Number(
        _l("Combien étiez-vous ?"),
        description=_l("Les personnes de passage comptent aussi."),
        validators=[Required(HOW_MANY), NumberRange(0, MOST, HOW_MANY)],
        render_kw={"inputmode": "numeric"},
    )
    names = Boxes(_l("Qui était là ?"), choices=[], validate_choice=False)


class ChooseAttendanceForm(Form):
    """A number, or names too."""

    named = RadioField(
        _l("Ce que le club note"),
        choices=[SelectChoice("no", _l("Un nombre")), SelectChoice("yes", _l("Un nombre, et des noms"))],
        validators=[Required(_l("Choisissez une réponse."))],
        validate_choice=False,
    )
