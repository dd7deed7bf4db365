"""Open a meeting's own discussion."""

import uuid

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.core.actor import Actor
from app.core.db import constraint_of, db, transaction
from app.core.errors import Gone, NotFound
from app.meetings.minutes.queries import inside
from app.meetings.queries import MeetingView
from app.meetings.talks.models import MeetingThread
from app.meetings.talks.queries import talk_of
from app.messaging.actions import Draft, open_thread
from app.web.filters import day_long


def open_talk(actor: Actor, meeting_id: str) -> str:
    """A member opens the discussion of a meeting, as their first message there; if there is one, it is that one.

    Two at once: the database keeps one, and the other finds it. Returns the discussion's id.
    """
    try:
        with transaction():
            return _open(actor, meeting_id)
    except IntegrityError as error:
        if "meeting_thread" not in constraint_of(error):
            raise
        return _open(actor, meeting_id)


def _open(actor: Actor, meeting_id: str) -> str:
    meeting, me = inside(actor, meeting_id)
    talk = talk_of(meeting.id, me)
    if me.visit_until is not None or (talk is not None and not talk.readable):
        raise NotFound()
    if talk is not None:
        return talk.thread_id
    if meeting.off:
        raise Gone("meeting_released", _("Cette rencontre n’a plus lieu."))
    opened = open_thread(actor, meeting.club.slug, _title(meeting), Draft(str(uuid.uuid4()), _first(meeting)))
    db.session.add(MeetingThread(meeting_id=meeting.id, thread_id=opened.thread.id))
    db.session.flush()
    return opened.thread.id


def _title(meeting: MeetingView) -> str:
    """In the house's words: how the meeting is called is somebody's, and stays with the meeting."""
    return str(_("Rencontre du %(day)s", day=day_long(meeting.start)))


def _first(meeting: MeetingView) -> str:
    return str(_("Parlons ici de la rencontre du %(day)s.", day=day_long(meeting.start)))
