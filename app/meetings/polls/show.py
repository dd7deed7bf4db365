"""A poll in the words of its pages."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.clubs.queries import house_of
from app.meetings.polls.policy import can_choose_date
from app.meetings.polls.queries import Moment, Question
from app.meetings.polls.results import standings
from app.rooms.queries import ONE_DAY, Slot, open_slots_of, rooms_of, today_in
from app.rooms.quota import fits_quota
from app.rooms.week import SEVEN_DAYS

# A page lists what may be near; what is further off is claimed as any slot is.
OFFERED = 3 * SEVEN_DAYS


def free_slots_for(club: Club) -> list[Slot]:
    """What can be kept for a club now: free, not in a draw, not scarce, within what it may still claim."""
    house, fits = house_of(club), fits_quota(club)
    first = today_in(house) + ONE_DAY
    found = open_slots_of([(room, house) for room in rooms_of(house)], first, first + OFFERED)
    return [slot for slot in found if not slot.stretch.scarce and fits(slot.stretch)]


def shown_question(question: Question) -> dict[str, Any]:
    """What every page of a poll is given."""
    order = standings(question.moments)
    best = [one.moment for one in order if one.best]
    held = [one.held_until for one in question.moments if one.held_until is not None]
    chosen = next((one for one in question.moments if one.date.chosen_at is not None), None)
    return {
        "one": question,
        "nav_current": "clubs",
        "plant": plant_name(question.club),
        "order": order,
        "tied": len(best) > 1,
        "chosen": chosen,
        "held_until": min(held).astimezone(ZoneInfo(question.house.timezone)) if held else None,
        "mine": {each.id: each.answer_of(question.me.id) for each in question.moments},
        "elsewhere": {each.id: _here(each, question) for each in question.moments},
        "may_choose": can_choose_date(question.me) and question.poll.outcome in (None, "over"),
    }


def _here(moment: Moment, question: Question) -> tuple[datetime, datetime] | None:
    """On the clock of the club's house, where that of the room is another one."""
    zone = ZoneInfo(question.house.timezone)
    start, end = moment.start.astimezone(zone), moment.end.astimezone(zone)
    return (start, end) if start.utcoffset() != moment.start.utcoffset() else None
