"""The way from a meeting to its discussion, and back."""

from flask import url_for

from app.core.actor import Actor
from app.meetings.parts import on_meeting
from app.meetings.queries import MeetingView
from app.meetings.talks.queries import meeting_of, talk_of
from app.messaging.beside import beside
from app.web.parts import Part


def talk_part(_actor: Actor, meeting: MeetingView) -> Part | None:
    """A link to it, or the button that opens it; nothing for who may not read what was said."""
    me = meeting.me
    if me is None:
        return None
    talk = talk_of(meeting.id, me)
    may_open = talk is None and me.visit_until is None
    if not may_open and (talk is None or not talk.readable):
        return None
    return Part(
        "talks/_on_meeting.html", {"thread_id": talk.thread_id if talk else "", "may_open": may_open}, beside=True
    )


def way_back(thread_id: str) -> str:
    """The address of the meeting that a discussion is about; empty for any other."""
    found = meeting_of(thread_id)
    return url_for("meetings.show_meeting", meeting_id=found) if found else ""


on_meeting.append(talk_part)
beside.about = way_back
