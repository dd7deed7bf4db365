"""The forms of dates to choose. The actions check everything again; what was typed always comes back."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice

from app.clubs.models import Membership
from app.meetings.polls.wishes import MAX_PLACE, MAX_TITLE, Wish
from app.rooms.calendar import wall_to_utc
from app.rooms.queries import Slot
from app.web.filters import day_long, span, upper_first
from app.web.forms import AtMost, Clock, Day, Form, Required, clean_line, offered

WHERE = [SelectChoice("elsewhere", _l("Ailleurs")), SelectChoice("online", _l("En ligne"))]
ROWS = 3


def slot_field(label: object) -> SelectField:
    """One of the free slots of the house, or none."""
    return SelectField(label, choices=[], default="", validate_choice=False)


def moment_at(day: date | None, clock: str | None, zone: ZoneInfo) -> datetime | None:
    """What was said, on the house's clock; None when it was not said, or no clock shows it."""
    return wall_to_utc(day, clock, zone) if day and clock else None


class DateForm(Form):
    """One moment that is not in a room of the house; nothing is said in it, and it is none."""

    kind = RadioField(_l("Où ?"), choices=WHERE, default="elsewhere", validate_choice=False)
    day = Day(_l("Quel jour ?"), validators=[], default=None)
    starts = Clock(_l("Heure du début"), default="")
    ends = Clock(_l("Heure de la fin"), default="")
    place = StringField(
        _l("À quel endroit ?"),
        description=_l("Des mots, pas une adresse. Exemple : devant la médiathèque."),
        filters=[clean_line],
        validators=[AtMost(MAX_PLACE)],
    )

    @property
    def said(self) -> bool:
        return bool(
            (self.day.raw_data and any(self.day.raw_data)) or self.starts.data or self.ends.data or self.place.data
        )

    def wish_for(self, zone: ZoneInfo) -> Wish:
        """What the action is asked."""
        start, end = (moment_at(self.day.data, each.data, zone) for each in (self.starts, self.ends))
        return Wish(self.kind.data or "", start=start, end=end, place=self.place.data or "")


class SlotFields(Form):
    """Slots of the house, to choose from."""

    def offer(self, slots: Sequence[Slot], zone: ZoneInfo) -> None:
        """What is free now, by day."""
        none = [("", str(_l("Aucun")))]
        free = [(slot.id, _words(slot, zone)) for slot in slots]
        for each in self:
            if each.name.startswith("slot"):
                each.choices = offered([*none, *free])

    def wishes(self) -> list[Wish]:
        return [Wish("room", each.data) for each in self if each.name.startswith("slot") and each.data]


def _words(slot: Slot, zone: ZoneInfo) -> str:
    start, end = slot.start.astimezone(zone), slot.end.astimezone(zone)
    return str(
        _l("%(day)s, %(time)s, %(room)s", day=upper_first(day_long(start)), time=span(start, end), room=slot.room.name)
    )


class OpenPollForm(SlotFields):
    """What is asked of the club, until when, and up to three moments of a room."""

    thread = HiddenField()
    title = StringField(
        _l("C’est pour quoi ?"),
        description=_l("Court et simple. Exemple : visite de l’imprimerie."),
        filters=[clean_line],
        validators=[Required(_l("Écrivez un titre.")), AtMost(MAX_TITLE)],
    )
    ends_day = Day(_l("On répond jusqu’à quel jour ?"), validators=[Required(_l("Choisissez un jour."))])
    ends_time = Clock(_l("Jusqu’à quelle heure ?"), default="12:00", validators=[Required(_l("Choisissez une heure."))])
    slot1 = slot_field(_l("Premier moment"))
    slot2 = slot_field(_l("Deuxième moment"))
    slot3 = slot_field(_l("Troisième moment"))


class AddDateForm(SlotFields):
    """One more moment: a slot, or another one."""

    slot = slot_field(_l("Un moment dans une salle"))


class TypeAnswersForm(Form):
    """Whose sheet it is."""

    who = SelectField(
        _l("Qui a rempli cette feuille ?"), choices=[], default="", validators=[Required(_l("Choisissez un nom."))],
        validate_choice=False,
    )  # fmt: skip

    def offer(self, members: Sequence[Membership]) -> None:
        """The names used in the club."""
        self.who.choices = offered([("", str(_l("Choisissez un nom"))), *((one.id, one.name or "") for one in members)])
