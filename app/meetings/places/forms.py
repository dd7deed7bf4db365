"""The forms of places: what is planned outside the rooms; what links look like in a house."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import NumberRange, Optional, StopValidation

from app.meetings.actions import MAX_SEATS, Plan
from app.meetings.places.actions import MAX_PATTERN
from app.meetings.places.keeping import MAX_ADDRESS, MAX_AREA
from app.meetings.queries import MeetingView
from app.rooms.actions import MAX_TITLE
from app.rooms.queries import Slot
from app.web.forms import AtMost, Clock, Day, Form, Number, Required, clean_line


class PlanForm(Form):
    """A meeting elsewhere, or online."""

    title = StringField(
        _l("Le titre"), filters=[clean_line], validators=[Required(_l("Écrivez un titre.")), AtMost(MAX_TITLE)]
    )
    day = Day(_l("Quel jour ?"), validators=[Required(_l("Choisissez un jour."))])
    start = Clock(_l("De"), validators=[Required(_l("Écrivez une heure comme 18:30."))])
    end = Clock(_l("À"), validators=[Required(_l("Écrivez une heure comme 18:30."))])
    online = BooleanField(_l("En ligne"), description=_l("La maison donne un lien à qui vient."))
    area = StringField(
        _l("Où, en quelques mots ?"),
        description=_l("Tout le club le lit. Exemple : un café près du marché."),
        filters=[clean_line],
        validators=[AtMost(MAX_AREA)],
    )
    address = StringField(
        _l("L’adresse exacte"),
        description=_l("Montrée à qui vient, de 24 heures avant à 24 heures après. Ensuite, elle est effacée."),
        filters=[clean_line],
        validators=[AtMost(MAX_ADDRESS)],
        render_kw={"autocomplete": "off"},
    )
    seats = Number(
        _l("Combien de places ?"),
        description=_l("Vide : toutes les personnes qui veulent."),
        validators=[Optional(), NumberRange(1, MAX_SEATS, _l("Écrivez un nombre de places, de 1 à 500, ou rien."))],
        render_kw={"inputmode": "numeric"},
    )

    def offer(self, *, online: bool) -> None:
        """Online only where the house has links."""
        if not online:
            del self.online

    def fill(self, one: MeetingView) -> None:
        """As it stands; the address is not shown again, not even to who wrote it."""
        self.title.data, self.day.data = one.title, one.start.date()
        self.start.data, self.end.data = one.start.strftime("%H:%M"), one.end.strftime("%H:%M")
        self.area.data, self.seats.data = one.meeting.area, one.meeting.seats
        if "online" in self:
            self.online.data = one.meeting.online

    def begin(self, slot: Slot, zone: ZoneInfo, title: str) -> None:
        """What a lead wished for in a room that they could not have: the same moment, online."""
        start, end = slot.start.astimezone(zone), slot.end.astimezone(zone)
        self.title.data, self.day.data = title, start.date()
        self.start.data, self.end.data = start.strftime("%H:%M"), end.strftime("%H:%M")
        if "online" in self:
            self.online.data = True

    @property
    def is_online(self) -> bool:
        return "online" in self and bool(self.online.data)

    def validate_area(self, field: Any) -> None:
        if not field.data and not self.is_online:
            raise StopValidation(str(_l("Dites où, en quelques mots.")))

    def plan_in(self, zone: ZoneInfo) -> Plan:
        """What the action is told, on the clock of the house; an end before the start is the next day's."""
        start = self._at(self.start.data, zone)
        end = self._at(self.end.data, zone)
        if end <= start:
            end = datetime.combine(end.date() + timedelta(days=1), end.time(), zone)
        return Plan(
            self.title.data or "", start, end, self.seats.data, self.area.data or "", self.address.data or "",
            self.is_online,
        )  # fmt: skip

    def _at(self, clock: Any, zone: ZoneInfo) -> datetime:
        return datetime.combine(self.day.data, time.fromisoformat(clock), zone)


class LinkForm(Form):
    """What the links of online meetings look like."""

    pattern = StringField(
        _l("L’adresse des salles en ligne"),
        description=_l("Exemple : https://meet.exemple.fr/{code}. Vide : aucune rencontre en ligne."),
        filters=[clean_line],
        validators=[AtMost(MAX_PATTERN)],
        render_kw={"autocomplete": "off", "dir": "ltr"},
    )
