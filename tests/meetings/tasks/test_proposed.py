"""Who is asked to do something learns it by the day's summary, without a word of it, and answers in the agenda."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from app.accounts.digests import send_digests
from app.core import jobs
from app.core.clock import now
from app.core.db import db
from app.meetings.tasks.actions import make_task, take_task
from app.meetings.tasks.models import Task
from app.meetings.tasks.queries import number_proposed
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient
from tests.support.mailbox import Mailbox, words_of
from tests.support.page import text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PARIS = ZoneInfo("Europe/Paris")
NAMED = ("Tilleul", "tilleul", "Romarin", "romarin", "mairie", "guide", "Ama", "Bruno", "45 ans")


@pytest.fixture
def clock() -> Any:
    """Six in the evening, when summaries leave."""
    with time_machine.travel(datetime(2026, 11, 23, 18, tzinfo=PARIS), tick=False) as machine:
        yield machine


def propose(cast: Cast, slug: str, text: str, whom: Person, by: Person | None = None) -> str:
    return make_task((by or cast.bruno).actor, slug, text, whom.memberships[slug]).id


def summary_of(app: Flask, mailbox: Mailbox, person: Person) -> list[str]:
    with app.app_context():
        send_digests()
        jobs.run_due(100)
    return [words_of(mail) for mail in mailbox.to(person.email)]


def test_the_summary_says_how_many_and_nothing_else(clock: Any, app: Flask, cast: Cast, mailbox: Mailbox) -> None:
    with app.app_context():
        propose(cast, "tilleul", "Rappeler la mairie", cast.amina)
        propose(cast, "tilleul", "Lire le guide", cast.amina)
        # What one takes oneself, or has said yes to, waits for nobody.
        propose(cast, "romarin", "Relire", cast.amina, by=cast.amina)
        take_task(cast.amina.actor, propose(cast, "tilleul", "Ranger", cast.amina))
    (told,) = summary_of(app, mailbox, cast.amina)
    assert "  2 choses à faire vous sont proposées" in told.replace("\u00a0", " ").splitlines()
    assert [name for name in NAMED if name in told] == []
    assert summary_of(app, mailbox, cast.bruno) == []


def test_it_is_said_for_a_week(clock: Any, app: Flask, cast: Cast) -> None:
    with app.app_context():
        propose(cast, "tilleul", "Rappeler la mairie", cast.amina)
        for days, number in ((6, 1), (2, 0)):
            clock.shift(timedelta(days=days))
            assert number_proposed(cast.amina.actor) == number


def test_yes_or_no_is_said_in_the_agenda(app: Flask, client_of: Callable[..., PageClient], cast: Cast) -> None:
    with app.app_context():
        first = propose(cast, "tilleul", "Rappeler la mairie", cast.amina)
        second = propose(cast, "tilleul", "Lire le guide", cast.amina)
    amina = client_of(cast.amina)

    def buttons() -> list[str]:
        return [text_of(each) for each in amina.get("/agenda").page.all(".//ul[@class='list']//button")]

    assert buttons() == [
        "Je m’en charge Rappeler la mairie", "Je ne peux pas Rappeler la mairie",
        "Je m’en charge Lire le guide", "Je ne peux pas Lire le guide",
    ]  # fmt: skip
    assert amina.send(f"/tasks/{first}/take", {"back": "/agenda"}, on="/agenda").location == "/agenda"
    assert amina.send(f"/tasks/{second}/leave", {"back": "/agenda"}, on="/agenda").location == "/agenda"
    assert buttons() == ["C’est fait Rappeler la mairie"]
    with app.app_context():
        mine = cast.amina.memberships["tilleul"]
        assert [db.session.get_one(Task, each).holder_id for each in (first, second)] == [mine, None]
        assert number_proposed(cast.amina.actor) == 0
        assert db.session.get_one(Task, first).taken_at is not None
        assert now() > db.session.get_one(Task, first).moved_at - timedelta(seconds=1)
