"""The form of a calendar that is brought."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField

from app.web.forms import Form, offered

WEEKS = {8: _l("8 semaines"), 26: _l("6 mois"), 52: _l("12 mois")}


class BringForm(Form):
    """Which file, and how far ahead it is read."""

    file = FileField(
        _l("Le fichier du calendrier"),
        validators=[FileRequired(_l("Choisissez un fichier qui finit par .ics."))],
        description=_l("Un fichier .ics, 100 ko au plus. Dans votre calendrier, cherchez « Exporter »."),
        render_kw={"accept": ".ics,text/calendar"},
    )
    weeks = RadioField(_l("Jusqu’où ?"), coerce=int, choices=offered(WEEKS.items()), default=26)
