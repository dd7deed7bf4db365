"""Who comes to a meeting elsewhere is told of another hour: once, in time, and of the hour that they know."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.core.db import db
from app.core.errors import NotAllowed, TooMany
from app.meetings.actions import Plan, answer_meeting, cancel_meeting, change_meeting, plan_meeting
from app.meetings.moves import GATHER
from app.meetings.queries import meeting_for
from tests.meetings.places.conftest import ADDRESS, PARIS, PLAN, START, address_for, co_lead
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox, words_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.mark.usefixtures("context")
def test_change_meeting(cast_here: Cast, planned: str, clock: Any, run_jobs: Any, mailbox: Mailbox) -> None:
    answer_meeting(cast_here.amina.actor, planned, "yes")
    later = Plan("Au parc", START + timedelta(hours=1), START + timedelta(hours=3), seats=1, area="Au canal")
    with pytest.raises(NotAllowed):
        change_meeting(cast_here.amina.actor, planned, later)
    change_meeting(cast_here.bruno.actor, planned, later)
    clock.shift(GATHER)
    run_jobs()
    (mail,) = mailbox.mails()
    assert (mail["To"], mail["Subject"]) == (cast_here.amina.email, "Le rendez-vous change")
    assert "Il a lieu le dimanche 28 mars, à 16 h." in words_of(mail).replace("\u00a0", " ").replace("16 h 00", "16 h")
    assert [word for word in ("Lilas", "canal", "Tilleul", "parc") if word in words_of(mail)] == []
    clock.move_to(START)
    db.session.expire_all()
    # An empty address left the one that was there.
    assert address_for(cast_here.amina, planned) == ADDRESS
    seen = meeting_for(cast_here.amina.actor, planned)
    assert (seen.spot, seen.full, seen.meeting.revision) == ("Au canal", True, 1)


def moved_to(hours: int) -> Plan:
    return replace(PLAN, start=START + timedelta(hours=hours), end=START + timedelta(hours=hours + 2))


@pytest.mark.usefixtures("context")
def test_several_changes_in_a_row_are_told_once(
    cast_here: Cast, planned: str, clock: Any, run_jobs: Any, mailbox: Mailbox
) -> None:
    answer_meeting(cast_here.amina.actor, planned, "yes")
    for hours in (1, 5, 3):
        change_meeting(cast_here.bruno.actor, planned, moved_to(hours))
        run_jobs()
        clock.shift(timedelta(minutes=1))
    assert mailbox.mails() == []
    # Who says yes now knows already when it is.
    answer_meeting(cast_here.bruno.actor, planned, "yes")
    clock.shift(GATHER)
    run_jobs()
    (mail,) = mailbox.mails()
    told = words_of(mail).replace("\u00a0", " ")
    assert (mail["To"], "le dimanche 28 mars, à 15 h." in told, "le dimanche 28 mars, à 18 h." in told) == (
        cast_here.amina.email, True, True,
    )  # fmt: skip
    mailbox.empty()
    # There and back again is nothing to tell.
    for hours in (5, 3):
        change_meeting(cast_here.bruno.actor, planned, moved_to(hours))
    clock.shift(GATHER)
    run_jobs()
    assert mailbox.mails() == []


@pytest.mark.usefixtures("context")
def test_what_is_called_off_is_told_of_the_hour_that_one_knows(
    cast_here: Cast, planned: str, clock: Any, run_jobs: Any, mailbox: Mailbox
) -> None:
    answer_meeting(cast_here.amina.actor, planned, "yes")
    change_meeting(cast_here.bruno.actor, planned, moved_to(5))
    cancel_meeting(cast_here.bruno.actor, planned)
    clock.shift(GATHER)
    run_jobs()
    (mail,) = mailbox.mails()
    assert mail["Subject"] == "Le rendez-vous est annulé"
    assert "n’a plus lieu : dimanche 28 mars, à 15 h." in words_of(mail).replace("\u00a0", " ")


@pytest.mark.usefixtures("context")
def test_what_is_soon_is_told_at_once(
    cast_here: Cast, planned: str, clock: Any, run_jobs: Any, mailbox: Mailbox
) -> None:
    answer_meeting(cast_here.amina.actor, planned, "yes")
    clock.move_to(START - timedelta(hours=1))
    mailbox.empty()
    change_meeting(cast_here.bruno.actor, planned, moved_to(5))
    run_jobs()
    assert [mail["Subject"] for mail in mailbox.mails()] == ["Le rendez-vous change"]


@pytest.mark.usefixtures("context")
def test_what_a_second_change_brings_near_is_told_at_once(
    cast_here: Cast, planned: str, clock: Any, run_jobs: Any, mailbox: Mailbox
) -> None:
    answer_meeting(cast_here.amina.actor, planned, "yes")
    change_meeting(cast_here.bruno.actor, planned, moved_to(-24))
    run_jobs()
    assert mailbox.mails() == []
    near = datetime(2027, 3, 22, 9, 5, tzinfo=PARIS)
    change_meeting(cast_here.bruno.actor, planned, replace(PLAN, start=near, end=near + timedelta(hours=2)))
    run_jobs()
    (mail,) = mailbox.mails()
    told = words_of(mail).replace("\u00a0", " ").replace("9 h 05", "9 h 5")
    assert [word in told for word in ("le dimanche 28 mars, à 15 h.", "le lundi 22 mars, à 9 h 5.")] == [True, True]


@pytest.mark.usefixtures("context")
def test_what_waited_for_who_comes_no_more_is_not_told_to_the_next(
    cast_here: Cast, planned: str, clock: Any, run_jobs: Any, mailbox: Mailbox
) -> None:
    answer_meeting(cast_here.amina.actor, planned, "yes")
    change_meeting(cast_here.bruno.actor, planned, moved_to(1))
    answer_meeting(cast_here.amina.actor, planned, "no")
    change_meeting(cast_here.bruno.actor, planned, moved_to(2))
    clock.shift(timedelta(minutes=1))
    answer_meeting(cast_here.amina.actor, planned, "yes")
    change_meeting(cast_here.bruno.actor, planned, moved_to(5))
    clock.shift(GATHER)
    run_jobs()
    (mail,) = mailbox.mails()
    told = words_of(mail).replace("\u00a0", " ")
    assert [f"à {hour} h." in told for hour in (15, 17, 20)] == [False, True, True]


@pytest.mark.usefixtures("context")
def test_a_lead_plans_so_often_a_minute(app: Flask, cast_here: Cast, planned: str) -> None:
    app.config["LIMIT_FACTOR"] = 1
    lou = co_lead("Lou")
    for hours in range(10):
        change_meeting(lou.actor, planned, moved_to(hours + 1))
    for act in (
        lambda: change_meeting(lou.actor, planned, PLAN),
        lambda: plan_meeting(lou.actor, "tilleul", PLAN),
        lambda: cancel_meeting(lou.actor, planned),
    ):
        with pytest.raises(TooMany):
            act()
    change_meeting(cast_here.bruno.actor, planned, PLAN)
