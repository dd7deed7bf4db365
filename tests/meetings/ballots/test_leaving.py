"""Who leaves for good: what they said before the end goes, what was counted stays, a vote without a name stays."""

from typing import Any

import pytest
from sqlalchemy import select

from app.clubs.models import Change
from app.core.clock import now
from app.core.db import db, transaction
from app.core.privacy import chapters
from app.meetings.ballots.actions import Wish, amend_ballot, close_ballot, open_ballot
from app.meetings.ballots.again import ask_again
from app.meetings.ballots.leaving import part_from_ballots
from app.meetings.ballots.models import Ballot, BallotVoice, BallotVoter
from app.meetings.ballots.queries import ballot_for, is_to_review, seen_by
from app.meetings.ballots.voting import Said, vote
from app.meetings.ballots.words import said_by
from tests.support.cast import Cast, Person

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]


def ask(person: Person, way: str = "choice", **wish: Any) -> str:
    told = Wish(way, "Où ?", "En juin.", ("Dehors", "Dedans") if way == "choice" else (), **wish)
    return open_ballot(person.actor, "tilleul", told).id


def part(person: Person, messages: Any = "blank") -> None:
    with transaction():
        part_from_ballots(person.memberships["tilleul"], messages)
        part_from_ballots(person.memberships["tilleul"], messages)


def test_an_answer_goes_before_the_end_and_its_number_stays_after(cast: Cast) -> None:
    running, closed = ask(cast.bruno), ask(cast.bruno)
    for each in (running, closed):
        for person in (cast.amina, cast.bruno):
            vote(person.actor, each, Said(["1"]))
    close_ballot(cast.bruno.actor, closed)
    part(cast.amina)
    assert db.session.scalars(select(BallotVoice.membership_id)).all() == [cast.bruno.memberships["tilleul"]] * 2
    close_ballot(cast.bruno.actor, running)
    counts = {each.id: each.counts for each in db.session.scalars(select(Ballot))}
    assert counts == {running: {"1": 1, "2": 0}, closed: {"1": 2, "2": 0}}
    view = seen_by(cast.bruno.actor, *ballot_for(cast.bruno.actor, closed))
    assert said_by([name for name, _voice in view.voices], 2) == "Bruno, 1 personne partie"


def test_a_question_goes_with_the_messages_of_who_put_it(cast: Cast) -> None:
    running, closed = ask(cast.amina), ask(cast.amina)
    close_ballot(cast.bruno.actor, closed)
    part(cast.amina)
    [left] = db.session.scalars(select(Ballot)).all()
    assert (left.id, left.question, left.body, left.options) == (closed, "…", "", ["…", "…"])
    assert left.opened_by_id is None
    told = select(Change.kind, Change.subject_id).order_by(Change.seq.desc()).limit(1)
    assert db.session.execute(told).one() == ("ballot:closed", running)


def test_a_question_stays_without_a_name_with_the_messages(cast: Cast) -> None:
    ask(cast.amina)
    part(cast.amina, "keep")
    assert db.session.execute(select(Ballot.question, Ballot.opened_by_id)).all() == [("Où ?", None)]


def test_a_vote_without_a_name_stays_where_nobody_finds_it(crowd: list[Person]) -> None:
    ballot = ask(crowd[0], "sense", secret=True)
    for person in crowd[:5]:
        vote(person.actor, ballot, Said(["against"]))
    part(crowd[1])
    assert len(db.session.scalars(select(BallotVoter)).all()) == 5
    close_ballot(crowd[0].actor, ballot)
    assert db.session.get_one(Ballot, ballot).counts == {"for": 0, "unsure": 0, "against": 5}


def put_anew(cast: Cast) -> tuple[str, str]:
    """What Amina proposed and the club decided; Bruno asks it anew, in other words."""
    old = ask(cast.amina, "consent", review_on=now().date())
    vote(cast.bruno.actor, old, Said(["agree"]))
    close_ballot(cast.bruno.actor, old)
    new = ask_again(cast.bruno.actor, old).id
    amend_ballot(cast.bruno.actor, new, "En mai.")
    return old, new


def questions_of(person: Person) -> list[tuple[str | None, str]]:
    [rows] = [each.rows(person.account_id) for each in chapters() if each.name == "questions"]
    return [(row["title"], row["text"]) for row in rows]


def test_a_proposal_is_of_who_changed_it(cast: Cast) -> None:
    _old, new = put_anew(cast)
    assert questions_of(cast.amina) == [("Où ?", "En juin."), ("Où ?", "")]
    assert questions_of(cast.bruno) == [(None, "En mai.")]
    vote(cast.amina.actor, new, Said(["agree"], round=2))
    close_ballot(cast.bruno.actor, new)
    part(cast.bruno)
    told = select(Ballot.question, Ballot.body, Ballot.put_by_id, Ballot.body_by_id).order_by(Ballot.round)
    amina = cast.amina.memberships["tilleul"]
    assert db.session.execute(told).all() == [("Où ?", "En juin.", amina, amina), ("Où ?", "…", None, None)]
    # There is nothing to consent to any more.
    assert db.session.get_one(Ballot, new).erased


def test_a_proposal_that_goes_before_the_end_leaves_the_old_one_to_be_looked_at(cast: Cast) -> None:
    old, _new = put_anew(cast)
    assert not is_to_review(db.session.get_one(Ballot, old))
    part(cast.bruno)
    [left] = db.session.scalars(select(Ballot)).all()
    assert (left.id, is_to_review(left)) == (old, True)


def test_what_a_person_takes_away(crowd: list[Person]) -> None:
    ask(crowd[1])
    secret, consent, choice = ask(crowd[0], "sense", secret=True), ask(crowd[0], "consent"), ask(crowd[0])
    vote(crowd[1].actor, secret, Said(["for"]))
    vote(crowd[1].actor, consent, Said(["objection"], "Trop loin.", "Un parc."))
    vote(crowd[1].actor, choice, Said(["2"]))
    rows = {each.name: each.rows(crowd[1].account_id) for each in chapters() if each.name in ("questions", "votes")}
    assert [(row["title"], row["text"]) for row in rows["questions"]] == [("Où ?", "En juin.\nDehors\nDedans")]
    said = [(row["word"], row["reason"], row["proposal"]) for row in rows["votes"]]
    assert sorted(said) == [("Choix 2", "", ""), ("Objection", "Trop loin.", "Un parc.")]
