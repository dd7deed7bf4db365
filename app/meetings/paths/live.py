"""What the log of a club says of the path of its session: that it changed, and nothing of what is in it."""

from collections.abc import Sequence

from app.clubs import live
from app.clubs.live import Shown, renders
from app.clubs.models import Club


@renders("session:changed")
def show_changed(_club: Club, subjects: Sequence[str]) -> dict[str, Shown]:
    return {subject: Shown({"id": subject}) for subject in subjects}


def changed(club: Club, session_id: str) -> None:
    """In the present transaction: goals, places or the review are not what they were."""
    live.record(club.id, "session:changed", session_id)
