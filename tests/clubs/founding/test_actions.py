"""From a first idea to a club: each step, each refusal, on both engines."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from app.accounts.leaving.actions import erase_account
from app.accounts.models import Account
from app.clubs.founding import actions, answers, backing
from app.clubs.founding.models import Backer, PlantDraw, PlantHold, Proposal
from app.clubs.founding.plants import held_for, plants
from app.clubs.founding.queries import backers_of, others_of, own_proposal, proposal_for_team, proposal_of, yeses_of
from app.clubs.models import Change, Club, Membership
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotAllowed, NotFound, Taken, TooMany
from app.core.models import Job
from app.core.sealed import unseal
from app.houses.models import JournalEntry
from tests.clubs.founding.conftest import IDEA, RULES, code_for, drafted
from tests.support.cast import Cast, Person, make_person

# Where the engine does not matter.
ONE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Send = Callable[..., Proposal]


def refused(error: type[DomainError], act: Callable[[], object]) -> str:
    with pytest.raises(error) as found:
        act()
    db.session.rollback()
    return found.value.code


def rows(model: type[Any]) -> list[Any]:
    return list(db.session.scalars(select(model)))


def test_three_people_and_a_yes_make_a_club(sent: Send, cast: Cast, nina: Person, omar: Person, pia: Person) -> None:
    proposal = sent()
    club = answers.accept_proposal(cast.denis.actor, proposal.id)
    assert (club.slug, club.name, club.door, club.tile, club.hue) == (
        proposal.plant, IDEA.name, "on_request", "ring", "sage"
    )  # fmt: skip
    assert plants()[club.slug] == club.plant
    assert club.charter == ["Ce qui est dit ici reste ici.", "On se laisse parler."]
    members = db.session.scalars(select(Membership).where(Membership.club_id == club.id).order_by(Membership.name))
    assert [(m.account_id, m.name, m.role, m.first_seq, m.active) for m in members] == [
        (nina.account_id, "Nina", "lead", 1, True),
        (omar.account_id, "Omar", "member", 1, True),
        (pia.account_id, "Pia", "member", 1, True),
    ]
    log = db.session.execute(select(Change.seq, Change.kind).where(Change.club_id == club.id).order_by(Change.seq))
    assert [tuple(row) for row in log] == [(n, "membership:began") for n in (1, 2, 3)]
    assert [rows(model) for model in (Proposal, Backer, PlantHold)] == [[], [], []]
    entry = rows(JournalEntry)[-1]
    assert (entry.act, entry.by_role, entry.club_id, entry.facts) == ("club:founded", "facilitator", club.id, {})


@ONE
def test_all_three_are_told_and_no_club_is_named(
    sent: Send, cast: Cast, nina: Person, omar: Person, pia: Person
) -> None:
    club = answers.accept_proposal(cast.denis.actor, sent().id)
    mails = [unseal(job.payload["sealed"]) or "" for job in rows(Job) if job.kind == "mail:send"]
    assert sorted(json.loads(mail)["to"] for mail in mails) == [nina.email, omar.email, pia.email]
    for word in (IDEA.name, club.plant, f"/clubs/{club.slug}", "Nina", "Omar", "Pia"):
        assert [mail for mail in mails if word in json.loads(mail)["subject"] + json.loads(mail)["text"]] == []


@ONE
def test_not_yet_comes_back_with_its_reason_and_is_sent_again(sent: Send, cast: Cast, nina: Person) -> None:
    proposal = sent()
    assert refused(Invalid, lambda: answers.put_off_proposal(cast.elise.actor, proposal.id, " ")) == "reason_empty"
    answers.put_off_proposal(cast.elise.actor, proposal.id, "Quel jour ?")
    assert own_proposal(nina.actor).reason == "Quel jour ?"
    assert refused(NotFound, lambda: answers.accept_proposal(cast.elise.actor, proposal.id)) == "not_found"
    actions.send_proposal(nina.actor, "Nina", "Le mardi.")
    assert own_proposal(nina.actor).reason is None
    assert answers.accept_proposal(cast.denis.actor, proposal.id).name == IDEA.name
    assert [entry.act for entry in rows(JournalEntry)] == ["proposal:put-off", "club:founded"]


@ONE
def test_only_the_team_of_that_house_reads_it(sent: Send, cast: Cast, nina: Person) -> None:
    proposal = sent()
    for person in (nina, cast.bruno, cast.amina):
        assert refused(NotFound, lambda who=person: proposal_for_team(who.actor, proposal.id)) == "not_found"
    with transaction():
        db.session.get_one(Proposal, proposal.id).house_id = cast.houses["port"]
    assert refused(NotFound, lambda: proposal_for_team(cast.denis.actor, proposal.id)) == "not_found"


@ONE
def test_a_draft_is_not_for_the_team(context: None, cast: Cast, nina: Person) -> None:
    proposal = drafted(nina)
    assert refused(NotFound, lambda: answers.accept_proposal(cast.denis.actor, proposal.id)) == "not_found"


def test_two_are_needed_and_no_third(context: None, cast: Cast, nina: Person, omar: Person, pia: Person) -> None:
    drafted(nina)
    code = code_for(nina)
    backing.say_yes(omar.actor, code, "Omar")
    assert refused(Invalid, lambda: actions.send_proposal(nina.actor, "Nina", "")) == "others_missing"
    assert refused(Taken, lambda: backing.say_yes(pia.actor, code, "ômar")) == "name_taken"
    assert refused(Taken, lambda: actions.keep_word(nina.actor, "OMAR", "")) == "name_taken"
    backing.say_yes(pia.actor, code, "Pia")
    assert refused(Taken, lambda: backing.say_yes(cast.chloe.actor, code, "Chloé")) == "enough"
    backing.say_yes(pia.actor, code, "Autre")
    assert [one.name for one in others_of(own_proposal(nina.actor))] == ["Omar", "Pia"]
    assert refused(Invalid, lambda: backing.say_yes(nina.actor, code, "Nina")) == "own_code"
    assert refused(NotAllowed, lambda: backing.say_yes(cast.denis.actor, code, "Denis")) == "staff_joins_no_club"


@ONE
def test_a_yes_is_to_what_was_read(sent: Send, nina: Person, omar: Person) -> None:
    sent("discreet")
    assert refused(DomainError, lambda: actions.choose_door(nina.actor, RULES)) == "proposal_sent"
    actions.recall_proposal(nina.actor)
    actions.choose_door(nina.actor, replace(RULES, door="open"))
    assert others_of(own_proposal(nina.actor)) == []
    assert refused(Invalid, lambda: actions.send_proposal(nina.actor, "Nina", "")) == "others_missing"
    [yes] = yeses_of(omar.actor)
    assert yes.stale
    assert refused(Taken, lambda: backing.say_yes_again(omar.actor, yes.backer.id, "x")) == "proposal_changed"
    backing.say_yes_again(omar.actor, yes.backer.id, yes.proposal.seen)
    assert [one.name for one in others_of(own_proposal(nina.actor))] == ["Omar"]


@ONE
def test_a_yes_taken_back_brings_the_proposal_back(sent: Send, cast: Cast, nina: Person, omar: Person) -> None:
    proposal = sent()
    [yes] = yeses_of(omar.actor)
    assert refused(NotFound, lambda: backing.take_back(nina.actor, yes.backer.id)) == "not_found"
    backing.take_back(omar.actor, yes.backer.id)
    assert own_proposal(nina.actor).sent_at is None
    assert refused(NotFound, lambda: answers.accept_proposal(cast.denis.actor, proposal.id)) == "not_found"


@ONE
def test_who_leaves_for_good_parts_from_each_proposal_at_a_moment_of_its_own(
    sent: Send, cast: Cast, nina: Person, omar: Person
) -> None:
    """Two founders who compare notes must not see that the same person had said yes to both."""
    second = make_person("rita")
    sent()
    drafted(second)
    backing.say_yes(omar.actor, code_for(second), "Un autre nom")
    with time_machine.travel(now(), tick=False) as clock:
        start = now()
        with transaction():
            erase_account(db.session.get_one(Account, omar.account_id), "blank")
        yeses = select(Backer).where(Backer.account_id.is_(None))
        assert len(db.session.scalars(yeses).all()) == 2
        # Nothing shows; and nobody is taken into a club who has left.
        assert len(backers_of(own_proposal(second.actor))) == 1
        proposal = own_proposal(nina.actor)
        assert (proposal.sent_at is not None, len(backers_of(proposal))) == (True, 3)
        assert refused(DomainError, lambda: answers.accept_proposal(cast.denis.actor, proposal.id)) == "others_missing"
        moments = [job.run_at for job in db.session.scalars(select(Job).where(Job.kind == "founding:part"))]
        assert len(set(moments)) == 2
        assert all(start <= moment <= start + timedelta(hours=24) for moment in moments)
        left = []
        for moment in sorted(moments):
            clock.move_to(moment)
            jobs.run_due(100)
            left.append(len(db.session.scalars(yeses).all()))
        assert left == [1, 0]
    assert own_proposal(nina.actor).sent_at is None


@ONE
def test_who_leaves_everywhere_at_once_leaves_the_proposals_too(sent: Send, omar: Person) -> None:
    sent()
    with transaction():
        erase_account(db.session.get_one(Account, omar.account_id), "blank", at_once=True)
    jobs.run_due(100)
    assert len(db.session.scalars(select(Backer)).all()) == 2


@ONE
def test_a_code_lasts_seven_days_and_ends_with_the_next(context: None, cast: Cast, nina: Person, omar: Person) -> None:
    proposal = drafted(nina)
    first = code_for(nina)
    assert first not in (proposal.code_hash, proposal.code_sealed)
    actions.renew_code(nina.actor)
    assert refused(Invalid, lambda: backing.open_code(omar.actor, first)) == "code_wrong"
    with transaction():
        own_proposal(nina.actor).code_until = now()
    assert code_for(nina) == ""
    assert refused(Invalid, lambda: backing.open_code(omar.actor, "KIWI 4827")) == "code_wrong"
    for _try in range(8):
        refused(Invalid, lambda: backing.open_code(omar.actor, "KIWI-0000"))
    assert refused(TooMany, lambda: backing.open_code(omar.actor, "KIWI-0000")) == "too_many"


@ONE
def test_what_is_written_is_bounded(context: None, cast: Cast, nina: Person) -> None:
    wrong = [
        (replace(IDEA, name="ab"), "name_invalid"),
        (replace(IDEA, name="a" * 81), "name_invalid"),
        (replace(IDEA, sentence=""), "sentence_invalid"),
        (replace(IDEA, languages=["xx"]), "languages_empty"),
        (replace(IDEA, format="moon"), "format_unknown"),
        (replace(IDEA, house="nowhere"), "house_unknown"),
    ]
    for idea, code in wrong:
        assert refused(Invalid, lambda said=idea: actions.found_club(nina.actor, said)) == code
    assert refused(NotAllowed, lambda: actions.found_club(cast.denis.actor, IDEA)) == "staff_founds_no_club"
    actions.found_club(nina.actor, replace(IDEA, house="port"))
    rules = [
        (replace(RULES, door="wall"), "door_unknown"),
        (replace(RULES, charter=" \n - "), "charter_empty"),
        (replace(RULES, charter="a\n" * 9), "charter_too_long"),
        (replace(RULES, charter="a" * 161), "rule_too_long"),
    ]
    for told, code in rules:
        assert refused(Invalid, lambda said=told: actions.choose_door(nina.actor, said)) == code
    proposal = actions.choose_door(nina.actor, RULES)
    held = held_for(proposal_id=proposal.id)[0].slug
    for plant, tile, hue, code in (
        ("tilleul", "ring", "sage", "plant_unknown"),
        (held, "moon", "sage", "tile_unknown"),
        (held, "ring", "grey", "hue_unknown"),
    ):
        assert refused(Invalid, lambda said=(plant, tile, hue): actions.choose_plant(nina.actor, *said)) == code


@ONE
def test_a_draft_that_nobody_touches_ends(context: None, nina: Person) -> None:
    drafted(nina)
    with transaction():
        db.session.scalars(select(Job).where(Job.kind == "founding:end_draft")).one().run_at = now()
    jobs.run_due()
    assert proposal_of(nina.actor) is not None
    with transaction():
        own_proposal(nina.actor).touched_at = now() - timedelta(days=14)
        for job in db.session.scalars(select(Job).where(Job.kind == "founding:end_draft")):
            job.run_at = now()
    jobs.run_due()
    assert [rows(model) for model in (Proposal, Backer, PlantHold)] == [[], [], []]


@ONE
def test_discarding_frees_the_names_but_not_the_draws(context: None, nina: Person) -> None:
    for _time in range(3):
        drafted(nina)
        actions.discard_proposal(nina.actor)
    assert rows(PlantHold) == []
    assert len(rows(PlantDraw)) == 3
    assert refused(TooMany, lambda: actions.found_club(nina.actor, IDEA)) == "too_many"
    with transaction():
        for draw in db.session.scalars(select(PlantDraw)):
            draw.at = now() - timedelta(days=31)
    actions.found_club(nina.actor, IDEA)
    assert len(rows(PlantDraw)) == 1


@ONE
def test_staff_of_two_houses_say_yes_once(sent: Send, cast: Cast) -> None:
    proposal = sent()
    answers.accept_proposal(cast.denis.actor, proposal.id)
    assert refused(NotFound, lambda: answers.accept_proposal(cast.elise.actor, proposal.id)) == "not_found"
    assert len([club for club in rows(Club) if club.name == IDEA.name]) == 1
