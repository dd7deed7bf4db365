"""A decision that is looked at again with the whole club: the same question, open once more."""

from collections.abc import Callable
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotAllowed, NotFound, QuotaReached
from app.meetings.ballots import actions
from app.meetings.ballots.actions import amend_ballot, close_ballot, review_ballot, withdraw_ballot
from app.meetings.ballots.again import ask_again
from app.meetings.ballots.leaving import part_from_ballots
from app.meetings.ballots.models import Ballot
from tests.meetings.ballots.asking import CHOICES, QUESTION, ask, ended, log_of, refused, say
from tests.support.application import make_app
from tests.support.cast import Cast, Person, make_person, membership
from tests.support.clients import PageClient
from tests.support.page import text_of
from tests.support.race import race

SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def decided(asked: Person, lead: Person, **wish: Any) -> Ballot:
    """To be looked at again in 90 days; the lead has answered and ended it."""
    ballot = ask(asked, "choice", review_on=now().date() + timedelta(days=90), hours=24, **wish)
    say(lead, ballot, "1")
    close_ballot(lead.actor, ballot.id)
    return ended(ballot)


@SQLITE
def test_the_same_question_is_open_once_more(context: None, cast: Cast, clock: Any) -> None:
    old = decided(cast.amina, cast.bruno, several=True)
    clock.shift(timedelta(days=91))
    new = ask_again(cast.bruno.actor, old.id)
    assert (new.id == old.id, new.way, new.question, tuple(new.options), new.several) == (
        False, "choice", QUESTION, CHOICES, True,
    )  # fmt: skip
    assert (new.outcome, new.ends_at - new.opened_at) == (None, timedelta(hours=24))
    assert new.review_on == now().date() + timedelta(days=90)
    # The words are Amina's, whoever puts them anew: they go with her.
    assert new.opened_by_id == cast.amina.memberships["tilleul"]
    assert (ended(old).reviewed_at, ended(old).outcome) == (now(), "chosen")
    assert log_of()[-2:] == ["opened", "changed"]
    say(cast.amina, new, "1", "2")
    with transaction():
        part_from_ballots(cast.amina.memberships["tilleul"], "blank")
    assert db.session.scalars(select(Ballot.question)).all() == ["…"]


@SQLITE
def test_by_whom_and_when(context: None, cast: Cast, clock: Any) -> None:
    old = decided(cast.amina, cast.bruno)
    with pytest.raises(NotAllowed):
        ask_again(cast.amina.actor, old.id)
    db.session.rollback()
    for who in (cast.chloe, cast.dario, cast.denis, cast.elise):
        refused(NotFound, "not_found", ask_again, who.actor, old.id)
    never = ask(cast.amina, "choice")
    refused(Gone, "nothing_to_review", ask_again, cast.bruno.actor, never.id)
    review_ballot(cast.bruno.actor, old.id)
    refused(Gone, "nothing_to_review", ask_again, cast.bruno.actor, old.id)
    gone = decided(cast.amina, cast.bruno)
    with transaction():
        part_from_ballots(cast.amina.memberships["tilleul"], "blank")
    refused(Gone, "nothing_to_review", ask_again, cast.bruno.actor, gone.id)


@SQLITE
def test_what_would_refuse_a_new_question_refuses_it_too(
    context: None, crowd: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    bruno, amina = crowd[:2]
    old = decided(amina, bruno)
    secret = ask(amina, "choice", review_on=now().date(), secret=True)
    close_ballot(bruno.actor, secret.id)
    monkeypatch.setattr(actions, "members_in", lambda _club: 4)
    refused(Invalid, "too_few_members", ask_again, bruno.actor, secret.id)
    monkeypatch.setattr(actions, "MOST_OPEN", 0)
    refused(QuotaReached, "too_many_ballots", ask_again, bruno.actor, old.id)
    assert (ended(old).reviewed_at, ended(secret).reviewed_at) == (None, None)


@SQLITE
def test_what_is_taken_back_before_anybody_answers_comes_up_again(context: None, cast: Cast) -> None:
    old = decided(cast.amina, cast.bruno)
    new = ask_again(cast.bruno.actor, old.id)
    # It is not hers to take back, though the words are.
    with pytest.raises(NotAllowed):
        withdraw_ballot(cast.amina.actor, new.id)
    db.session.rollback()
    withdraw_ballot(cast.bruno.actor, new.id)
    assert (db.session.scalars(select(Ballot.id)).all(), ended(old).reviewed_at) == ([old.id], None)
    assert log_of()[-4:] == ["opened", "changed", "closed", "changed"]
    # As before: the club may be asked again, and that may be taken back again.
    new = ask_again(cast.bruno.actor, old.id)
    assert ended(old).reviewed_at is not None
    withdraw_ballot(cast.bruno.actor, new.id)
    assert ended(old).reviewed_at is None


@SQLITE
def test_what_was_put_anew_is_in_the_hands_of_who_put_it_and_of_the_leads(context: None, cast: Cast) -> None:
    zora = make_person("zora", tilleul="Zora")
    with transaction():
        membership(zora, "tilleul").role = "lead"
    old = ask(cast.amina, "consent", review_on=now().date() + timedelta(days=90))
    with pytest.raises(NotAllowed):
        amend_ballot(zora.actor, old.id, "Non.")
    db.session.rollback()
    say(cast.bruno, old, "agree")
    close_ballot(cast.bruno.actor, old.id)
    with transaction():
        part_from_ballots(cast.amina.memberships["tilleul"], "keep")
    new = ask_again(cast.bruno.actor, old.id)
    with pytest.raises(NotAllowed):
        amend_ballot(cast.amina.actor, new.id, "Non.")
    db.session.rollback()
    assert amend_ballot(zora.actor, new.id, "Nous allons au parc.").body == "Nous allons au parc."
    # Who put it does not lose it by leading no more.
    with transaction():
        membership(cast.bruno, "tilleul").role = "member"
    assert amend_ballot(cast.bruno.actor, new.id, "Nous restons.").body == "Nous restons."
    withdraw_ballot(zora.actor, new.id)
    assert ended(old).reviewed_at is None


def again(barrier: Barrier, url: str, person: Person, ballot: str) -> str:
    app = make_app(url, LIMIT_FACTOR=100)
    with app.app_context():
        barrier.wait()
        try:
            ask_again(person.actor, ballot)
        except Gone:
            return "late"
        return "asked"


def test_of_two_taps_at_once_one_asks(app: Flask, cast: Cast) -> None:
    with app.app_context():
        old = decided(cast.amina, cast.bruno).id
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    assert sorted(race(again, *((url, cast.bruno, old) for _tap in range(3)))) == ["asked", "late", "late"]


@SQLITE
def test_in_one_tap_from_what_comes_up_again(
    app: Flask, client_of: Callable[..., PageClient], cast: Cast, clock: Any
) -> None:
    with app.app_context():
        old = decided(cast.amina, cast.bruno).id
    clock.shift(timedelta(days=91))
    bruno, amina = client_of(cast.bruno), client_of(cast.amina)
    for path in ("/clubs/tilleul/requests", f"/ballots/{old}"):
        shown = [text_of(each) for each in bruno.get(path).page.all(".//form[@action]//button")]
        assert f"Poser de nouveau la question {QUESTION}" in [each.replace("\u202f", " ") for each in shown]
    answer = bruno.send(f"/ballots/{old}/again", on=f"/ballots/{old}")
    assert answer.location.startswith("/ballots/")
    assert answer.location != f"/ballots/{old}"
    assert 'name="picks"' in amina.get(answer.location).text
    assert "Poser de nouveau" not in bruno.get(f"/ballots/{old}").text
    assert bruno.send(f"/ballots/{old}/again", on=f"/ballots/{old}").location == f"/ballots/{old}"
    assert "Il n’y a rien à revoir." in bruno.get(f"/ballots/{old}").page.main
