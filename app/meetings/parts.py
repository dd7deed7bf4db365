"""What features put on the page of a meeting, under who comes: nothing, when empty."""

from collections.abc import Callable

from app.core.actor import Actor
from app.meetings.queries import MeetingView
from app.web.parts import Part

on_meeting: list[Callable[[Actor, MeetingView], Part | None]] = []


def parts_for(actor: Actor, meeting: MeetingView) -> list[Part]:
    """The parts that have something to say to one of the club."""
    found = [compose(actor, meeting) for compose in on_meeting]
    return [part for part in found if part is not None]
