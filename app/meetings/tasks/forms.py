"""The form of a new task."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import Optional

from app.meetings.tasks.models import MAX_TASK
from app.web.forms import AtMost, Day, Form, Required


class MakeTaskForm(Form):
    """A sentence; who; a day."""

    text = StringField(
        _l("Que faut-il faire ?"),
        description=_l("Une phrase. Par exemple : rappeler la mairie."),
        validators=[Required(_l("Écrivez ce qu’il y a à faire.")), AtMost(MAX_TASK)],
    )
    holder = RadioField(_l("Qui s’en charge ?"), validate_choice=False, default="")
    due = Day(_l("Pour quel jour ?"), description=_l("Si vous le savez."), validators=[Optional()])
