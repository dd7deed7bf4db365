"""How long things are kept: one register for words and deeds, each rule tried by moving the clock."""

import itertools
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.clubs import actions as clubs
from app.clubs.live import changes_since
from app.clubs.models import Change, Club, Membership
from app.clubs.queries import seat_for
from app.core import retention
from app.core.clock import now
from app.core.db import db, transaction
from app.core.retention import Lasting
from app.messaging import actions as talk
from app.messaging.models import Message, Reaction, Thread
from app.pages.kept import jobs as night
from app.pages.legal.kept import YOURS, in_words
from app.pages.legal.kept_of_nobody import NOT_YOURS
from tests.support.cast import Cast, membership

pytestmark = pytest.mark.usefixtures("context")
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
BEGIN = datetime(2026, 1, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def draft(body: str) -> talk.Draft:
    return talk.Draft(str(uuid.uuid4()), body)


def purge(*only: str) -> dict[str, int]:
    """What went, of the rules that found something."""
    return {rule: gone for rule, gone in retention.run(only) if gone}


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(BEGIN, tick=False) as travelling:
        yield travelling


@pytest.fixture
def cast(clock: Any, cast: Cast) -> Cast:
    """The cast, on the clock of the test."""
    return cast


@sqlite
def test_every_table_has_a_rule_or_a_reason(app: Flask) -> None:
    ruled = {table for rule in retention.rules() for table in rule.tables}
    assert sorted(ruled | set(retention.reasons())) == sorted(db.metadata.tables)
    assert [why for why in retention.reasons().values() if len(why) < 10] == []


@sqlite
def test_the_page_says_the_times_that_the_purge_keeps(app: Flask) -> None:
    with app.test_request_context():
        told = {table: str(kept.how_long) for kept in (*YOURS, *NOT_YOURS) for table in kept.tables}
        silent = [
            (table, rule.name)
            for table in told
            for rule in retention.rules_of(table)
            if in_words(rule.lasts) not in told[table].replace("\xa0", " ")
        ]
    assert silent == []


@pytest.mark.parametrize(
    ("moment", "lasts", "before"),
    [
        (datetime(2026, 3, 31, tzinfo=UTC), Lasting(months=1), datetime(2026, 2, 28, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), Lasting(months=12), datetime(2027, 2, 28, tzinfo=UTC)),
        (datetime(2026, 1, 15, tzinfo=UTC), Lasting(months=24), datetime(2024, 1, 15, tzinfo=UTC)),
        (datetime(2026, 1, 15, tzinfo=UTC), Lasting(days=14), datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
@sqlite
def test_a_month_is_the_same_day_of_another_month(
    moment: datetime, lasts: Lasting, before: datetime, app: Flask
) -> None:
    assert lasts.before(moment) == before


def test_messages_live_twelve_months_and_the_discussion_goes_with_the_last(cast: Cast, clock: Any) -> None:
    old = talk.open_thread(cast.bruno.actor, "tilleul", "Ancienne", draft("Bonjour."))
    talk.react(cast.amina.actor, old.message.id, "🙏")
    clock.shift(60 * DAY)
    talk.post_message(cast.amina.actor, old.thread.id, talk.Draft(str(uuid.uuid4()), "Oui.", old.message.id))
    clock.move_to(datetime(2027, 1, 15, 12, tzinfo=UTC))
    assert purge("messaging:messages", "messaging:threads") == {}
    clock.shift(timedelta(seconds=1))
    assert purge("messaging:messages", "messaging:threads") == {"messaging:messages": 1}
    assert counted(Message, Thread, Reaction) == [1, 1, 0]
    assert db.session.scalars(select(Message.reply_to_id)).one() is None
    clock.shift(60 * DAY)
    assert purge("messaging:messages", "messaging:threads") == {"messaging:messages": 1, "messaging:threads": 1}
    assert counted(Message, Thread) == [0, 0]


def counted(*tables: Any) -> list[int]:
    return [int(db.session.scalar(select(func.count()).select_from(each)) or 0) for each in tables]


def test_each_club_keeps_as_many_months_as_it_chose(cast: Cast, clock: Any) -> None:
    with transaction():
        db.session.get_one(Club, cast.clubs["romarin"]).keep_months = 1
    for person, slug in ((cast.bruno, "tilleul"), (cast.dario, "romarin")):
        talk.open_thread(person.actor, slug, "Titre", draft("Bonjour."))
    clock.move_to(datetime(2026, 2, 16, tzinfo=UTC))
    purge()
    assert db.session.scalars(select(Message.club_id)).all() == [cast.clubs["tilleul"]]


def test_the_log_is_trimmed_without_a_hole_and_says_that_something_is_missing(cast: Cast, clock: Any) -> None:
    opened = talk.open_thread(cast.bruno.actor, "tilleul", "Titre", draft("Un."))
    clock.shift(100 * DAY)
    talk.post_message(cast.amina.actor, opened.thread.id, draft("Deux."))
    talk.react(cast.bruno.actor, opened.message.id, "🙏")
    clock.move_to(datetime(2027, 2, 1, tzinfo=UTC))
    assert purge() == {"messaging:messages": 1, "messaging:log": 2}
    club, me = db.session.get_one(Club, cast.clubs["tilleul"]), membership(cast.amina, "tilleul")
    db.session.refresh(club)
    assert (club.seq, club.log_from) == (4, 3)
    seat = seat_for(cast.amina.actor, "tilleul")
    heard = {since: changes_since(seat, since) for since in (0, 1, 2, 3, 4)}
    assert [heard[since]["gap"] for since in heard] == [False, True, False, False, False]
    assert [row["seq"] for row in heard[0]["changes"]] == [3, 4]
    # What is left of the log shows today's state: the message that was reacted to is no more.
    assert [bool(row["data"]) for row in heard[0]["changes"]] == [True, False]
    assert [row["seq"] for row in heard[2]["changes"]] == [3, 4]
    clubs.set_role(cast.bruno.actor, me.id, "lead")
    assert db.session.scalars(select(func.max(Change.seq))).one() == 5


def test_a_log_that_is_old_from_end_to_end_keeps_its_numbers(cast: Cast, clock: Any) -> None:
    opened = talk.open_thread(cast.bruno.actor, "tilleul", "Titre", draft("Un."))
    clock.shift(400 * DAY)
    purge()
    club = db.session.get_one(Club, cast.clubs["tilleul"])
    db.session.refresh(club)
    seat = seat_for(cast.amina.actor, "tilleul")
    told = changes_since(seat, 0)
    assert (club.log_from, told["seq"], told["changes"], told["gap"]) == (3, 2, [], False)
    assert changes_since(seat, 2)["gap"] is False
    assert talk.open_thread(cast.bruno.actor, "tilleul", "Autre", draft("Un.")).message.seq == 4
    assert opened.message.seq == 2


def test_who_left_long_ago_goes_once_nothing_of_theirs_stands(cast: Cast, clock: Any) -> None:
    talk.open_thread(cast.amina.actor, "tilleul", "Titre", draft("Un."))
    clubs.leave_club(cast.amina.actor, "romarin")
    clubs.leave_club(cast.amina.actor, "tilleul")
    with transaction():
        db.session.get_one(Club, cast.clubs["tilleul"]).keep_months = 24
    clock.shift(400 * DAY)
    assert purge("messaging:messages", "messaging:threads", "messaging:former") == {"messaging:former": 1}
    clock.shift(400 * DAY)
    purge()
    gone = [db.session.get(Membership, each, populate_existing=True) for each in cast.amina.memberships.values()]
    assert gone == [None, None]


@sqlite
def test_it_goes_in_slices_and_a_purge_that_was_killed_goes_on(cast: Cast, clock: Any) -> None:
    opened = talk.open_thread(cast.bruno.actor, "tilleul", "Titre", draft("Un."))
    fill(opened.message, 450)
    clock.shift(400 * DAY)
    slices = retention.rule_named("messaging:messages")
    assert slices.count(now()) == 451
    assert slices.purge(now()) == 200
    assert purge("messaging:messages") == {"messaging:messages": 251}
    assert purge("messaging:messages") == {}


def fill(like: Message, number: int) -> None:
    """More of the same, without the time that each would take."""
    told = {column.name: getattr(like, column.name) for column in Message.__table__.columns}
    with transaction():
        for n in range(number):
            fresh = {"id": f"{n:026}".replace("0", "a"), "client_id": str(uuid.uuid4()), "seq": 100 + n}
            fresh["id"] = uuid.uuid4().hex[:26]
            db.session.add(Message(**{**told, **fresh}))


@sqlite
def test_no_byte_of_it_stays_in_the_files(cast: Cast, clock: Any, app: Flask) -> None:
    marker = b"kangourou-violet"
    talk.open_thread(cast.bruno.actor, "tilleul", marker.decode(), draft(f"Un {marker.decode()} passe."))
    assert any(marker in path.read_bytes() for path in files(app))
    clock.shift(400 * DAY)
    purge()
    assert retention.leave_no_bytes() is True
    assert [path.name for path in files(app) if marker in path.read_bytes()] == []


def files(app: Flask) -> list[Any]:
    from pathlib import Path

    path = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    return [each for each in path.parent.glob(f"{path.name}*") if not each.name.endswith("-shm")]


@sqlite
def test_the_command_says_how_much_and_can_only_look(cast: Cast, clock: Any, app: Flask) -> None:
    talk.open_thread(cast.bruno.actor, "tilleul", "Un titre", draft("Un."))
    clock.shift(400 * DAY)
    run = app.test_cli_runner().invoke
    for args, left in ((["purge", "--dry-run"], 1), (["purge"], 0)):
        said = run(args=args)
        lines = dict(line.split(": ") for line in said.output.splitlines())
        assert (said.exit_code, lines["messaging:messages"], lines["messaging:log"]) == (0, "1", "2")
        assert set(lines) == {rule.name for rule in retention.rules()}
        assert counted(Message) == [left]
        db.session.rollback()


@sqlite
def test_every_night_and_not_when_the_clock_has_jumped(cast: Cast, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.core import clockwork

    monkeypatch.setattr(clockwork, "_recurring", {night.NAME: clockwork._recurring[night.NAME]})
    talk.open_thread(cast.bruno.actor, "tilleul", "Un titre", draft("Un."))
    seen = []
    for moment in itertools.accumulate([BEGIN, DAY, 400 * DAY, DAY]):
        clock.move_to(moment)
        assert clockwork.run_clock() == 1
        seen.append(counted(Message)[0])
    # The first night looks only; so does one that comes after a jump.
    assert seen == [1, 1, 1, 0]


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (datetime(2026, 1, 15, 2, 0, tzinfo=UTC), datetime(2026, 1, 15, 2, 30, tzinfo=UTC)),
        (datetime(2026, 1, 15, 2, 30, tzinfo=UTC), datetime(2026, 1, 16, 2, 30, tzinfo=UTC)),
        (datetime(2026, 7, 15, 12, 0, tzinfo=UTC), datetime(2026, 7, 16, 1, 30, tzinfo=UTC)),
    ],
)
@sqlite
def test_the_night_is_that_of_the_house(moment: datetime, due: datetime, app: Flask) -> None:
    assert night.next_night(moment) == due
