"""The only source of time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def to_the_minute(moment: datetime) -> datetime:
    """What is shown of a moment: the second could join two clubs up (PRODUCT 4.2)."""
    return moment.replace(second=0, microsecond=0)
