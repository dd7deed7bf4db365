"""The clock of the machine is put back an hour, or jumps a day ahead: nobody is thrown out for good, nothing is stuck.

Jobs, leases and what comes back by the clock: ``core/test_clockwork.py``; budgets: ``core/test_limits.py``;
reminders and summaries: ``meetings/test_mails.py``.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from app.core.clock import now
from tests.support.cast import Cast
from tests.support.clients import ApiClient, PageClient
from tests.support.mailbox import Mailbox

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
JUMPS = [timedelta(hours=-1), timedelta(days=1)]


@pytest.mark.parametrize("jump", JUMPS)
def test_who_is_in_stays_in_once_the_clock_is_right_again(
    cast: Cast, client_of: Callable[..., PageClient], api_of: Callable[..., ApiClient], jump: timedelta
) -> None:
    amina, bruno = client_of(cast.amina), api_of(cast.bruno)
    start = now()
    seen = []
    for moment in (start + jump, start + timedelta(minutes=1)):
        with time_machine.travel(moment):
            seen.append((amina.open("/clubs/tilleul/members").status_code, bruno.get("/me").status_code))
    # The session of a shared device may be over a day ahead, as its row says; its row is there for the right time.
    assert seen == [(200 if jump < timedelta(0) else 303, 200), (200, 200)]


def test_a_code_asked_before_the_clock_is_put_back_arrives_at_once_and_works(
    app: Any, cast: Cast, visitor: PageClient, mailbox: Mailbox
) -> None:
    from app.core import jobs

    start = now()
    with time_machine.travel(start + timedelta(hours=1)):
        visitor.submit("/sign-in", {"email": "zoe@exemple.fr", "way": "code"})
    with time_machine.travel(start), app.app_context():
        jobs.run_clock()
        jobs.run_due()
    with time_machine.travel(start + timedelta(seconds=5)):
        code = mailbox.code_for("zoe@exemple.fr")
        assert visitor.submit("/sign-in/code", {"code": code}).status_code == 303


def test_order_comes_from_the_log_and_not_from_the_clock(cast: Cast, api_of: Callable[..., ApiClient]) -> None:
    bruno, start = api_of(cast.bruno), now()
    said = {"title": "L’heure", "body": "un", "client_id": "00000000-0000-4000-8000-000000000001"}
    thread = bruno.post("/clubs/tilleul/threads", json=said).json["thread"]["id"]
    for number, moment in (("2", start + timedelta(days=1)), ("3", start - timedelta(hours=1))):
        with time_machine.travel(moment):
            post = {"body": number, "client_id": f"00000000-0000-4000-8000-00000000000{number}"}
            # A key for programs has no end of its own.
            assert bruno.post(f"/threads/{thread}/messages", json=post).status_code == 201
    told = bruno.get(f"/threads/{thread}/messages?after=0").json["items"]
    assert [message["body"] for message in told] == ["un", "2", "3"]
