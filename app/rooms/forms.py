"""The form of a claim. The action checks everything again; what was typed always comes back."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.core.ids import new_id
from app.rooms.actions import MAX_TITLE, Wish
from app.rooms.evenings.forms import HolderFields
from app.rooms.models import SIZES
from app.rooms.queries import Slot
from app.rooms.series.repeats import Said
from app.web.filters import day_long
from app.web.forms import AtMost, Boxes, Form, Required, clean_line, offered

BANDS = [
    SelectChoice(1, _l("Moins de 5")),
    SelectChoice(5, _l("5 à 9")),
    SelectChoice(10, _l("10 à 19")),
    SelectChoice(20, _l("20 et plus")),
]
YES_OR_NO = [SelectChoice("no", _l("Non")), SelectChoice("yes", _l("Oui, le nom du club paraît"))]
REPEATS = [
    SelectChoice("no", _l("Non")),
    SelectChoice("weekly", _l("Chaque semaine")),
    SelectChoice("biweekly", _l("Toutes les deux semaines")),
    SelectChoice("dates", _l("À des dates choisies")),
]
EVERY = {"weekly": 1, "biweekly": 2}
MOST_TIMES = 9


def band(value: object) -> int | None:
    """The size that a button means; None for what no button has."""
    return next((size for size in SIZES if str(size) == str(value)), None)


def _not_free(slot: Slot) -> str:
    return str(_l("%(day)s : pas libre", day=day_long(slot.stretch.day)))


class OneOfTheBands:
    """A size may stay unsaid, as in the JSON; one that no button has is refused."""

    def __call__(self, _form: Form, field: Field) -> None:
        if field.data is None and any(field.raw_data or ()):
            raise StopValidation(str(_l("Dites à peu près combien vous serez.")))


def club_field() -> RadioField:
    """For which club. What no button offers is refused by the action, in its own words."""
    return RadioField(
        _l("Pour quel club ?"), validators=[Required(_l("Choisissez un club."))], choices=[], validate_choice=False
    )


def offer_clubs(field: Field, clubs: Sequence[Club]) -> None:
    """Only the clubs that the reader leads; the only one is chosen."""
    field.choices = [SelectChoice(club.slug, plant_name(club)) for club in clubs]
    if len(clubs) == 1 and not field.data:
        field.data = clubs[0].slug


def offer_plants(field: Field, clubs: Sequence[Club]) -> None:
    """The clubs of a house, for the team: by plant name."""
    field.choices = [
        SelectChoice("", str(_l("Choisissez un club"))),
        *(SelectChoice(club.slug, plant_name(club)) for club in clubs),
    ]


def size_field() -> RadioField:
    """How many people, in bands."""
    return RadioField(
        _l("Combien de personnes ?"),
        description=_l("À peu près. Cela sert à choisir la salle, et rien d’autre."),
        choices=BANDS,
        coerce=band,
        validate_choice=False,
        validators=[OneOfTheBands()],
    )


class ClaimSlotForm(HolderFields):
    """What a club does in a slot. ``key`` is made with the page: sent twice, it is claimed once."""

    key = HiddenField(default=new_id)
    club = club_field()
    title = StringField(
        _l("Titre de la rencontre"),
        description=_l("Court et simple. Exemple : Jouer un entretien."),
        filters=[clean_line],
        validators=[Required(_l("Écrivez un titre.")), AtMost(MAX_TITLE)],
    )
    size = size_field()
    public = RadioField(_l("Rencontre ouverte à tous ?"), choices=YES_OR_NO, validate_choice=False)
    repeat = RadioField(_l("Tous les combien ?"), choices=REPEATS, default="no", validate_choice=False)
    times = SelectField(
        _l("Combien de rencontres en tout ?"),
        choices=[SelectChoice(n, str(n)) for n in range(2, MOST_TIMES + 1)],
        coerce=int,
        default=4,
        validate_choice=False,
    )
    dates = Boxes(_l("À quelles dates, en plus de celle-ci ?"), choices=[], validate_choice=False)

    def offer(self, clubs: Sequence[Club]) -> None:
        """Only the clubs that the reader leads; to all only where one of them may be named."""
        offer_clubs(self.club, clubs)
        if not any(club.listed for club in clubs):
            del self.public
        elif self.public.data is None:
            self.public.data = "no"

    def offer_dates(self, slots: Sequence[Slot]) -> None:
        """The weeks to come at the same time, each with what is known of it now; nothing to repeat without any."""
        if not slots:
            del self.repeat, self.times, self.dates
            return
        self.dates.choices = offered(
            (slot.stretch.day.isoformat(), day_long(slot.stretch.day) if slot.open else _not_free(slot))
            for slot in slots
        )

    @property
    def repetition(self) -> Said | None:
        """What the action is told; None for a single date."""
        said = self.repeat.data if "repeat" in self else "no"
        if said in EVERY:
            return f"FREQ=WEEKLY;INTERVAL={EVERY[said]};COUNT={self.times.data}"
        return list(self.dates.data or []) if said == "dates" else None

    def wish_for(self, slot_id: str) -> Wish:
        """What the action is asked."""
        public = "public" in self and self.public.data == "yes"
        return Wish(
            slot_id, self.club.data or "", self.title.data or "", public, self.size.data or SIZES[0],
            holder=self.holder_said,
        )  # fmt: skip
