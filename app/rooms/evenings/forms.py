"""Forms of evenings: a condition, for the team; who is known to the team, for leads."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange, Optional, StopValidation

from app.rooms.evenings.actions import FEWEST, MOST, Condition
from app.rooms.evenings.holders import MAX_NAME
from app.web.forms import AtMost, Day, Form, Number, Required, clean_line


class RuleForm(Form):
    """Which evenings, and how many clubs."""

    day = Day(
        _l("Quel soir ?"),
        validators=[Required(_l("Choisissez un soir."))],
        description=_l("Dans huit jours ou plus. La maison décide sept jours avant, à 17 h."),
    )
    until = Day(
        _l("Chaque semaine, jusqu’au"),
        validators=[Optional()],
        description=_l("Vide : ce soir-là seulement. Sinon, le même jour de chaque semaine."),
    )
    clubs = Number(
        _l("Combien de clubs, au moins ?"),
        default=2,
        validators=[
            Required(_l("Écrivez un nombre de 2 à 20.")),
            NumberRange(FEWEST, MOST, _l("Écrivez un nombre de 2 à 20.")),
        ],
        render_kw={"inputmode": "numeric"},
    )

    @property
    def condition(self) -> Condition:
        """What the action is told."""
        return Condition(self.day.data, self.clubs.data or 0, self.until.data)


class HolderFields(Form):
    """Who closes with the team. A name is kept only under the sentence that says yes."""

    # Which condition the page showed: one that came since is shown before anything is sent.
    shown_if = HiddenField()
    holder = RadioField(
        _l("Qui ferme avec l’équipe, ce soir-là ?"),
        description=_l(
            "Une soirée finit après l’accueil. L’équipe doit connaître une personne. Vous pouvez décider plus tard."
        ),
        choices=[
            SelectChoice("known", _l("Une personne accepte d’être connue de l’équipe")),
            SelectChoice("later", _l("Plus tard")),
        ],
        validate_choice=False,
    )
    holder_name = StringField(
        _l("Son nom, comme elle le veut"),
        description=_l(
            "Pas forcément le nom utilisé dans le club. L’équipe seule le lit. "
            "Il est effacé trois jours après la soirée."
        ),
        filters=[clean_line],
        validators=[AtMost(MAX_NAME)],
        render_kw={"autocomplete": "off"},
    )

    def ask_holder(self, *, evening: bool) -> None:
        """In the daytime the team is there: nobody is asked."""
        if not evening:
            del self.holder, self.holder_name
        elif self.holder.data is None:
            self.holder.data = "later"

    def validate_holder(self, field: Any) -> None:
        named = bool(self.holder_name.data) if "holder_name" in self else False
        if named and field.data != "known":
            raise StopValidation(str(_l("Un nom est écrit. Dites si cette personne accepte, ou enlevez le nom.")))

    def validate_holder_name(self, field: Any) -> None:
        if self.holder.data == "known" and not field.data:
            raise StopValidation(str(_l("Écrivez un nom, ou choisissez « Plus tard ».")))

    @property
    def holder_said(self) -> str:
        """The name, where the person agreed; else nothing."""
        said = "holder" in self and self.holder.data == "known"
        return str(self.holder_name.data or "") if said else ""


class HolderForm(HolderFields):
    """The same, on a page of its own."""
