"""Forms of the pages about mails."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.web.forms import Boxes, Form

HOURS = range(24)


class MailsForm(Form):
    """The kinds that somebody wants, the hour of the summary, the quiet hours."""

    wanted = Boxes(_l("Les mails que je veux"), description=_l("Les codes pour entrer arrivent toujours."))
    digest_hour = SelectField(_l("L’heure du résumé"), coerce=int)
    quiet_from = SelectField(
        _l("Début des heures calmes"), coerce=int, description=_l("Rien ne part pendant ces heures, sauf les codes.")
    )
    quiet_until = SelectField(_l("Fin des heures calmes"), coerce=int)

    def offer(self, kinds: list[tuple[str, Any]], hours: list[tuple[int, str]]) -> "MailsForm":
        """What may be chosen, in words."""
        self.wanted.choices = kinds
        for field in (self.digest_hour, self.quiet_from, self.quiet_until):
            field.choices = hours
        return self
