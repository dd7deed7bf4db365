"""Around a ballot: what is changed, put off, withdrawn, ended early, looked at again, and kept."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.clubs import actions as clubs
from app.clubs.models import Membership
from app.core import jobs, retention
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, NotAllowed, NotFound, Taken
from app.core.ids import new_id
from app.meetings.ballots.actions import (
    Wish,
    amend_ballot,
    close_ballot,
    open_ballot,
    review_ballot,
    withdraw_ballot,
)
from app.meetings.ballots.models import Ballot, BallotBox, BallotVoice, BallotVoter
from app.meetings.ballots.queries import ballot_for, open_ballots, seen_by, to_review
from app.meetings.ballots.voting import Said, vote
from tests.meetings.ballots.asking import QUESTION, ask, ended, log_of, object_to, refused, say
from tests.support.cast import Cast, Person

pytestmark = pytest.mark.usefixtures("context")


def test_an_objector_withdraws(crowd: list[Person], clock: Any) -> None:
    ballot = ask(crowd[0], "consent")
    say(crowd[0], ballot, "agree")
    object_to(crowd[1], ballot)
    [said] = [v for _n, v in seen_by(crowd[2].actor, *ballot_for(crowd[2].actor, ballot.id)).voices if v.reason]
    assert (said.reason, said.proposal) == ("C’est trop loin.", "Un parc.")
    say(crowd[1], ballot, "aside")
    close_ballot(crowd[0].actor, ballot.id)
    assert (ended(ballot).outcome, [v.reason for v in db.session.scalars(select(BallotVoice))]) == ("reached", ["", ""])


def test_an_amended_proposal_asks_everybody_anew(crowd: list[Person], clock: Any) -> None:
    ballot = ask(crowd[1], "consent", hours=72)
    object_to(crowd[2], ballot)
    refused(NotAllowed, "not_allowed", amend_ballot, crowd[0].actor, ballot.id, "Un parc.")
    clock.shift(timedelta(hours=71))
    changed = amend_ballot(crowd[1].actor, ballot.id, "Un parc.")
    assert (changed.round, changed.ends_at - now()) == (2, timedelta(days=1))
    assert db.session.scalars(select(BallotVoice)).all() == []
    refused(Taken, "ballot_amended", lambda: say(crowd[2], changed, "agree", round=1))
    say(crowd[2], changed, "agree")
    clock.shift(timedelta(hours=1))
    jobs.run_due()
    assert ended(ballot).closed_at is None
    clock.shift(timedelta(hours=23))
    jobs.run_due()
    assert (ended(ballot).outcome, log_of()) == ("reached", ["opened", "changed", "changed", "changed", "closed"])


def test_a_short_one_is_put_off_by_no_more_than_it_lasted(crowd: list[Person], clock: Any) -> None:
    ballot = ask(crowd[1], "consent", hours=1)
    clock.shift(timedelta(minutes=50))
    assert amend_ballot(crowd[1].actor, ballot.id, "Un parc.").ends_at - now() == timedelta(hours=1)


@pytest.mark.parametrize("secret", [True, False])
def test_withdraw_ballot_before_anybody_answers(crowd: list[Person], clock: Any, secret: bool) -> None:
    first, second = (ask(crowd[1], secret=secret) for _ in range(2))
    refused(NotAllowed, "not_allowed", withdraw_ballot, crowd[0].actor, first.id)
    assert withdraw_ballot(crowd[1].actor, first.id) == "tilleul"
    say(crowd[2], second, "for")
    refused(Taken, "already_answered", withdraw_ballot, crowd[1].actor, second.id)
    assert db.session.scalars(select(Ballot.id)).all() == [second.id]


def test_leads_end_it_early(crowd: list[Person], clock: Any) -> None:
    ballot = ask(crowd[1])
    refused(NotAllowed, "not_a_lead", close_ballot, crowd[1].actor, ballot.id)
    close_ballot(crowd[0].actor, ballot.id)
    refused(Gone, "ballot_closed", close_ballot, crowd[0].actor, ballot.id)
    refused(Gone, "ballot_closed", lambda: say(crowd[1], ballot, "for"))


def test_what_was_decided_comes_up_to_the_leads_again(crowd: list[Person], clock: Any) -> None:
    me = ballot_for(crowd[0].actor, ask(crowd[0]).id)[2]
    day = now().date() + timedelta(days=30)
    ballot = ask(crowd[1], "choice", review_on=day)
    assert ask(crowd[1], review_on=day).review_on is None
    refused(Gone, "nothing_to_review", review_ballot, crowd[0].actor, ballot.id)
    close_ballot(crowd[0].actor, ballot.id)
    assert [list(to_review(me, day - timedelta(days=n))) for n in (1, 0)] == [[], [ended(ballot)]]
    refused(NotAllowed, "not_a_lead", review_ballot, crowd[1].actor, ballot.id)
    review_ballot(crowd[0].actor, ballot.id)
    assert list(to_review(me, day)) == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_another_key_of_the_house_counts_nothing(crowd: list[Person], clock: Any) -> None:
    ballot = ask(crowd[0], secret=True)
    with transaction():
        db.session.execute(update(BallotBox).values(sum_sealed="gone"))
    refused(Gone, "box_lost", lambda: say(crowd[1], ballot, "for"))
    assert db.session.scalars(select(BallotVoter)).all() == []
    close_ballot(crowd[0].actor, ballot.id)
    assert (ended(ballot).outcome, ended(ballot).counts) == ("lost", None)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_comes_later_reads_what_came_since(cast: Cast) -> None:
    """In a club that shows newcomers nothing of before; elsewhere they read and answer all."""
    before = open_ballot(cast.chloe.actor, "glycine", Wish("sense", QUESTION)).id
    clubs.join_club(cast.amina.actor, "glycine", "Ama")
    asked = select(Membership.id).where(Membership.club_id == cast.clubs["glycine"], Membership.name == "Ama")
    clubs.accept_request(cast.chloe.actor, "glycine", db.session.scalars(asked).one())
    after = open_ballot(cast.chloe.actor, "glycine", Wish("sense", QUESTION)).id
    for act in (lambda: ballot_for(cast.amina.actor, before), lambda: vote(cast.amina.actor, before, Said(["for"]))):
        with pytest.raises(NotFound):
            act()
    me = ballot_for(cast.amina.actor, after)[2]
    assert [each.id for each in open_ballots(me)] == [after]


def test_it_goes_when_the_club_keeps_it_no_more(cast: Cast, clock: Any) -> None:
    day = now().date() + timedelta(days=300)
    for review_on in (None, day):
        close_ballot(cast.bruno.actor, ask(cast.bruno, "choice", review_on=review_on).id)
    kept = retention.rule_named("ballots:past")
    clock.shift(timedelta(days=360))
    assert kept.count(now()) == 0
    clock.shift(timedelta(days=10))
    assert kept.purge(now()) == 1
    clock.shift(timedelta(days=300))
    assert kept.purge(now()) == 1
    assert db.session.scalars(select(Ballot)).all() == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_made_up_ballot_is_none(cast: Cast) -> None:
    for each in (new_id(), "x"):
        with pytest.raises(NotFound):
            ballot_for(cast.amina.actor, each)
