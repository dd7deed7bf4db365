"""The form of a claim that the team makes for a club."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.rooms.forms import size_field
from app.web.forms import Form, Required


class ClaimForClubForm(Form):
    """For which club of the house, and for how many. The club says later what it does there."""

    club = SelectField(
        _l("Quel club ?"), choices=[], validate_choice=False, validators=[Required(_l("Choisissez un club."))]
    )
    size = size_field()
