"""What the floors above show beside a discussion. They fill it; empty, nothing stands there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.clubs.models import Club
from app.core.actor import Actor


@dataclass(frozen=True)
class NextMeeting:
    """The club's next meeting, for its members: where it is, and the word to say at the desk."""

    title: str
    start: datetime
    where: str
    word: str
    evening: bool
    url: str


def _none(_actor: Actor, _club: Club) -> Any:
    return None


def _nothing(_thread_id: str) -> str:
    return ""


@dataclass
class Beside:
    """about: the address of what a discussion is about, if it is about one thing."""

    next_meeting: Callable[[Actor, Club], NextMeeting | None] = _none
    about: Callable[[str], str] = _nothing


beside = Beside()
