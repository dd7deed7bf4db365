"""What must be true of the demo house on whatever day it is made. Needs an application context."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.clubs.models import Change, Club, Membership
from app.core.clock import now
from app.core.db import Base, UtcDateTime, db
from app.houses.models import House
from app.messaging.models import Message
from app.rooms.calendar import is_holiday
from app.rooms.models import Claim, Hold, MeetingSession, Room
from app.rooms.queries import Slot, rooms_of, slots_between, today_in
from app.rooms.quota import count_held

# When something will be, or was to be; every other moment says when something was done.
PLANNED = {"starts_at", "ends_at", "expires_at", "due_at", "closes_at", "run_at", "until"}
# How much the clubs plan together, by table.
TOGETHER = {
    "poll": 3, "poll_date": 8, "poll_answer": 35, "ballot": 7, "ballot_voice": 17, "ballot_box": 2, "ballot_voter": 8,
    "task": 9, "agenda_point": 4, "thing": 4, "minutes_version": 2, "noted_decision": 2, "meeting_place": 2,
    "session_path": 1, "session_goal": 3, "session_seat": 8, "advice_booking": 1,
}  # fmt: skip


def house(slug: str) -> House:
    return db.session.scalars(select(House).where(House.slug == slug)).one()


def slots_of_all_weeks(its_house: House) -> list[Slot]:
    """From the Monday three weeks back to ten weeks ahead."""
    monday = today_in(its_house) - timedelta(days=today_in(its_house).weekday())
    return slots_between(its_house, rooms_of(its_house), monday - timedelta(weeks=3), monday + timedelta(weeks=11))


def weeks_with_slots(listed: list[Slot]) -> Counter[tuple[int, int]]:
    """How many slots each week of the calendar has."""
    return Counter(slot.stretch.day.isocalendar()[:2] for slot in listed)


def moments_to_come() -> list[str]:
    """Columns that say something was done after now."""
    found = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, UtcDateTime) and column.name not in PLANNED:
                latest = db.session.scalar(select(func.max(column)))
                if latest is not None and latest > now():
                    found.append(f"{table.name}.{column.name}")
    return found


def claims_off_the_slots(listed: list[Slot]) -> list[str]:
    """Claims that hold no slot that a window lists on an open day."""
    open_days = (slot for slot in listed if not is_holiday(slot.house.country, slot.stretch.day))
    on_a_slot = {slot.claim.id for slot in open_days if slot.claim}
    return [f"{c.title} {c.starts_at}" for c in db.session.scalars(select(Claim)) if c.id not in on_a_slot]


def clubs_beyond_their_share() -> list[tuple[str, int, int]]:
    return [(slug, *held) for slug, held in shares().items() if held[0] > 4 or held[1] > 2]


def shares() -> dict[str, tuple[int, int]]:
    """What each club holds of its quota, and of its evenings; slots that are kept for a vote count as one."""
    rows = db.session.execute(
        select(Claim, House.timezone, Club.slug)
        .join(Room, Room.id == Claim.room_id)
        .join(House, House.id == Room.house_id)
        .join(Club, Club.id == Claim.club_id)
        .where(Claim.released_at.is_(None), Claim.ends_at > now())
    )
    held = defaultdict(list)
    for claim, zone, slug in rows:
        held[slug].append((claim, zone))
    kept = set(db.session.scalars(select(Club.slug).join(Hold, Hold.club_id == Club.id)))
    counted = {slug: count_held(claims) for slug, claims in held.items()}
    return {slug: (number + (slug in kept), evenings) for slug, (number, evenings) in counted.items()}


def planned_together() -> dict[str, int]:
    """How many rows each of those tables has."""
    tables = Base.metadata.tables
    return {name: db.session.scalar(select(func.count()).select_from(tables[name])) or 0 for name in TOGETHER}


def session_evenings() -> list[datetime]:
    """When Tilleul's session meets, on the house's clock."""
    zone = ZoneInfo(house("canal").timezone)
    found = db.session.scalars(select(Claim).join(MeetingSession).join(Club, Club.id == MeetingSession.club_id).where(
        Club.slug == "tilleul"
    ).order_by(Claim.starts_at))  # fmt: skip
    return [claim.starts_at.astimezone(zone) for claim in found]


def closed_days(listed: list[Slot]) -> list[date]:
    """Days to come, in reach of a claim, on which every slot is closed by the house."""
    by_day: dict[date, set[tuple[str, bool]]] = defaultdict(set)
    for slot in listed:
        if not slot.past and not slot.too_far:
            by_day[slot.stretch.day].add((slot.state, slot.why not in ("", "holiday")))
    return [day for day, states in by_day.items() if states == {("closed", True)}]


def holes_in_logs() -> list[str]:
    """Clubs whose log is not 1, 2, 3 … up to its head."""
    found = []
    for club in db.session.scalars(select(Club).execution_options(populate_existing=True)):
        numbers = db.session.scalars(select(Change.seq).where(Change.club_id == club.id).order_by(Change.seq)).all()
        if list(numbers) != list(range(1, club.seq + 1)):
            found.append(club.slug)
    return found


def out_of_order() -> list[str]:
    """Rows of a log dated before the one they follow, words said by those who had not joined."""
    changes = db.session.execute(select(Change.club_id, Change.at).order_by(Change.club_id, Change.seq)).all()
    found = [f"log {b.at}" for a, b in pairwise(changes) if a.club_id == b.club_id and a.at > b.at]
    early = select(Message.body).join(Membership).where(Message.posted_at < Membership.began_at)
    return found + list(db.session.scalars(early))
