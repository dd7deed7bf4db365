"""What the team reads of its rooms: the pattern of the week in a few lines, and the claims that stand beside it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import or_, select

from app.clubs.models import Club
from app.core.clock import EVENING_FROM, now
from app.core.db import db
from app.core.errors import NotFound
from app.houses.models import House
from app.rooms.imports.models import ImportedClosure
from app.rooms.models import Claim, Closure, OpeningWindow, Room
from app.rooms.queries import ONE_DAY, rooms_of, slots_between, today_in
from app.web.filters import date_locale

A_YEAR = timedelta(days=365)
Times = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Group:
    """Windows that are said in one line: the same times on some days of some rooms."""

    ids: tuple[str, ...]
    rooms: tuple[Room, ...]
    weekdays: tuple[int, ...]
    times: Times
    scarce: bool
    valid_from: date | None
    valid_until: date | None

    @property
    def key(self) -> str:
        """By which the line is found again: any of its windows would do."""
        return min(self.ids)

    @property
    def evening(self) -> bool:
        return self.times[0][0] >= EVENING_FROM

    @property
    def dated(self) -> bool:
        return self.valid_from is not None and self.valid_from == self.valid_until


def groups_of(house: House, rooms: Sequence[Room]) -> list[Group]:
    """The opening windows of a house, but those that are over, in as few lines as can be."""
    by_id = {room.id: room for room in rooms}
    wanted = select(OpeningWindow).where(
        OpeningWindow.room_id.in_(by_id),
        or_(OpeningWindow.valid_until.is_(None), OpeningWindow.valid_until >= today_in(house)),
    )
    return group(db.session.scalars(wanted.order_by(OpeningWindow.starts)), by_id)


def group(windows: Iterable[OpeningWindow], rooms: dict[str, Room]) -> list[Group]:
    """Windows of one day first, then days with the same times, then rooms with the same days."""
    days: dict[tuple[object, ...], list[OpeningWindow]] = defaultdict(list)
    for each in windows:
        evening, dates = each.starts >= EVENING_FROM, (each.valid_from, each.valid_until)
        days[(each.room_id, each.weekday, evening, each.scarce, *dates)].append(each)
    weeks: dict[tuple[object, ...], list[list[OpeningWindow]]] = defaultdict(list)
    for (room_id, _weekday, _evening, *kind), found in days.items():
        weeks[(room_id, _times(found), *kind)].append(found)
    lines: dict[tuple[object, ...], list[OpeningWindow]] = defaultdict(list)
    for (_room_id, times, *kind), several in weeks.items():
        weekdays = tuple(sorted({each.weekday for found in several for each in found}))
        lines[(times, weekdays, *kind)] += [each for found in several for each in found]
    return sorted(
        (_group(found, rooms) for found in lines.values()),
        key=lambda one: (one.weekdays[0] > 4, one.evening, one.weekdays, one.times),
    )


def _times(windows: Iterable[OpeningWindow]) -> Times:
    return tuple(sorted({(each.starts, each.ends) for each in windows}))


def _group(found: list[OpeningWindow], rooms: dict[str, Room]) -> Group:
    ids = {each.room_id for each in found}
    one = found[0]
    return Group(
        ids=tuple(each.id for each in found),
        rooms=tuple(room for room in rooms.values() if room.id in ids),
        weekdays=tuple(sorted({each.weekday for each in found})),
        times=_times(found),
        scarce=one.scarce,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
    )


def group_with(house: House, window_id: str) -> Group:
    """The line that a window stands in. Raises NotFound."""
    found = next((one for one in groups_of(house, rooms_of(house)) if window_id in one.ids), None)
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True)
class Standing:
    """A claim as the team may know it: which club by its plant name, where and when, nobody's name."""

    claim: Claim
    room: Room
    club: Club


def claims_beside(house: House, rooms: Sequence[Room]) -> list[Standing]:
    """Claims ahead that stand where the pattern lists no slot any more: they stay until their club gives them back."""
    ahead = claims_ahead(house)
    if not ahead:
        return []
    # A session goes on long after what can be claimed today.
    last = ahead[-1].claim.starts_at.astimezone(ZoneInfo(house.timezone)).date()
    listed = {
        (slot.room.id, slot.start, slot.end) for slot in slots_between(house, rooms, today_in(house), last + ONE_DAY)
    }
    return [one for one in ahead if (one.room.id, one.claim.starts_at, one.claim.ends_at) not in listed]


def claims_ahead(house: House) -> list[Standing]:
    """Every claim of the house that is not over, soonest first."""
    rows = db.session.execute(
        select(Claim, Room, Club)
        .join(Room, Room.id == Claim.room_id)
        .join(Club, Club.id == Claim.club_id)
        .where(Room.house_id == house.id, Claim.released_at.is_(None), Claim.ends_at > now())
        .order_by(Claim.starts_at, Claim.id)
    )
    return [Standing(*row) for row in rows]


def closures_ahead(house: House) -> list[tuple[Closure, Room | None]]:
    """Closures that are not over, soonest first, each with its room; none of rooms that are closed for good."""
    rows = db.session.execute(
        select(Closure, Room)
        .outerjoin(Room, Room.id == Closure.room_id)
        .where(Closure.house_id == house.id, Closure.ends_at > now(), Room.closed_at.is_(None))
        # Those of a calendar are hundreds, and said in one line.
        .where(~select(ImportedClosure.closure_id).where(ImportedClosure.closure_id == Closure.id).exists())
        .order_by(Closure.starts_at)
    )
    return [(closure, room) for closure, room in rows]


def holidays_ahead(house: House) -> list[tuple[date, str]]:
    """Public holidays of the next twelve months, each with its name where it has one in the reader's language."""
    first = today_in(house)
    years = (first.year, first.year + 1)
    try:
        said = holidays.list_localized_countries().get(house.country, [])
        wanted = next((code for code in said if code[:2] == date_locale()[:2]), None)
        known = holidays.country_holidays(house.country, years=years, language=wanted)
    except NotImplementedError:
        return []
    return [(day, name if wanted else "") for day, name in sorted(known.items()) if first <= day <= first + A_YEAR]
