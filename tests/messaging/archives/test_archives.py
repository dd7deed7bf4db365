"""A club's archive: told seven days before, each may keep out, numbers for names, two leads where it is discreet."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.accounts.leaving.actions import erase_account
from app.accounts.models import Account
from app.accounts.notices import letterhead
from app.clubs import actions as clubs
from app.clubs.models import Change, Club
from app.clubs.pinned import pinned_in
from app.clubs.queries import member_club_for
from app.core import jobs, retention
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.houses.models import JournalEntry
from app.messaging import actions as talk
from app.messaging.archives import actions, bundle
from app.messaging.archives.bundle import Veil, content_of
from app.messaging.archives.models import ArchiveRefusal, ClubArchive
from tests.support import cast as people
from tests.support.cast import Cast, make_person
from tests.support.mailbox import Mailbox, words_of

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]
BEGIN = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(BEGIN, tick=False) as travelling:
        yield travelling


@pytest.fixture
def inside(app: Flask, clock: Any, cast: Cast) -> Iterator[Cast]:
    """A request is there: a mail is written in the middle of one."""
    with app.test_request_context():
        yield cast


def draft(body: str, reply_to: str | None = None) -> talk.Draft:
    return talk.Draft(str(uuid.uuid4()), body, reply_to)


def spoken(cast: Cast) -> str:
    """Bruno, Ama and Nora speak in Tilleul; Ama's name stands in what Bruno says. Gives the discussion."""
    opened = talk.open_thread(cast.bruno.actor, "tilleul", "Pour Ama", draft("Bonjour AMA, dit Bruno. Amarrage."))
    talk.post_message(cast.amina.actor, opened.thread.id, draft("Merci Bruno.", opened.message.id))
    return opened.thread.id


def read(cast: Cast, slug: str = "tilleul", first_seq: int = 1) -> list[tuple[str, list[tuple[str, str]]]]:
    """What is in the archive: each title, and who says what."""
    club = db.session.get_one(Club, cast.clubs[slug])
    archive = db.session.scalars(select(ClubArchive).where(ClubArchive.club_id == club.id)).one()
    told = content_of(club, archive, first_seq)
    return [(one["title"], [(said["by"], said["text"]) for said in one["messages"]]) for one in told.threads()]


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(DomainError) as error:
        act()
    return str(error.value.code)


def test_it_is_told_to_every_member_seven_days_before(inside: Cast, clock: Any, run_jobs: Any, app: Flask) -> None:
    archive = actions.ask_archive(inside.bruno.actor, "tilleul")
    assert (archive.opens_at, archive.until) == (BEGIN + 7 * DAY, BEGIN + 21 * DAY)
    run_jobs()
    mails = Mailbox(app.extensions["settings"].instance).mails()
    assert sorted(mail["To"] for mail in mails) == ["amina@demo.example", "bruno@demo.example"]
    for mail in mails:
        text = f"{mail['Subject']} {words_of(mail)}"
        assert (letterhead.name() in text, f"/archives/{archive.id}" in text) == (True, True)
        assert [word for word in ("Tilleul", "tilleul", "Sujet", "45 ans", "Ama", "Bruno") if word in text] == []
    club = db.session.get_one(Club, inside.clubs["tilleul"])
    assert [one.lines for one in pinned_in(club)] == [
        ["Une archive du club se prépare pour le lundi 9 mars. Vos messages peuvent rester en dehors.",
         "Il reste 7 jours pour choisir."]
    ]  # fmt: skip
    clock.shift(6 * DAY)
    assert pinned_in(club)[0].lines[1] == "Il reste 1 jour pour choisir."
    assert refused(lambda: actions.open_archive(inside.bruno.actor, archive.id)) == "archive_not_ready"
    clock.shift(DAY)
    actions.open_archive(inside.bruno.actor, archive.id)
    acts = db.session.scalars(select(JournalEntry.act).order_by(JournalEntry.number)).all()
    assert acts == ["archive:asked", "archive:fetched"]


def test_names_are_numbers_also_in_what_others_say(inside: Cast, clock: Any) -> None:
    spoken(inside)
    actions.ask_archive(inside.bruno.actor, "tilleul")
    clock.shift(7 * DAY)
    ((title, said),) = read(inside)
    bruno, ama = said[0][0], said[1][0]
    assert {bruno, ama} == {"membre 1", "membre 2"}
    assert (title, said) == (
        f"Pour {ama}",
        [(bruno, f"Bonjour {ama}, dit {bruno}. Amarrage."), (ama, f"Merci {bruno}.")],
    )


def test_a_long_club_is_read_page_by_page(
    app: Flask, inside: Cast, clock: Any, monkeypatch: pytest.MonkeyPatch, queries: Any
) -> None:
    """Nobody waits while thousands of messages are read, and they are never all there at once."""
    app.config["LIMIT_FACTOR"] = 100
    for _thread in range(2):
        thread = spoken(inside)
        for number in range(5):
            talk.post_message(inside.bruno.actor, thread, draft(f"Message {number}"))
    archive = actions.ask_archive(inside.bruno.actor, "tilleul")
    clock.shift(7 * DAY)
    whole = read(inside)
    assert [len(said) for _title, said in whole] == [7, 7]
    monkeypatch.setattr(bundle, "PAGE", 3)
    assert read(inside) == whole
    told = content_of(db.session.get_one(Club, inside.clubs["tilleul"]), archive, 1)
    with queries() as asked:
        thread = next(told.threads())
        assert [len(asked), len(list(thread["messages"])), len(asked)] == [1, 7, 3]


def test_the_order_is_another_one_in_each_archive(inside: Cast, clock: Any) -> None:
    """Neither who joined first, nor the same again: of twelve archives, both orders of two members come."""
    spoken(inside)
    seen = set()
    for _turn in range(12):
        archive = actions.ask_archive(inside.bruno.actor, "tilleul")
        seen.add(read(inside)[0][1][0][0])
        actions.cancel_archive(inside.bruno.actor, archive.id)
        clock.shift(DAY)
    assert seen == {"membre 1", "membre 2"}


def test_who_keeps_out_is_not_in_it_and_may_change_until_the_day(inside: Cast, clock: Any) -> None:
    spoken(inside)
    archive = actions.ask_archive(inside.bruno.actor, "tilleul")
    before = log(inside)
    for out in (True, True, False, True):
        actions.keep_out(inside.amina.actor, archive.id, out)
        assert db.session.scalar(select(func.count()).select_from(ArchiveRefusal)) == int(out)
    # Nobody learns it, the leads neither.
    assert log(inside) == before
    clock.shift(7 * DAY)
    assert refused(lambda: actions.keep_out(inside.amina.actor, archive.id, False)) == "archive_open"
    assert read(inside) == [("Pour un membre", [("membre 1", "Bonjour un membre, dit membre 1. Amarrage.")])]


def log(cast: Cast) -> list[Any]:
    rows = select(Change.kind, Change.subject_id).where(Change.club_id == cast.clubs["tilleul"])
    return [*db.session.execute(rows), db.session.scalar(select(func.count()).select_from(JournalEntry))]


def test_a_name_written_without_its_accents_is_a_name(inside: Cast) -> None:
    """People drop accents and capitals as they type; what stands around the name stays as it is."""
    members = [
        SimpleNamespace(id=key, name=name, former_name=None) for key, name in (("1", "Chloé B."), ("2", "Łukasz"))
    ]
    veil = Veil(members, {"1": "membre 1"})
    for text, veiled in (
        ("Été : chloe b. et CHLOÉ B. déjà.", "Été : membre 1 et membre 1 déjà."),
        ("Chloe\u0301 B., lukasz", "membre 1, lukasz"),
        ("łukasz ﬁnit. Chloé Boa, éŁUKASZ", "un membre ﬁnit. Chloé Boa, éŁUKASZ"),
    ):
        assert veil.over(text) == veiled


def test_a_title_of_who_is_not_in_it_is_a_number(inside: Cast, clock: Any) -> None:
    opened = talk.open_thread(inside.amina.actor, "tilleul", "Mon secret", draft("Voilà."))
    talk.post_message(inside.bruno.actor, opened.thread.id, draft("Merci."))
    archive = actions.ask_archive(inside.bruno.actor, "tilleul")
    actions.keep_out(inside.amina.actor, archive.id, True)
    assert read(inside) == [("Discussion 1", [("membre 1", "Merci.")])]


def test_who_left_or_came_meanwhile_is_not_in_it_and_who_is_on_pause_chooses(inside: Cast, clock: Any) -> None:
    thread = spoken(inside)
    paul = make_person("paul", tilleul="Paul")
    talk.post_message(paul.actor, thread, draft("De Paul."))
    archive = actions.ask_archive(inside.bruno.actor, "tilleul")
    clock.shift(DAY)
    nina = make_person("nina")
    clubs.join_club(nina.actor, "tilleul", "Nina")
    talk.post_message(nina.actor, thread, draft("De Nina."))
    with transaction():
        people.membership(paul, "tilleul").paused_until = now() + 30 * DAY
    clubs.leave_club(inside.amina.actor, "tilleul")
    by, said = zip(*read(inside)[0][1], strict=True)
    assert said == (f"Bonjour AMA, dit {by[0]}. Amarrage.", f"De {by[1]}.")
    actions.keep_out(paul.actor, archive.id, True)
    assert len(read(inside)[0][1]) == 1
    with pytest.raises(NotFound):
        actions.keep_out(inside.amina.actor, archive.id, True)


def test_a_lead_takes_what_they_may_read_and_nothing_of_before_their_day(inside: Cast, clock: Any) -> None:
    with transaction():
        db.session.get_one(Club, inside.clubs["tilleul"]).history = "joining"
    thread = spoken(inside)
    nina = make_person("nina")
    clubs.join_club(nina.actor, "tilleul", "Nina")
    with transaction():
        member_club_for(nina.actor, "tilleul")[1].role = "lead"
    talk.post_message(inside.amina.actor, thread, draft("Bienvenue."))
    archive = actions.ask_archive(inside.bruno.actor, "tilleul")
    clock.shift(7 * DAY)
    for lead, texts in ((nina, 1), (inside.bruno, 3)):
        _archive, _club, me = actions.open_archive(lead.actor, archive.id)
        ((_title, said),) = read(inside, first_seq=me.first_seq)
        assert len(said) == texts


def test_what_is_taken_back_or_hidden_is_not_in_it_even_when_it_is_ready(inside: Cast, clock: Any) -> None:
    thread = spoken(inside)
    more = [talk.post_message(inside.bruno.actor, thread, draft(f"Numéro {n}.")).message for n in (1, 2)]
    actions.ask_archive(inside.bruno.actor, "tilleul")
    clock.shift(8 * DAY)
    assert len(read(inside)[0][1]) == 4
    talk.withdraw_message(inside.bruno.actor, more[0].id)
    with transaction():
        talk.hide_message(db.session.merge(more[1]), "lead", "1")
    assert len(read(inside)[0][1]) == 2


def test_a_discreet_club_needs_two_leads(inside: Cast, clock: Any) -> None:
    archive = actions.ask_archive(inside.dario.actor, "romarin")
    assert (archive.told_at, archive.opens_at) == (None, None)
    assert refused(lambda: actions.confirm_archive(inside.dario.actor, archive.id)) == "same_lead"
    assert refused(lambda: actions.confirm_archive(inside.amina.actor, archive.id)) == "not_a_lead"
    clock.shift(10 * DAY)
    assert refused(lambda: actions.open_archive(inside.dario.actor, archive.id)) == "archive_not_ready"
    with transaction():
        people.membership(inside.amina, "romarin").role = "lead"
    actions.confirm_archive(inside.amina.actor, archive.id)
    db.session.refresh(archive)
    assert archive.opens_at == BEGIN + 17 * DAY
    with pytest.raises(IntegrityError), transaction():
        archive.confirmed_by_id = archive.asked_by_id


def test_a_club_that_turned_discreet_meanwhile_needs_them_too(inside: Cast, clock: Any) -> None:
    archive = actions.ask_archive(inside.bruno.actor, "tilleul")
    with transaction():
        db.session.get_one(Club, inside.clubs["tilleul"]).door = "discreet"
    clock.shift(8 * DAY)
    assert refused(lambda: actions.open_archive(inside.bruno.actor, archive.id)) == "archive_not_ready"


def test_one_at_a_time_and_it_is_over_after_fourteen_days(inside: Cast, clock: Any) -> None:
    actions.ask_archive(inside.bruno.actor, "tilleul")
    assert refused(lambda: actions.ask_archive(inside.bruno.actor, "tilleul")) == "already_asked"
    clock.shift(21 * DAY)
    assert dict(retention.run(["archives:over"])) == {"archives:over": 0}
    clock.shift(timedelta(seconds=1))
    assert dict(retention.run(["archives:over"])) == {"archives:over": 1}
    actions.ask_archive(inside.bruno.actor, "tilleul")


def test_not_on_a_device_for_several_people_nor_by_who_does_not_lead(inside: Cast, clock: Any) -> None:
    archive = actions.ask_archive(inside.bruno.actor, "tilleul")
    clock.shift(7 * DAY)
    for shared in (replace(inside.bruno.actor, shared=True), replace(inside.bruno.actor, device_id="a" * 26)):
        assert refused(lambda: actions.open_archive(shared, archive.id)) == "shared_device"  # noqa: B023
    assert refused(lambda: actions.open_archive(inside.amina.actor, archive.id)) == "not_a_lead"
    with pytest.raises(NotFound):
        actions.open_archive(inside.chloe.actor, archive.id)


def test_who_left_for_good_is_in_it_until_the_club_sees_it(inside: Cast, clock: Any) -> None:
    """Two archives that lose somebody at the same moment would join up two clubs."""
    spoken(inside)
    actions.ask_archive(inside.bruno.actor, "tilleul")
    clock.shift(7 * DAY)
    whole = read(inside)
    with transaction():
        erase_account(db.session.get_one(Account, inside.amina.account_id), "keep")
    assert read(inside) == whole
    clock.shift(DAY)
    jobs.run_due(100)
    assert [len(said) for _title, said in read(inside)] == [1]
