"""The clock's door of closures."""

from typing import Any

from app.core import jobs
from app.rooms.closures.actions import end_told


@jobs.handler("closures:end_told")
def end(payload: dict[str, Any]) -> None:
    """What clubs left standing is cancelled 48 hours before; running twice does nothing more."""
    end_told(payload["closure"])
