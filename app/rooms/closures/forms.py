"""The form of a closure."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice

from app.rooms.closures.actions import MAX_REASON
from app.rooms.closures.queries import Plan
from app.rooms.models import Room
from app.web.forms import AtMost, Day, Form, Required, clean_line


class CloseForm(Form):
    """What is shut, from when to when, and why."""

    what = SelectField(_l("Quoi ?"), choices=[], validate_choice=False)
    since = Day(_l("Du"), validators=[Required(_l("Choisissez le premier jour."))])
    until = Day(_l("Au"), validators=[Required(_l("Choisissez le dernier jour."))])
    say = StringField(
        _l("Ce que les clubs liront"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez ce que les clubs liront.")), AtMost(MAX_REASON)],
        description=_l("Exemple : Maison fermée, veille de fête."),
        render_kw={"autocomplete": "off"},
    )

    def offer(self, rooms: Sequence[Room]) -> None:
        """The whole house, or one of its rooms."""
        self.what.choices = [
            SelectChoice("", str(_l("Toute la maison"))),
            *(SelectChoice(room.slug, room.name) for room in rooms),
        ]

    @property
    def plan(self) -> Plan:
        """What the action is told."""
        return Plan(self.what.data or "", self.since.data, self.until.data, self.say.data or "")
