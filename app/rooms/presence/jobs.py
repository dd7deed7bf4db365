"""The clock's door of presence."""

from app.core import jobs
from app.rooms.presence.actions import give_back_unused, watch_doors


@jobs.every("presence:look", minutes=1)
def look() -> None:
    """Doors are watched, then what nobody uses is given back."""
    watch_doors()
    give_back_unused()
