"""The only source of time."""

from datetime import UTC, datetime

# Where the evening begins, on the clock of the house.
EVENING_FROM = "17:00"


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def to_the_minute(moment: datetime) -> datetime:
    """What is shown of a moment: the second could join two clubs up (PRODUCT 4.2)."""
    return moment.replace(second=0, microsecond=0)


def is_evening(moment: datetime) -> bool:
    """Is it evening on the clock that this moment bears?"""
    return f"{moment:%H:%M}" >= EVENING_FROM
