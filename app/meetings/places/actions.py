"""Verbs of places: what links look like in a house; whether a meeting in a room is online too."""

import re

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from app.clubs import live
from app.core.actor import Actor
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, NotFound
from app.core.limits import spend
from app.houses.journal import note
from app.houses.models import House
from app.houses.queries import house_of_staff
from app.meetings.actions import NOT_A_LEAD, PLAN, still_ahead
from app.meetings.models import Meeting
from app.meetings.places.keeping import write_place
from app.meetings.places.models import HouseLink
from app.meetings.places.policy import can_set_link
from app.meetings.policy import can_plan_meeting
from app.meetings.queries import my_meeting, said_of
from app.web.forms import checked

MAX_PATTERN = 200
PATTERN = re.compile(r"https://[a-z0-9.-]+\.[a-z]{2,}(:[0-9]{1,5})?/[A-Za-z0-9._~/-]*\{code\}[A-Za-z0-9._~/-]*")
WRONG_PATTERN = _l("Écrivez une adresse qui commence par https:// et contient {code}, ou rien.")


def set_link(actor: Actor, slug: str, pattern: str) -> House:
    """A manager says what the links of online meetings look like; nothing: no meeting is online. Raises Invalid."""
    with transaction():
        house = house_of_staff(actor, slug)
        if not can_set_link(actor):
            raise NotAllowed()
        told = checked(pattern, "pattern", MAX_PATTERN)
        if told and not PATTERN.fullmatch(told):
            raise Invalid("pattern_wrong", WRONG_PATTERN, field="pattern")
        db.session.execute(delete(HouseLink).where(HouseLink.house_id == house.id))
        if told:
            db.session.add(HouseLink(house_id=house.id, pattern=told))
        note("house:link_set", actor, house_id=house.id)
        return house


def put_online(actor: Actor, meeting_id: str, *, online: bool) -> Meeting:
    """A lead says that a meeting in a room can be followed online too, or no more. Raises NotAllowed, Gone."""
    with transaction():
        meeting, _club, me = my_meeting(actor, meeting_id, lock=True)
        if not can_plan_meeting(me):
            raise NotAllowed("not_a_lead", NOT_A_LEAD)
        if meeting.claim_id is None:
            raise NotFound()
        still_ahead(said_of(meeting))
        spend(PLAN, me.id)
        write_place(meeting, me, "", "", online=online)
        live.record(meeting.club_id, "meeting:changed", meeting.id)
        return meeting
