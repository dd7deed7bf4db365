"""The agenda of a person: what all their clubs have ahead, and what other features add (``sources.append``).

A source gives, for one person, what stands from this morning on; it asks the database as often for one club as for ten.
``kinds``: the kinds of rows of a club's log after which the page is to be drawn anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from app.clubs.cards import words_hidden
from app.core.actor import Actor
from app.core.clock import is_evening, now
from app.houses.advice.queries import Appointment, advice_for_agenda
from app.houses.ways import ICONS as PLACES
from app.houses.ways import WAYS
from app.meetings.queries import MeetingView, agenda_for
from app.meetings.tasks.queries import Duty, tasks_for_agenda
from app.web.filters import house_zone

# A day of the house that is the furthest ahead may have begun so long before ours.
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """One line of an agenda.

    start, end: in the zone of their house; None for what has no hour, but a day or none · kind: meeting, hour (of
    advice), rehearsal or task · where: a place, icon: of what kind · house: its name, if one goes there · plant: the
    club's plant name · word: the door word · tag: where it stands, its colour and icon · action, href: what is asked,
    and where; posts: it is done by a button, here; also: another answer, by a button too · ref: what is always the same
    for it, and for nothing else · detail: the whole of it, for what shows it large · area: where it is outside the
    rooms, in words that stand on the screen alone.
    """

    start: datetime | None
    end: datetime | None
    kind: str
    title: Any
    where: Any
    path: str
    answer: str | None = None
    day: date | None = None
    plant: str = ""
    house: str = ""
    tag: tuple[Any, str, str] | None = None
    action: Any = ""
    href: str = ""
    posts: bool = False
    also: tuple[Any, str] | None = None
    word: str = ""
    icon: str = "map-pin"
    ref: str = ""
    detail: Any = None
    area: str = ""

    @property
    def on(self) -> date | None:
        """The day that it stands under, on the calendar of its house."""
        return self.start.date() if self.start else self.day

    @property
    def evening(self) -> bool:
        return self.start is not None and is_evening(self.start)

    @property
    def over(self) -> bool:
        """Was it, today? What has no hour is there until it is done."""
        return self.end is not None and self.end <= now()

    @property
    def elsewhere(self) -> bool:
        """Does the clock of its house say another hour than that of the page?"""
        return self.start is not None and self.start.utcoffset() != self.start.astimezone(house_zone()).utcoffset()

    @property
    def shown(self) -> Any:
        """Its title; who chose to be discreet reads what kind of thing it is, as a title tells as much as a name."""
        return NAMES[self.kind]() if words_hidden() else self.title

    @property
    def shown_where(self) -> Any:
        """Where, on the screen of its reader; who chose to be discreet reads no words of a club."""
        return self.where or ("" if words_hidden() else self.area)

    @property
    def outside(self) -> Any:
        """Where, as calendars and paper say it: the room is in the house's words for a meeting alone."""
        return self.where if self.kind == "meeting" else self.house

    @property
    def on_paper(self) -> str:
        """What it is called where others may read it: nothing of a club, nor of a task."""
        return NAMES["task"]() if self.kind == "task" else _("Rendez-vous")


NAMES: dict[str, Callable[[], str]] = {
    "meeting": lambda: _("Rencontre"),
    "hour": lambda: _("Rendez-vous"),
    "rehearsal": lambda: _("Entretien d’essai"),
    "task": lambda: _("Chose à faire"),
}

Source = Callable[[Actor], list[Entry]]
# What features beside meetings have for somebody: floors above add their own.
sources: list[Source] = []
kinds: list[str] = [
    *("claim:made", "claim:released", "meeting:planned", "meeting:changed", "meeting:moved"),
    *("task:made", "task:changed", "task:gone"),
]


@dataclass(frozen=True)
class Agenda:
    """All of it. first: the next thing that has an hour · today, week (until Sunday), later, undated: the rest."""

    first: Entry | None
    today: list[Entry]
    week: list[Entry]
    later: list[Entry]
    undated: list[Entry]

    @property
    def printed(self) -> list[Entry]:
        """What stands on paper: all that has a day, but what one said no to and what is over."""
        rest = [*self.today, *self.week, *self.later]
        shown = sorted([*([self.first] if self.first else []), *rest], key=_order)
        return [each for each in shown if each.answer != "no" and not each.over]

    @property
    def empty(self) -> bool:
        return not (self.first or self.today or self.week or self.later or self.undated)


def show_agenda_of(actor: Actor) -> Agenda:
    """What somebody has from this morning on, by day; what is over today stays until midnight."""
    found = sorted([*meetings_of(actor), *others_of(actor)], key=_order)
    first = next((each for each in found if each.start and not each.over), None)
    parts: dict[str, list[Entry]] = {"today": [], "week": [], "later": [], "undated": []}
    for each in found:
        if each is not first:
            parts[_nearness(each)].append(each)
    return Agenda(first, **parts)


def tasks_of(actor: Actor) -> list[Entry]:
    """What they said that they do, or are asked to: here they say that it is done, or yes or no."""
    return [_entry_of_task(duty) for duty in tasks_for_agenda(actor)]


def _entry_of_task(duty: Duty) -> Entry:
    path = url_for("tasks.show_tasks", slug=duty.club.slug)
    tag = (_("On vous le propose"), "honey", "hand") if duty.asked else None
    key = duty.task.id
    done = (_("C’est fait"), url_for("tasks.finish_task", task_id=key))
    yes, no = (_("Je m’en charge"), url_for("tasks.take_task", task_id=key)), url_for("tasks.leave_task", task_id=key)
    action, href = yes if duty.asked else done
    return Entry(
        None, None, "task", duty.task.text, "", path, None if duty.asked else "yes", day=duty.due, plant=duty.plant,
        tag=tag, action=action, href=href, posts=True, also=(_("Je ne peux pas"), no) if duty.asked else None, ref=key,
    )  # fmt: skip


def advice_of(actor: Actor) -> list[Entry]:
    """The hours of advice that they booked; one that was cancelled stays until its time, and says so."""
    return [_entry_of_hour(one) for one in advice_for_agenda(actor)]


def _entry_of_hour(one: Appointment) -> Entry:
    here = one.way == "here"
    where = _(", ").join(part for part in (one.room, one.house.name) if part) if here else WAYS[one.way]
    off, coming = (_("Annulé"), "brick", "x"), (_("Vous venez"), "pine", "check")
    return Entry(
        one.start, one.end, "hour", _("Rendez-vous"), where, url_for("advice.show_hour", hour_id=one.id),
        "no" if one.cancelled else "yes", house=one.house.name if here else "", tag=off if one.cancelled else coming,
        icon=PLACES[one.way], ref=one.id,
    )  # fmt: skip


def others_of(actor: Actor) -> list[Entry]:
    """What features beside meetings have for somebody."""
    return [entry for source in sources for entry in source(actor)]


def meetings_of(actor: Actor) -> list[Entry]:
    """The meetings of all their clubs, today's that are over too."""
    found = [_entry_of(one) for one in agenda_for(actor, since=now() - A_DAY)]
    return [each for each in found if each.start and each.end and each.end.date() >= _today_of(each.start)]


def _entry_of(one: MeetingView) -> Entry:
    path = url_for("meetings.show_meeting", meeting_id=one.id)
    asks = one.answer is None and not one.full and not one.past
    return Entry(
        one.start, one.end, "meeting", one.title, where_of(one), path, one.answer,
        plant=one.plant, house=one.house.name, tag=_tag_of(one), action=_("Répondre") if asks else "", href=path,
        word=one.door_word, ref=one.id, detail=one, area=one.spot if one.room is None else "",
        icon="video" if one.room is None and not one.meeting.area else "map-pin",
    )  # fmt: skip


def where_of(one: MeetingView) -> str:
    """The room and its house; empty outside the rooms: an address is for those who come, on the page of the meeting."""
    return _(", ").join((one.room.name, one.house.name)) if one.room else ""


def _tag_of(one: MeetingView) -> tuple[Any, str, str] | None:
    if one.past:
        return _("C’est passé"), "", ""
    if one.moved:
        return _("Déplacée"), "honey", "map-pin"
    if one.answer == "yes":
        return _("Vous venez"), "pine", "check"
    if one.held_until:
        return _("Une place pour vous"), "honey", "hourglass"
    if one.answer == "waiting":
        return _("Vous attendez une place"), "honey", "hourglass"
    if one.answer == "maybe":
        return _("Peut-être"), "", ""
    if one.answer == "no":
        return _("Vous ne venez pas"), "", ""
    return (_("Complet"), "honey", "hourglass") if one.full else None


def _order(entry: Entry) -> tuple[bool, date, bool, datetime]:
    """By day, first what has no hour; at the end what has no day. What comes together stays as it was found."""
    moment = entry.start.astimezone(UTC) if entry.start else datetime.min.replace(tzinfo=UTC)
    return entry.on is None, entry.on or date.max, entry.start is not None, moment


def _today_of(moment: datetime | None) -> date:
    """Today, where that moment is told; on the page's calendar for what has no hour."""
    zone = moment.tzinfo if moment and isinstance(moment.tzinfo, ZoneInfo) else house_zone()
    return now().astimezone(zone).date()


def _nearness(entry: Entry) -> str:
    if entry.on is None:
        return "undated"
    today = _today_of(entry.start)
    if entry.on <= today:
        return "today"
    return "week" if entry.on <= today + timedelta(days=6 - today.weekday()) else "later"


sources.extend((tasks_of, advice_of))
