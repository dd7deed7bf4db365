"""A poll in the words of its pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from flask_babel import gettext as _

from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.clubs.queries import house_of
from app.core.clock import now
from app.meetings.polls.models import ANSWERS
from app.meetings.polls.policy import can_choose_date
from app.meetings.polls.queries import Moment, Question
from app.meetings.polls.results import Standing, standings
from app.rooms.queries import ONE_DAY, Slot, open_slots_of, rooms_of, today_in
from app.rooms.quota import fits_quota
from app.rooms.week import SEVEN_DAYS
from app.web.filters import date_locale, day_name, span

# A page lists what may be near; what is further off is claimed as any slot is.
OFFERED = 3 * SEVEN_DAYS


def free_slots_for(club: Club) -> list[Slot]:
    """What can be kept for a club now: free, not in a draw, not scarce, within what it may still claim."""
    house, fits = house_of(club), fits_quota(club)
    first = today_in(house) + ONE_DAY
    found = open_slots_of([(room, house) for room in rooms_of(house)], first, first + OFFERED)
    return [slot for slot in found if not slot.stretch.scarce and fits(slot.stretch)]


def city_of(zone: str) -> str:
    """By what a clock is known: the city that its zone is called after."""
    return str(get_timezone_location(zone, locale=date_locale(), return_city=True))


@dataclass(frozen=True)
class Row:
    """A date as its pages draw it. best, tied: see ``Standing``. choosable: a lead may take it now.

    home: the zone of the club's house, for a room of a house with another clock.
    """

    moment: Moment
    best: bool
    tied: bool
    choosable: bool
    home: str

    @property
    def apart(self) -> bool:
        """Do the clock of its house and that of the club's say another hour?"""
        return self.moment.start.utcoffset() != self._at_home[0].utcoffset()

    @property
    def _at_home(self) -> tuple[datetime, datetime]:
        zone = ZoneInfo(self.home)
        return self.moment.start.astimezone(zone), self.moment.end.astimezone(zone)

    @property
    def clocks(self) -> list[Any]:
        """Both clocks, where there are two: whose the hour above is, and what the other one says."""
        if not self.apart:
            return []
        return [("clock", _("À l’heure de la salle, %(city)s", city=city_of(self.moment.house.timezone))), self._home()]

    @property
    def hours(self) -> str:
        """All of it in one line, for paper."""
        hours = span(self.moment.start, self.moment.end)
        if not self.apart:
            return hours
        there = _("%(city)s : %(time)s", city=city_of(self.moment.house.timezone), time=hours)
        return str(_(", ")).join([there, self._home()])

    def _home(self) -> str:
        start, end = self._at_home
        hours = span(start, end)
        if start.date() != self.moment.start.date():
            hours = _("%(day)s, %(time)s", day=day_name(start), time=hours)
        return str(_("%(city)s : %(time)s", city=city_of(self.home), time=hours))

    @property
    def place(self) -> str:
        """Where, in words."""
        if self.moment.date.kind == "online":
            return str(_("En ligne"))
        return self.moment.room.name if self.moment.room else self.moment.date.place or str(_("Ailleurs"))

    @property
    def where(self) -> tuple[str, str]:
        return "video" if self.moment.date.kind == "online" else "map-pin", self.place

    @property
    def said(self) -> list[Any]:
        """Who can come, under the names used in the club."""
        names = {answer: _(", ").join(self.moment.names(answer)) for answer in ANSWERS}
        found = [
            _("Oui : %(names)s", names=names["yes"]) if names["yes"] else "",
            _("Si besoin : %(names)s", names=names["maybe"]) if names["maybe"] else "",
            _("Non : %(names)s", names=names["no"]) if names["no"] else "",
        ]
        found = [each for each in found if each]
        return [("users", found[0]), *found[1:]] if found else []


def shown_question(question: Question) -> dict[str, Any]:
    """What every page of a poll is given."""
    may_choose = can_choose_date(question.me) and question.poll.outcome in (None, "over")
    order = [_row(one, question, may_choose) for one in standings(question.moments)]
    held = [one.held_until for one in question.moments if one.held_until is not None]
    return {
        "one": question,
        "nav_current": "clubs",
        "plant": plant_name(question.club),
        "order": order,
        "rows": sorted(order, key=lambda one: (one.moment.start, one.moment.date.number)),
        "tied": sum(one.best for one in order) > 1,
        "chosen": next((one for one in order if one.moment.date.chosen_at is not None), None),
        "held_until": min(held).astimezone(ZoneInfo(question.house.timezone)) if held else None,
        "mine": {each.id: each.answer_of(question.me.id) for each in question.moments},
        "city": city_of(question.house.timezone),
        "may_choose": may_choose,
    }


def _row(one: Standing, question: Question, may_choose: bool) -> Row:
    moment = one.moment
    coming = moment.count("yes") + moment.count("maybe") > 0
    return Row(moment, one.best, one.tied, may_choose and coming and moment.start > now(), question.house.timezone)
