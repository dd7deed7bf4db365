"""The clock's door: at night, what was kept long enough goes, and its bytes with it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from app.accounts.mail_choices import house_clock
from app.core import jobs, retention
from app.core.clock import now

NIGHT = time(3, 30)
A_DAY = 24 * 60
# The lease of what comes back by the clock is five minutes: the rest waits for the next night.
LONGEST = 240.0
MISSED = timedelta(days=3)
NAME = "kept:retention"

log = structlog.get_logger()


def next_night(moment: datetime) -> datetime:
    """Half past three on the clock of the house."""
    zone = ZoneInfo(house_clock.zone())
    here = moment.astimezone(zone)
    day = here.date() + timedelta(days=1 if here.time() >= NIGHT else 0)
    return datetime.combine(day, NIGHT, zone).astimezone(UTC)


@jobs.every(NAME, minutes=A_DAY, next_at=next_night)
def purge() -> None:
    """Every rule, in slices. A night that comes days after the last one deletes nothing: the clock may have jumped.

    Nor does the very first one: a house that has just been opened, or put back, is looked at before.
    """
    last = next((each.ran_at for each in jobs.clock_state() if each.name == NAME), None)
    if last is None:
        return
    if not timedelta(0) <= now() - last <= MISSED:
        log.warning("purge_waits_for_the_next_night")
        return
    for rule, gone in retention.run(seconds=LONGEST):
        if gone:
            log.info("purged", rule=rule, rows=gone)
    retention.leave_no_bytes()
