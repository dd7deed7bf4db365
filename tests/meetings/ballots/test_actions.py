"""Deciding: who may ask and answer, and how each way comes out."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.clubs import actions as clubs
from app.clubs.models import Membership
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotFound, QuotaReached, Taken
from app.meetings.ballots.actions import (
    MOST_OPEN,
    Wish,
    amend_ballot,
    close_ballot,
    open_ballot,
    review_ballot,
    withdraw_ballot,
)
from app.meetings.ballots.closing import drawn_labels
from app.meetings.ballots.models import BallotBox, BallotVoice, BallotVoter
from app.meetings.ballots.queries import ballot_for, label_of, seen_by
from app.rooms.draw.record import faults_of
from app.rooms.draw.rule import hash_of
from tests.meetings.ballots.asking import QUESTION, ask, ended, log_of, refused, say
from tests.support.cast import Cast, Person, make_person

pytestmark = pytest.mark.usefixtures("context")


# Who may


def test_open_ballot(crowd: list[Person], clock: Any) -> None:
    ballot = ask(crowd[1], hours=24)
    assert (ballot.round, ballot.secret, ballot.ends_at - ballot.opened_at) == (1, False, timedelta(days=1))
    assert log_of() == ["opened"]
    assert seen_by(crowd[0].actor, *ballot_for(crowd[0].actor, ballot.id)).opened_by == "Ama"


@pytest.mark.parametrize("who", ["chloe", "dario", "denis", "elise"])
def test_a_ballot_is_for_members(cast: Cast, who: str) -> None:
    stranger, ballot = getattr(cast, who), ask(cast.bruno)
    for act in (ballot_for, close_ballot, withdraw_ballot, review_ballot):
        with pytest.raises(NotFound):
            act(stranger.actor, ballot.id)
    for made in (lambda: ask(stranger), lambda: say(stranger, ballot, "for")):
        with pytest.raises(NotFound):
            made()
    with pytest.raises(NotFound):
        amend_ballot(stranger.actor, ballot.id, "Autre")
    assert log_of() == ["opened"]


def test_who_is_on_pause_or_has_left_neither_reads_nor_answers(crowd: list[Person], clock: Any) -> None:
    ballot = ask(crowd[0])
    with transaction():
        paused = update(Membership).where(Membership.id == crowd[2].memberships["tilleul"])
        db.session.execute(paused.values(paused_until=now() + timedelta(days=1)))
    clubs.leave_club(crowd[3].actor, "tilleul")
    for person in crowd[2:4]:
        with pytest.raises(NotFound):
            say(person, ballot, "for")


@pytest.mark.parametrize(
    ("code", "wish"),
    [
        ("way_unknown", {"way": "shout"}),
        ("hours_out_of_range", {"hours": 0}),
        ("hours_out_of_range", {"hours": 721}),
        ("question_empty", {"question": " "}),
        ("question_too_long", {"question": "a" * 141}),
        ("body_empty", {"way": "consent"}),
        ("body_too_long", {"body": "a" * 2001}),
        ("options_number", {"way": "choice", "options": ("Un", " ")}),
        ("options_number", {"way": "choice", "options": tuple("123456789")}),
        ("options_too_long", {"way": "choice", "options": ("Un", "a" * 121)}),
        ("option_twice", {"way": "choice", "options": ("Un", "un")}),
        ("wanted_out_of_range", {"way": "lots", "wanted": 0}),
        ("way_is_named", {"way": "consent", "body": "Oui", "secret": True}),
        ("way_is_named", {"way": "lots", "secret": True}),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_open_ballot_with_what_will_not_do(cast: Cast, code: str, wish: dict[str, Any]) -> None:
    told = Wish(**{"way": "sense", "question": QUESTION, **wish})
    refused(Invalid, code, open_ballot, cast.amina.actor, "tilleul", told)
    assert log_of() == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_without_names_only_where_five_could_answer(cast: Cast) -> None:
    for number in range(3):
        refused(Invalid, "too_few_members", lambda: ask(cast.amina, secret=True))
        make_person(f"p{number}", tilleul=f"Nom {number}")
    assert ask(cast.amina, secret=True).secret


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_club_decides_ten_things_at_once(cast: Cast) -> None:
    for _number in range(MOST_OPEN):
        ask(cast.amina)
    refused(QuotaReached, "too_many_ballots", lambda: ask(cast.bruno))


# Answers


def test_with_a_name_it_is_changed_until_the_end(crowd: list[Person], clock: Any) -> None:
    ballot = ask(crowd[0], hours=1)
    say(crowd[1], ballot, "for")
    say(crowd[1], ballot, "for")
    say(crowd[1], ballot, "against")
    view = seen_by(crowd[2].actor, *ballot_for(crowd[2].actor, ballot.id))
    assert ([(name, voice.picks) for name, voice in view.voices], view.voted) == ([("Ama", ["against"])], False)
    # What changes nothing is no row of the log.
    assert log_of() == ["opened", "changed", "changed"]
    clock.shift(timedelta(hours=1))
    refused(Gone, "ballot_closed", lambda: say(crowd[1], ballot, "for"))


def test_without_a_name_it_is_said_once_and_seen_by_nobody(crowd: list[Person], clock: Any) -> None:
    ballot = ask(crowd[0], secret=True)
    say(crowd[1], ballot, "for")
    refused(Taken, "already_voted", lambda: say(crowd[1], ballot, "against"))
    views = [seen_by(each.actor, *ballot_for(each.actor, ballot.id)) for each in crowd[:2]]
    assert [(view.voices, view.mine, view.voted) for view in views] == [([], None, False), ([], None, True)]
    assert (ended(ballot).counts, log_of()) == (None, ["opened"])


def test_leaving_and_coming_back_gives_no_second_vote(crowd: list[Person], clock: Any) -> None:
    ballot = ask(crowd[0], secret=True)
    say(crowd[1], ballot, "for")
    clubs.leave_club(crowd[1].actor, "tilleul")
    clubs.join_club(crowd[1].actor, "tilleul", "Quelqu’un d’autre")
    refused(Taken, "already_voted", lambda: say(crowd[1], ballot, "against"))


@pytest.mark.parametrize(
    ("code", "way", "picks"),
    [
        ("pick_unknown", "sense", ("agree",)), ("pick_missing", "sense", ()), ("one_pick", "sense", ("for", "against")),
        ("pick_unknown", "choice", ("4",)), ("one_pick", "choice", ("1", "2")), ("pick_unknown", "lots", ("out",)),
        ("reason_empty", "consent", ("objection",)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_an_answer_that_will_not_do(cast: Cast, code: str, way: str, picks: Sequence[str]) -> None:
    ballot = ask(cast.bruno, way)
    refused(Invalid, code, lambda: say(cast.amina, ballot, *picks))
    assert log_of() == ["opened"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_an_objection_says_what_would_do_instead(cast: Cast) -> None:
    ballot = ask(cast.bruno, "consent")
    refused(Invalid, "proposal_empty", lambda: say(cast.amina, ballot, "objection", reason="Trop loin."))


# Every outcome, by the clock


Answers = list[tuple[str, ...]]


@pytest.mark.parametrize(
    ("way", "answers", "outcome", "counts"),
    [
        ("sense", [("for",), ("for",), ("unsure",)], "told", {"for": 2, "unsure": 1, "against": 0}),
        ("sense", [], "silent", {"for": 0, "unsure": 0, "against": 0}),
        ("choice", [("1",), ("1",), ("2",)], "chosen", {"1": 2, "2": 1, "3": 0}),
        ("choice", [("1",), ("2",)], "tie", {"1": 1, "2": 1, "3": 0}),
        ("consent", [("agree",), ("aside",)], "reached", {"agree": 1, "aside": 1, "objection": 0}),
        ("consent", [("aside",)], "silent", {"agree": 0, "aside": 1, "objection": 0}),
        ("consent", [("agree",), ("agree",), ("objection",)], "objected", {"agree": 2, "aside": 0, "objection": 1}),
        ("lots", [], "silent", {"in": 0}),
    ],
)  # fmt: skip
def test_how_it_comes_out(
    crowd: list[Person], clock: Any, way: str, answers: Answers, outcome: str, counts: dict[str, int]
) -> None:
    ballot = ask(crowd[0], way, hours=1)
    for person, picks in zip(crowd, answers, strict=False):
        say(person, ballot, *picks, reason="Trop loin.", proposal="Un parc.")
    clock.shift(timedelta(minutes=59))
    jobs.run_due()
    assert ended(ballot).closed_at is None
    clock.shift(timedelta(minutes=1))
    jobs.run_due()
    assert (ended(ballot).outcome, ended(ballot).counts, log_of()[-1]) == (outcome, counts, "closed")


def test_several_when_it_was_said_before(crowd: list[Person], clock: Any) -> None:
    ballot = ask(crowd[0], "choice", several=True)
    say(crowd[0], ballot, "3", "1")
    say(crowd[1], ballot, "1")
    close_ballot(crowd[0].actor, ballot.id)
    assert (ended(ballot).outcome, ended(ballot).counts) == ("chosen", {"1": 2, "2": 0, "3": 1})


@pytest.mark.parametrize(
    ("voters", "outcome", "counts"),
    [
        (0, "silent", {"for": 0, "unsure": 0, "against": 0}),
        (1, "few", {}),
        (4, "few", {}),
        (5, "told", {"for": 5, "unsure": 0, "against": 0}),
    ],
)
def test_without_names_five_votes_or_nothing(
    crowd: list[Person], clock: Any, voters: int, outcome: str, counts: dict[str, int]
) -> None:
    ballot = ask(crowd[0], secret=True)
    for person in crowd[:voters]:
        say(person, ballot, "for")
    clock.shift(timedelta(days=3))
    jobs.run_due()
    assert (ended(ballot).outcome, ended(ballot).counts) == (outcome, counts)
    assert [db.session.scalar(select(func.count()).select_from(t)) for t in (BallotVoter, BallotBox)] == [0, 0]


def test_lots_are_drawn_and_anybody_can_replay_it(crowd: list[Person], clock: Any) -> None:
    ballot = ask(crowd[0], "lots", wanted=2)
    noted = ballot.seed_hash or ""
    assert (len(noted), ballot.record) == (64, None)
    for person in crowd[:4]:
        say(person, ballot, "in")
    say(crowd[3], ballot)
    clock.shift(timedelta(days=3))
    jobs.run_due()
    done = ended(ballot)
    assert done.record is not None
    assert (done.outcome, done.counts, hash_of(done.record["seed"])) == ("drawn", {"in": 3}, noted)
    labels = [label_of(done, person.memberships["tilleul"]) for person in crowd[:3]]
    first_two = sorted(labels, key=lambda label: hash_of(f"{done.record['seed']}:{label}"))[:2]
    assert drawn_labels(done) == first_two
    assert faults_of(done.record, noted) == []
    done.record["results"].reverse()
    assert faults_of({**done.record, "seed": "0" * 64}, noted) != []


def test_who_leaves_before_the_end_is_not_counted(crowd: list[Person], clock: Any) -> None:
    ballot = ask(crowd[0])
    for person in crowd[:3]:
        say(person, ballot, "for")
    clubs.leave_club(crowd[2].actor, "tilleul")
    close_ballot(crowd[0].actor, ballot.id)
    assert ended(ballot).counts == {"for": 2, "unsure": 0, "against": 0}
    clubs.leave_club(crowd[1].actor, "tilleul")
    view = seen_by(crowd[0].actor, *ballot_for(crowd[0].actor, ballot.id))
    assert ((view.ballot.counts or {})["for"], [name for name, _voice in view.voices]) == (2, ["Bruno"])
    assert db.session.scalar(select(func.count()).select_from(BallotVoice)) == 2
