"""Which rules of repetition we take: those of which it is sure that they come true again and again.

The library that expands them looks as far as the year 9999 for a date that never comes (the 30th of February, the ninth
Monday of a month), and looks at an end only when it has found one: a few such rules would hold a machine for hours.
"""

import re
from calendar import monthrange
from typing import Any

FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
MOST_COUNT, MOST_INTERVAL, MOST_YEARS = 10_000, 999, 10
WEEKDAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
# Every month has this day, from either end.
SURE_DAY = 28
LEAP_YEAR = 2028
# What may stand beside FREQ, INTERVAL, COUNT, UNTIL and WKST.
ALLOWED = [
    ("DAILY", {"BYDAY"}),
    ("WEEKLY", {"BYDAY"}),
    ("MONTHLY", {"BYDAY", "BYSETPOS"}),
    ("MONTHLY", {"BYMONTHDAY"}),
    ("YEARLY", {"BYMONTH", "BYMONTHDAY"}),
    ("YEARLY", {"BYMONTH", "BYDAY"}),
]
ALWAYS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}


def is_taken(rule: Any) -> bool:
    """Does it come true again and again, and not too often?"""
    try:
        frequency, interval = _only(rule, "FREQ", ""), int(_only(rule, "INTERVAL", 1))
        count = int(_only(rule, "COUNT", 1))
    except ValueError:
        return False
    if frequency not in FREQUENCIES or not 0 < interval <= MOST_INTERVAL or not 0 < count <= MOST_COUNT:
        return False
    parts = {name for name in rule if name not in ALWAYS}
    if not any(frequency == each and parts <= allowed for each, allowed in ALLOWED):
        return False
    return _weekdays_come(rule, frequency) and _days_come(rule, frequency, interval)


def _weekdays_come(rule: Any, frequency: str) -> bool:
    found = [WEEKDAY.fullmatch(str(each)) for each in _all(rule, "BYDAY")]
    if not all(found):
        return False
    numbered = any(each[1] for each in found if each)
    positions = [int(each) for each in _all(rule, "BYSETPOS")]
    if frequency in ("DAILY", "WEEKLY") and numbered:
        return False
    if positions:
        return bool(found) and not numbered and all(1 <= abs(each) <= 4 for each in positions)
    # Every Monday of a year, not of a month: nobody says so, and "BYDAY=20MO" would mean something else.
    return frequency != "YEARLY" or not found or "BYMONTH" in rule


def _days_come(rule: Any, frequency: str, interval: int) -> bool:
    days = [abs(int(each)) for each in _all(rule, "BYMONTHDAY")]
    if not all(1 <= each <= 31 for each in days):
        return False
    if frequency == "YEARLY":
        months = [int(each) for each in _all(rule, "BYMONTH")]
        if interval > MOST_YEARS or not all(1 <= each <= 12 for each in months):
            return False
        longest = max((monthrange(LEAP_YEAR, each)[1] for each in months), default=SURE_DAY)
        return not days or min(days) <= longest
    return not days or interval == 1 or min(days) <= SURE_DAY


def _only(rule: Any, name: str, default: Any) -> Any:
    values = _all(rule, name)
    if len(values) > 1:
        raise ValueError(name)
    return values[0] if values else default


def _all(rule: Any, name: str) -> list[Any]:
    values = rule.get(name, [])
    return values if isinstance(values, list) else [values]
