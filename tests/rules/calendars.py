"""Who has the secret address of a calendar."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.meetings.calendars.actions import make_calendar
from app.meetings.calendars.models import CalendarKey
from app.rooms.imports.actions import bring_calendar
from app.rooms.imports.queries import brought_into
from app.rooms.imports.reading import Moment
from app.rooms.imports.routes import signed_plan
from tests.rooms.places import house, room
from tests.support.cast import Person


def prepare(person: Person, staff: Person) -> dict[str, str]:
    """A secret address of somebody's agenda; a calendar that was brought into a room, and one that may be."""
    start = now().replace(hour=3, minute=0, second=0, microsecond=0) + timedelta(days=50)
    moments = [Moment(start + timedelta(days=n), start + timedelta(days=n, hours=1), "", f"{n:032x}") for n in (0, 1)]
    bring_calendar(staff.actor, "canal", "atelier", moments[:1])
    return {
        "calendar_secret": make_calendar(person.actor),
        "import": brought_into(house("canal"))[0].id,
        "import_plan": signed_plan(room("atelier"), moments[1:]),
    }


def have_calendar(stage: Any, _client: Any, role: str) -> dict[str, str]:
    """The person has an address of their own, made when they could."""
    person = stage.people[role]
    with stage.app.app_context(), transaction():
        if person is not None and db.session.get(CalendarKey, person.account_id) is None:
            told = {"id": new_id(), "secret_hash": new_id(), "made_at": now()}
            db.session.add(CalendarKey(account_id=person.account_id, **told))
    return {}


FIRST: dict[str, Callable[[Any, Any, str], dict[str, str]]] = {"have_calendar": have_calendar}
