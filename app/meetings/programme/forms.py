"""The forms of a point, and of a thing to bring."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import Optional

from app.meetings.programme.models import MAX_POINT, MAX_THING
from app.web.forms import AtMost, Form, Number, Required


class AddPointForm(Form):
    """One line, and minutes."""

    text = StringField(
        _l("De quoi parler, ou que faire ?"),
        description=_l("Une ligne. Par exemple : un mot chacun, et la date suivante."),
        validators=[Required(_l("Écrivez de quoi il s’agit.")), AtMost(MAX_POINT)],
    )
    minutes = Number(_l("Combien de minutes ?"), description=_l("Si vous le savez."), validators=[Optional()])


class AskThingForm(Form):
    """What to bring, and whether one brings it."""

    text = StringField(
        _l("Que faut-il apporter ?"),
        description=_l("Par exemple : du café."),
        validators=[Required(_l("Écrivez ce qu’il faut apporter.")), AtMost(MAX_THING)],
    )
    mine = BooleanField(_l("Je l’apporte"))
