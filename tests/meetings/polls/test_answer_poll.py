"""Answering, typing a sheet, how the dates stand, the clock that ends a vote, and choosing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from app.clubs.models import Change
from app.clubs.partings import plan_partings
from app.core import jobs, retention
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound
from app.meetings.models import Rsvp
from app.meetings.polls.actions import answer_poll, type_answers
from app.meetings.polls.choosing import choose_date
from app.meetings.polls.jobs import close_polls
from app.meetings.polls.models import Poll, PollAnswer, PollDate
from app.meetings.polls.queries import Question, poll_for
from app.meetings.polls.results import standings
from app.meetings.polls.show import shown_question
from app.rooms.actions import Wish as Claiming
from app.rooms.actions import claim_slot
from app.rooms.models import Claim, Hold
from app.web.filters import NBSP, day_name
from tests.meetings.polls.conftest import ends, in_room, online
from tests.rooms.places import house, slot
from tests.support.cast import Cast, Person, make_person
from tests.support.mailbox import words_of

Proposed = Callable[..., str]


def dates(cast: Cast, poll_id: str) -> dict[str, str]:
    """The dates of a poll by their kind; of two alike the later one."""
    return {one.date.kind: one.id for one in poll_for(cast.amina.actor, poll_id).moments}


def say(person: Person, poll_id: str, **says: str) -> None:
    found = {one.date.kind: one.id for one in poll_for(person.actor, poll_id).moments}
    answer_poll(person.actor, poll_id, {found[kind]: answer for kind, answer in says.items()})


def standing(question: Question) -> list[tuple[str, int, int, bool, bool]]:
    return [
        (one.moment.date.kind, one.moment.count("yes"), one.moment.count("maybe"), one.best, one.tied)
        for one in standings(question.moments)
    ]


def kinds() -> list[str]:
    return [kind for kind in db.session.scalars(select(Change.kind).order_by(Change.seq)) if kind.startswith("poll:")]


def test_answer_poll(places: Cast, proposed: Proposed, context: None) -> None:
    poll_id = proposed()
    say(places.amina, poll_id, room="yes", elsewhere="maybe", online="no")
    say(places.bruno, poll_id, room="yes", elsewhere="yes")
    seen = poll_for(places.amina.actor, poll_id)
    assert standing(seen) == [
        ("room", 2, 0, True, False),
        ("elsewhere", 1, 1, False, False),
        ("online", 0, 0, False, False),
    ]
    assert [one.names("yes") for one in seen.moments] == [("Bruno",), (), ("Ama", "Bruno")]
    say(places.amina, poll_id, room="no", elsewhere="yes")
    assert standing(poll_for(places.bruno.actor, poll_id))[0] == ("elsewhere", 2, 0, True, False)
    # The same again is no news.
    say(places.amina, poll_id, room="no", elsewhere="yes")
    assert kinds() == ["poll:opened", "poll:changed", "poll:changed", "poll:changed"]
    assert {column.name for column in PollAnswer.__table__.columns} == {"date_id", "membership_id", "answer"}


def test_who_is_level_is_said_so(places: Cast, proposed: Proposed, context: None) -> None:
    poll_id = proposed()
    assert [one[3:] for one in standing(poll_for(places.amina.actor, poll_id))] == [(False, False)] * 3
    say(places.amina, poll_id, room="yes", elsewhere="yes", online="maybe")
    assert [one[3:] for one in standing(poll_for(places.amina.actor, poll_id))] == [
        (True, True), (True, True), (False, False),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["chloe", "dario", "denis", "elise"])
def test_answers_are_for_members(places: Cast, proposed: Proposed, who: str, context: None) -> None:
    poll_id = proposed()
    room = dates(places, poll_id)["room"]
    outsider = getattr(places, who).actor
    for act in (
        lambda: answer_poll(outsider, poll_id, {room: "yes"}),
        lambda: type_answers(outsider, poll_id, places.amina.memberships["tilleul"], {room: "yes"}),
        lambda: choose_date(outsider, poll_id, room),
    ):
        with pytest.raises(NotFound):
            act()
    assert db.session.query(PollAnswer).count() == 0


def test_what_is_no_answer(places: Cast, proposed: Proposed, context: None) -> None:
    poll_id, other = proposed(), proposed(None, online(), in_room("atelier"))
    room = dates(places, poll_id)["room"]
    for says, code in (({}, "answer_empty"), ({room: "peut-être"}, "answer_unknown"),
                       ({dates(places, other)["online"]: "yes"}, "answer_empty")):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            answer_poll(places.amina.actor, poll_id, says)
        assert refused.value.code == code
    with time_machine.travel(ends()), pytest.raises(Gone):
        answer_poll(places.amina.actor, poll_id, {room: "yes"})


def test_type_answers(places: Cast, proposed: Proposed, context: None) -> None:
    poll_id = proposed()
    room, amina = dates(places, poll_id)["room"], places.amina.memberships["tilleul"]
    type_answers(places.bruno.actor, poll_id, amina, {room: "yes"})
    assert poll_for(places.amina.actor, poll_id).moments[2].answer_of(amina) == "yes"
    answer_poll(places.amina.actor, poll_id, {room: "no"})
    assert poll_for(places.bruno.actor, poll_id).moments[2].answer_of(amina) == "no"
    with pytest.raises(NotAllowed):
        type_answers(places.amina.actor, poll_id, amina, {room: "yes"})
    for stranger in (places.chloe.memberships["glycine"], places.amina.memberships["romarin"], "x" * 26):
        with pytest.raises(Invalid):
            type_answers(places.bruno.actor, poll_id, stranger, {room: "yes"})


def test_the_clock_ends_the_vote(places: Cast, proposed: Proposed, mailbox: Any, context: None) -> None:
    poll_id = proposed(None, in_room(clock="10:00"), in_room(clock="14:00"), in_room())
    close_polls()
    assert poll_for(places.amina.actor, poll_id).open
    best = poll_for(places.amina.actor, poll_id).moments[1]
    answer_poll(places.amina.actor, poll_id, {best.id: "yes"})
    with time_machine.travel(ends() + timedelta(minutes=1)):
        close_polls()
        seen = poll_for(places.amina.actor, poll_id)
        # The best one stays a day for the leads to choose; the others are free.
        assert (seen.open, seen.poll.outcome, [one.held for one in seen.moments]) == (
            False,
            "over",
            [False, True, False],
        )
        claim_slot(places.chloe.actor, Claiming(slot().id, "glycine", "Atelier"))
        close_polls()
        assert kinds()[-1] == "poll:changed"
        choose_date(places.bruno.actor, poll_id, best.id)
        assert db.session.query(Hold).count() == 0


def test_nobody_answered(places: Cast, proposed: Proposed, context: None) -> None:
    poll_id = proposed()
    with time_machine.travel(ends() + timedelta(minutes=1)):
        close_polls()
        assert db.session.query(Hold).count() == 0
        assert (poll_for(places.amina.actor, poll_id).answered, kinds()) == (False, ["poll:opened", "poll:changed"])


def test_choose_date(places: Cast, proposed: Proposed, context: None) -> None:
    with transaction():
        house("canal").claim_quota = 1
    poll_id = proposed(None, in_room(), in_room("atelier"), online())
    late = poll_for(places.amina.actor, poll_id)
    room = next(one.id for one in late.moments if one.room and one.room.slug == "salle-1")
    answer_poll(places.amina.actor, poll_id, {room: "yes"})
    answer_poll(places.bruno.actor, poll_id, {room: "maybe"})
    with pytest.raises(NotAllowed):
        choose_date(places.amina.actor, poll_id, room)
    date = choose_date(places.bruno.actor, poll_id, room)
    claim = db.session.scalars(select(Claim)).one()
    assert (claim.id, claim.title, claim.starts_at) == (date.meeting_id, "Visite", slot().start)
    assert (db.session.query(Hold).count(), poll_for(places.amina.actor, poll_id).poll.outcome) == (0, "chosen")
    assert [(one.membership_id, one.answer) for one in db.session.scalars(select(Rsvp))] == [
        (places.amina.memberships["tilleul"], "yes")
    ]
    with pytest.raises(Gone):
        choose_date(places.bruno.actor, poll_id, room)


def test_a_date_that_is_lost_is_not_chosen(places: Cast, proposed: Proposed, context: None) -> None:
    poll_id = proposed(None, in_room(), in_room("atelier"))
    room = dates(places, poll_id)["room"]
    at = {one.room.slug: one for one in poll_for(places.amina.actor, poll_id).moments if one.room}
    with time_machine.travel(ends() + timedelta(days=1, minutes=1)):
        claim_slot(places.chloe.actor, Claiming(slot().id, "glycine", "Atelier"))
        with pytest.raises(DomainError) as refused:
            choose_date(places.bruno.actor, poll_id, at["salle-1"].id)
        assert refused.value.code == "slot_taken"
        # What nobody took is theirs as if they claimed it.
        choose_date(places.bruno.actor, poll_id, at["atelier"].id)
    assert room in {one.id for one in at.values()}


def test_who_leaves_takes_their_answers_along(places: Cast, proposed: Proposed, context: None) -> None:
    poll_id = proposed()
    say(places.amina, poll_id, room="yes")
    with transaction():
        plan_partings(places.amina.account_id, "blank", at_once=True)
    jobs.run_due(10)
    seen = poll_for(places.bruno.actor, poll_id)
    assert (seen.by, seen.poll.title, seen.answered, {one.date.place for one in seen.moments}) == (
        "", "Choisir une date", False, {""},
    )  # fmt: skip


def test_a_list_of_dates_costs_the_same(places: Cast, proposed: Proposed, context: None, queries: Any) -> None:
    few, many = proposed(None, online(), in_room("atelier")), proposed()
    for one in (few, many):
        say(places.amina, one, online="yes")
        say(places.bruno, one, online="yes")
    counts = []
    for one in (few, many):
        db.session.expunge_all()
        with queries() as asked:
            poll_for(places.amina.actor, one)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_who_can_come_is_written_to(places: Cast, proposed: Proposed, mailbox: Any, context: None) -> None:
    poll_id = proposed(None, in_room(), in_room("atelier"), online())
    nadia, omar = make_person("nadia", tilleul="Nadia"), make_person("omar", tilleul="Omar")
    room = next(one for one in poll_for(nadia.actor, poll_id).moments if one.room and one.room.slug == "salle-1").id
    for person, answer in ((places.amina, "yes"), (nadia, "maybe"), (omar, "no")):
        answer_poll(person.actor, poll_id, {room: answer})
    choose_date(places.bruno.actor, poll_id, room)
    jobs.run_due(10)
    word = db.session.scalars(select(Claim.door_word)).one()
    told = {person.key: [words_of(mail) for mail in mailbox.to(person.email)] for person in (places.amina, nadia, omar)}
    assert {key: len(mails) for key, mails in told.items()} == {"amina": 1, "nadia": 1, "omar": 0}
    assert "C’est noté : vous venez." in told["amina"][0]
    assert "Dites ici si vous venez :" in told["nadia"][0]
    for mail in (told["amina"][0], told["nadia"][0]):
        assert f"Mot de la porte : {word}" in mail
        assert [name for name in ("Tilleul", "45 ans", "Visite", "Ama", "Nadia", "Bruno") if name in mail] == []


def test_the_leads_are_told_that_a_vote_is_over(places: Cast, proposed: Proposed, mailbox: Any, context: None) -> None:
    say(places.amina, proposed(), elsewhere="yes")
    proposed(None, online(), in_room("atelier"))
    with time_machine.travel(ends() + timedelta(minutes=1)):
        close_polls()
        jobs.run_due(10)
    # Of the one that nobody answered there is nothing to choose.
    assert [mail["Subject"] for mail in mailbox.to(places.bruno.email)] == ["Un vote est fini"]
    assert mailbox.to(places.amina.email) == []


def test_more_who_come_than_places(places: Cast, proposed: Proposed, context: None) -> None:
    poll_id = proposed()
    with transaction():
        db.session.execute(db.text("UPDATE room SET capacity = 1"))
    for person in (places.amina, places.bruno):
        say(person, poll_id, room="yes")
    choose_date(places.bruno.actor, poll_id, dates(places, poll_id)["room"])
    assert sorted(db.session.scalars(select(Rsvp.answer))) == ["waiting", "yes"]


def test_another_house_has_its_own_clock(places: Cast, proposed: Proposed, context: None) -> None:
    seen = poll_for(places.amina.actor, proposed(None, in_room("quai", clock="10:00"), online()))
    shown = shown_question(seen)
    quai, talk = shown["rows"]
    assert (quai.moment.start.hour, quai.moment.house.slug) == (10, "port")
    # Whose clock the hour is, and what the other one says, with its day where that is another one.
    home = f"Paris : {day_name(quai.moment.start - timedelta(days=1))}, 22{NBSP}h – 0{NBSP}h"
    assert quai.clocks == [("clock", "À l’heure de la salle, Auckland"), home]
    assert quai.hours == f"Auckland : 10{NBSP}h – 12{NBSP}h, {home}"
    assert (talk.clocks, talk.hours, shown["city"]) == ([], f"14{NBSP}h – 15{NBSP}h", "Paris")


def test_a_poll_is_kept_thirty_days(places: Cast, proposed: Proposed, context: None) -> None:
    say(places.amina, proposed(), elsewhere="yes")
    for days, left in ((29, (1, 3, 1)), (31, (0, 0, 0))):
        with time_machine.travel(ends() + timedelta(days=days)):
            list(retention.run(["polls:over"]))
            assert tuple(db.session.query(each).count() for each in (Poll, PollDate, PollAnswer)) == left
