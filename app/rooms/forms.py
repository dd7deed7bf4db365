"""The form of a claim. The action checks everything again; what was typed always comes back."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.core.ids import new_id
from app.rooms.actions import MAX_TITLE, Wish
from app.rooms.models import SIZES
from app.web.forms import AtMost, Form, Required, clean_line

BANDS = [
    SelectChoice(1, _l("Moins de 5")),
    SelectChoice(5, _l("5 à 9")),
    SelectChoice(10, _l("10 à 19")),
    SelectChoice(20, _l("20 et plus")),
]
YES_OR_NO = [SelectChoice("no", _l("Non")), SelectChoice("yes", _l("Oui, le nom du club paraît"))]


def _band(value: object) -> int | None:
    return next((size for size in SIZES if str(size) == str(value)), None)


class OneOfTheBands:
    """A size may stay unsaid, as in the JSON; one that no button has is refused."""

    def __call__(self, _form: Form, field: Field) -> None:
        if field.data is None and any(field.raw_data or ()):
            raise StopValidation(str(_l("Dites à peu près combien vous serez.")))


class ClaimSlotForm(Form):
    """What a club does in a slot. ``key`` is made with the page: sent twice, it is claimed once."""

    key = HiddenField(default=new_id)
    # What no button offers is refused by the action, in its own words.
    club = RadioField(
        _l("Pour quel club ?"), validators=[Required(_l("Choisissez un club."))], choices=[], validate_choice=False
    )
    title = StringField(
        _l("Titre de la rencontre"),
        description=_l("Court et simple. Exemple : Jouer un entretien."),
        filters=[clean_line],
        validators=[Required(_l("Écrivez un titre.")), AtMost(MAX_TITLE)],
    )
    size = RadioField(
        _l("Combien de personnes ?"),
        description=_l("À peu près. Cela sert à choisir la salle, et rien d’autre."),
        choices=BANDS,
        coerce=_band,
        validate_choice=False,
        validators=[OneOfTheBands()],
    )
    public = RadioField(_l("Rencontre ouverte à tous ?"), choices=YES_OR_NO, validate_choice=False)

    def offer(self, clubs: Sequence[Club]) -> None:
        """Only the clubs that the reader leads; to all only where one of them may be named."""
        self.club.choices = [SelectChoice(club.slug, plant_name(club)) for club in clubs]
        if len(clubs) == 1 and not self.club.data:
            self.club.data = clubs[0].slug
        if not any(club.listed for club in clubs):
            del self.public
        elif self.public.data is None:
            self.public.data = "no"

    def wish_for(self, slot_id: str) -> Wish:
        """What the action is asked."""
        public = "public" in self and self.public.data == "yes"
        return Wish(slot_id, self.club.data or "", self.title.data or "", public, self.size.data or SIZES[0])
