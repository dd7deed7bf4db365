"""The forms of sessions: what a lead asks for, and why the team says no."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice

from app.clubs.models import Club
from app.rooms.actions import MAX_TITLE
from app.rooms.forms import club_field, offer_clubs, size_field
from app.rooms.models import SIZES
from app.rooms.sessions.actions import LEAST, MOST, SessionWish
from app.rooms.sessions.answers import MAX_REASON
from app.rooms.sessions.queries import Date
from app.web.filters import day_long
from app.web.forms import AtMost, Boxes, Form, Required, clean_line, clean_text, offered

RHYTHMS = [SelectChoice("1", _l("Chaque semaine")), SelectChoice("2", _l("Toutes les deux semaines"))]


class AskSessionForm(Form):
    """Six to ten meetings. ``shown``: the rhythm of the dates that the page listed."""

    shown = HiddenField()
    club = club_field()
    name = StringField(
        _l("Le nom de la session"),
        description=_l("Les membres le lisent, et personne d’autre. Exemple : Six mardis pour écrire."),
        filters=[clean_line],
        validators=[Required(_l("Écrivez un nom.")), AtMost(MAX_TITLE)],
    )
    size = size_field()
    every = RadioField(_l("Tous les combien ?"), choices=RHYTHMS, default="1", validate_choice=False)
    count = SelectField(
        _l("Combien de dates ?"),
        choices=[SelectChoice(str(number), str(number)) for number in range(LEAST, MOST + 1)],
        default="8",
        validate_choice=False,
    )
    dates = Boxes(
        _l("Les dates"),
        description=_l("Enlevez celles qui ne vous vont pas. Il en faut six au moins."),
        choices=[],
        validate_choice=False,
    )

    def offer(self, clubs: Sequence[Club]) -> None:
        """Only the clubs that the reader leads."""
        offer_clubs(self.club, clubs)

    @property
    def rhythm(self) -> tuple[int, int]:
        """Every how many weeks, and how many times; what no button offers is refused by the action."""
        every, count = self.every.data or "", self.count.data or ""
        return (int(every) if every.isdecimal() else 0), (int(count) if count.isdecimal() and len(count) < 4 else 0)

    @property
    def said_rhythm(self) -> str:
        return f"{self.every.data}-{self.count.data}"

    @property
    def stale(self) -> bool:
        """Were other dates shown than those that are asked for now?"""
        return bool(self.shown.data != self.said_rhythm)

    def show(self, found: Sequence[Date], *, all_of_them: bool) -> None:
        """The dates that can be asked for, each to keep or to drop."""
        free = [each for each in found if each.why is None]
        self.dates.choices = offered((each.slot.id, day_long(each.day)) for each in free)
        if all_of_them:
            self.dates.data = [each.slot.id for each in free]
        self.shown.data = self.said_rhythm

    def wish_for(self, slot_id: str) -> SessionWish:
        """What the action is asked."""
        every, count = self.rhythm
        size = self.size.data or SIZES[0]
        return SessionWish(
            slot_id, self.club.data or "", self.name.data or "", size, every, count, list(self.dates.data or [])
        )


class RefuseSessionForm(Form):
    """Why not."""

    reason = TextAreaField(
        _l("Pourquoi non ?"),
        description=_l("Les responsables du club lisent ces mots. Dites ce qui irait mieux."),
        filters=[clean_text],
        validators=[Required(_l("Écrivez pourquoi. Les responsables du club lisent ces mots.")), AtMost(MAX_REASON)],
    )
