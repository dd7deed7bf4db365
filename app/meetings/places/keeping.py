"""How a place is written and forgotten, in the caller's transaction."""

from flask_babel import lazy_gettext as _l

from app.clubs.models import Membership
from app.core.db import db
from app.core.errors import Invalid
from app.core.ids import new_id
from app.core.sealed import seal
from app.houses.models import House
from app.meetings.models import Meeting
from app.meetings.places.models import MeetingPlace
from app.meetings.places.queries import pattern_of
from app.web.forms import checked

MAX_AREA, MAX_ADDRESS = 80, 300


def write_place(meeting: Meeting, by: Membership, area: str, address: str, *, online: bool) -> None:
    """What a lead says of where, each in their own words: an empty address leaves the one that is there.

    Raises Invalid.
    """
    if online and not pattern_of(db.session.get_one(House, meeting.house_id)):
        raise Invalid("no_link", _l("La maison n’a pas de salle en ligne."), field="online")
    said = checked(area, "area", MAX_AREA)
    if said != meeting.area:
        meeting.area, meeting.area_by_id = said, by.id if said else None
    meeting.online = online
    told = checked(address, "address", MAX_ADDRESS)
    db.session.flush()
    row = db.session.get(MeetingPlace, meeting.id, populate_existing=True)
    if row is None:
        if not told and not online:
            return
        row = MeetingPlace(meeting_id=meeting.id)
        db.session.add(row)
    if told:
        row.address_sealed, row.written_by_id = seal(told), by.id
    if not online:
        row.code_sealed = None
    elif row.code_sealed is None:
        row.code_sealed = seal(new_id())
    db.session.flush()


def forget_place(meeting: Meeting) -> None:
    """Nobody reads where any more."""
    row = db.session.get(MeetingPlace, meeting.id)
    if row is not None:
        db.session.delete(row)
        db.session.flush()
