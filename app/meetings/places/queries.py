"""Where a meeting is, for who may know it now."""

from dataclasses import dataclass
from datetime import datetime

from app.core.clock import now
from app.core.db import db
from app.core.sealed import unseal
from app.houses.models import House
from app.meetings.places.models import HouseLink, MeetingPlace
from app.meetings.places.policy import BEFORE, can_read_place
from app.meetings.queries import MeetingView

CODE = "{code}"


@dataclass(frozen=True)
class Place:
    """What the page says of where. opens: since when it is shown to those who come, on the clock of the house."""

    area: str
    online: bool
    elsewhere: bool
    shown: bool
    opens: datetime
    address: str = ""
    link: str = ""


def place_for(meeting: MeetingView) -> Place:
    """The area and that it is online, for the club; the address and the link for those who come, in their span."""
    row = db.session.get(MeetingPlace, meeting.id, populate_existing=True)
    pattern = pattern_of(meeting.house)
    said = meeting.meeting
    shown = can_read_place(meeting, now())
    address = unseal(row.address_sealed) if shown and row and row.address_sealed else None
    code = unseal(row.code_sealed) if shown and row and row.code_sealed else None
    return Place(
        area=said.area, online=said.online, elsewhere=meeting.room is None and not said.online, shown=shown,
        opens=(meeting.span[0] - BEFORE).astimezone(meeting.start.tzinfo),
        address=address or "",
        link=pattern.replace(CODE, code) if pattern and code else "",
    )  # fmt: skip


def pattern_of(house: House) -> str:
    """What links look like in a house; empty: none are offered."""
    found = db.session.get(HouseLink, house.id, populate_existing=True)
    return found.pattern if found else ""
