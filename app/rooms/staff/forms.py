"""Forms of the team about rooms and their opening windows."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import NumberRange, Optional, StopValidation

from app.houses.places import day_choices
from app.houses.setup.forms import RoomFields
from app.houses.setup.furnishing import KIT_NAMES, KITS
from app.rooms.models import Room
from app.rooms.staff.actions import Pattern, RoomSaid
from app.rooms.staff.queries import Group, Times
from app.web.forms import AtLeastOne, AtMost, Boxes, Day, Form, Number, Required, clean_text, offered

MOST_MINUTES = 120
CLOCK = r"(\d{1,2})\s*[:hH]\s*(\d{2})?"
STRETCH = re.compile(rf"\s*{CLOCK}\s*(?:-|–|à)\s*{CLOCK}\s*")


class RoomForm(RoomFields):
    """What a room is, and the minutes between two meetings."""

    buffer = Number(
        _l("Minutes pour ranger, après chaque rencontre"),
        default=15,
        validators=[
            Required(_l("Écrivez un nombre de minutes. Zéro, c’est possible.")),
            NumberRange(0, MOST_MINUTES, _l("Écrivez un nombre de 0 à 120.")),
        ],
        description=_l("Personne ne réserve pendant ce temps. Ce qui est déjà réservé ne change pas."),
        render_kw={"inputmode": "numeric"},
    )

    @property
    def said(self) -> RoomSaid:
        """What the action is told."""
        places, buffer = self.places.data or 0, self.buffer.data or 0
        return RoomSaid(self.name.data or "", self.floor.data or "", places, buffer, bool(self.step_free.data))


def room_said(room: Room) -> dict[str, Any]:
    """A room as the form shows it."""
    return {
        "name": room.name,
        "places": room.capacity,
        "floor": room.floor,
        "buffer": room.buffer_minutes,
        "step_free": room.step_free,
    }


class TimesForm(Form):
    """Which slots, in which rooms. The parts of a day are a quick way to say the usual times."""

    rooms = Boxes(_l("Quelles salles ?"), validators=[AtLeastOne(_l("Choisissez au moins une salle."))])
    kits = Boxes(
        _l("Les créneaux"),
        choices=offered(KIT_NAMES.items()),
        description=_l(
            "Matin : 10 h – 12 h. Après-midi : 14 h – 16 h et 16 h 15 – 18 h 15. Soirée : 18 h 30 – 20 h 30."
        ),
    )
    times = TextAreaField(
        _l("Ou d’autres heures"),
        filters=[clean_text],
        validators=[AtMost(300)],
        description=_l("Un créneau par ligne. Exemple : 9:30-11:30"),
        render_kw={"rows": "4"},
    )

    def offer(self, rooms: Sequence[Room]) -> None:
        """The rooms of the house."""
        self.rooms.choices = offered((room.slug, room.name) for room in rooms)

    def validate_times(self, field: Any) -> None:
        lines = [line for line in (field.data or "").splitlines() if line.strip()]
        if any(_stretch(line) is None for line in lines):
            raise StopValidation(str(_l("Écrivez chaque créneau comme 9:30-11:30.")))
        if not lines and not self.kits.data:
            raise StopValidation(str(_l("Choisissez ou écrivez au moins un créneau.")))

    @property
    def wanted(self) -> Times:
        """Every slot said, in order."""
        usual = [each for kit in self.kits.data or () for each in KITS[kit]]
        own = [found for line in (self.times.data or "").splitlines() if (found := _stretch(line))]
        return tuple(sorted({*usual, *own}))


def _stretch(line: str) -> tuple[str, str] | None:
    """``9:30-11:30``, ``9 h 30 – 11 h 30``."""
    found = STRETCH.fullmatch(line)
    if found is None:
        return None
    hours, minutes = [int(found[1]), int(found[3])], [int(found[2] or 0), int(found[4] or 0)]
    if max(hours) > 23 or max(minutes) > 59:
        return None
    return f"{hours[0]:02d}:{minutes[0]:02d}", f"{hours[1]:02d}:{minutes[1]:02d}"


class WindowsForm(TimesForm):
    """A line of the week."""

    days = Boxes(
        _l("Quels jours ?"),
        coerce=int,
        choices=lambda: offered(day_choices()),
        validators=[AtLeastOne(_l("Choisissez au moins un jour."))],
    )
    since = Day(_l("À partir du"), validators=[Optional()], description=_l("Vide : dès maintenant."))
    until = Day(_l("Jusqu’au"), validators=[Optional()], description=_l("Vide : sans fin."))
    scarce = BooleanField(_l("Très demandé"), description=_l("La page des salles le dit aux clubs."))

    @property
    def pattern(self) -> Pattern:
        """What the action is told."""
        return Pattern(
            tuple(self.rooms.data or ()),
            tuple(self.days.data or ()),
            self.wanted,
            bool(self.scarce.data),
            self.since.data,
            self.until.data,
        )


def group_said(found: Group) -> dict[str, Any]:
    """A line as the form shows it."""
    return {
        "rooms": [room.slug for room in found.rooms],
        "days": list(found.weekdays),
        "times": "\n".join(f"{starts}-{ends}" for starts, ends in found.times),
        "since": found.valid_from,
        "until": found.valid_until,
        "scarce": found.scarce,
    }


class DayForm(TimesForm):
    """One day more."""

    day = Day(_l("Quel jour ?"), validators=[Required(_l("Choisissez un jour."))])
