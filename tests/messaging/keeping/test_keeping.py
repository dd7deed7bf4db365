"""A club chooses how long its messages live: longer at once, shorter after seven days that everybody reads."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.clubs.models import Club
from app.core import jobs
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.houses.models import JournalEntry
from app.messaging.keeping.actions import choose_keeping
from tests.support.cast import Cast
from tests.support.clients import PageClient

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
inside = pytest.mark.usefixtures("context")
BEGIN = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(BEGIN, tick=False) as travelling:
        yield travelling


def kept(cast: Cast) -> tuple[int, int | None, datetime | None]:
    club = db.session.get_one(Club, cast.clubs["tilleul"], populate_existing=True)
    return club.keep_months, club.keep_next, club.keep_next_at


@inside
def test_longer_begins_at_once_and_shorter_after_seven_days(clock: Any, cast: Cast) -> None:
    choose_keeping(cast.bruno.actor, "tilleul", 24)
    assert kept(cast) == (24, None, None)
    choose_keeping(cast.bruno.actor, "tilleul", 3)
    assert kept(cast) == (24, 3, BEGIN + 7 * DAY)
    clock.shift(7 * DAY - timedelta(minutes=1))
    jobs.run_due()
    assert kept(cast)[0] == 24
    clock.shift(timedelta(minutes=1))
    jobs.run_due()
    assert kept(cast) == (3, None, None)
    acts = db.session.execute(select(JournalEntry.act, JournalEntry.facts)).all()
    assert [tuple(each) for each in acts] == [("keeping:chosen", {"months": 24}), ("keeping:chosen", {"months": 3})]


@inside
def test_what_was_announced_can_be_taken_back_and_its_job_does_nothing(clock: Any, cast: Cast) -> None:
    for months in (1, 12):
        choose_keeping(cast.bruno.actor, "tilleul", months)
    clock.shift(5 * DAY)
    choose_keeping(cast.bruno.actor, "tilleul", 6)
    clock.shift(2 * DAY)
    jobs.run_due()
    # The first one's day: what was chosen later has its own.
    assert kept(cast) == (12, 6, BEGIN + 12 * DAY)


@inside
@pytest.mark.parametrize("months", [0, 25, -1])
def test_from_one_to_twenty_four(clock: Any, cast: Cast, months: int) -> None:
    with pytest.raises(DomainError) as error:
        choose_keeping(cast.bruno.actor, "tilleul", months)
    assert error.value.code == "months_out_of_range"
    with pytest.raises(IntegrityError), transaction():
        db.session.get_one(Club, cast.clubs["tilleul"]).keep_months = months


def test_every_member_reads_it_on_the_page(cast: Cast, client_of: Callable[..., PageClient]) -> None:
    member, lead = client_of(cast.amina), client_of(cast.bruno)
    assert "Les messages vivent 12 mois" in spoken(member)
    assert ("/clubs/tilleul/keeping" in spoken(lead, links=True)) is True
    lead.send("/clubs/tilleul/keeping", {"months": "2"}, on="/clubs/tilleul/keeping")
    assert "les messages de ce club vivent 2 mois" in spoken(member)
    refused = lead.send("/clubs/tilleul/keeping", {"months": "36"}, on="/clubs/tilleul/keeping")
    assert (refused.status_code, "Choisissez de 1 à 24 mois." in refused.page.main.replace("\xa0", " ")) == (422, True)


def spoken(client: PageClient, *, links: bool = False) -> str:
    page = client.get("/clubs/tilleul").page
    return " ".join(page.links) if links else " ".join(page.main.replace("\xa0", " ").split())
