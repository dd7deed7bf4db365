"""The rules are held on whatever day the suite runs."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from tests.rules.stage import Stage

# A Friday whose evenings three weeks ahead are those before Christmas, and the days and hours after it.
FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("hours", [0, 13, 24, 57, 59, 72, 120, 24 * 30])
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_stage_is_made_on_any_day(app: Flask, hours: int) -> None:
    with time_machine.travel(FRIDAY + timedelta(hours=hours)):
        stage = Stage(app)
        assert set(stage.known) >= {"draw_week", "evening_claim", "offer", "rule"}
