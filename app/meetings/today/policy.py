"""When something of the day may be said. Pure; who may say it stands in the policy of meetings."""

from datetime import datetime, time
from zoneinfo import ZoneInfo


def is_the_day(start: datetime, end: datetime, zone: ZoneInfo, moment: datetime) -> bool:
    """From the midnight before the meeting, on the clock of its house, until its end."""
    midnight = datetime.combine(start.astimezone(zone).date(), time(), zone)
    return midnight <= moment < end
