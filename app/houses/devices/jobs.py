"""The clock's door of devices."""

from app.core import jobs
from app.houses.devices.actions import forget_what_is_over


@jobs.every("devices:purge", minutes=60)
def purge() -> None:
    """Letters and calls that are over."""
    forget_what_is_over()
