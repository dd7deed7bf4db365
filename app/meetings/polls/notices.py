"""What is written of dates to choose: house, day and time, never a club, a title or who said what."""

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from app.accounts.notices import notify
from app.clubs.models import Membership
from app.core.clock import now
from app.core.db import db
from app.houses.models import House
from app.meetings.polls.holds import TO_CHOOSE
from app.meetings.polls.models import Poll, PollDate
from app.rooms.leads import accounts_leading
from app.rooms.models import Claim, Room


def tell_leads_to_choose(poll: Poll) -> None:
    """The vote is over, and a date waits for them."""
    for account_id in accounts_leading(poll.club_id):
        notify(
            account_id, "request", _l("Un vote est fini"), "poll_over",
            path=f"/polls/{poll.id}", until=now() + TO_CHOOSE,
        )  # fmt: skip


def tell_who_can_come(date: PollDate, people: list[tuple[Membership, str]], claim: Claim | None, house: House) -> None:
    """To those who said yes or if need be: it takes place."""
    zone = ZoneInfo(house.timezone)
    room = db.session.get(Room, claim.room_id) if claim else None
    told: dict[str, Any] = {
        "start": date.starts_at.astimezone(zone), "end": date.ends_at.astimezone(zone), "house": house.name,
        "room": room.name if room else "", "door_word": claim.door_word if claim else "",
        "online": date.kind == "online",
    }  # fmt: skip
    for member, answer in people:
        if member.account_id is not None:
            notify(
                member.account_id, "reminder", _l("Une date est choisie"), "poll_chosen",
                path=f"/meetings/{date.meeting_id}", until=date.starts_at, coming=answer == "yes", **told,
            )  # fmt: skip
