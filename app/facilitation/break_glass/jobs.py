"""The clock's door of emergencies."""

from app.core import jobs
from app.facilitation.break_glass.actions import keep_to_the_clock


@jobs.every("break_glass:watch", minutes=1)
def watch() -> None:
    """What is over is written down, and the club whose day has come is told."""
    keep_to_the_clock()
