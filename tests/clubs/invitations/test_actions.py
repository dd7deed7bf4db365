"""Who invites, who comes in, once or often, and what ends an invitation."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text

from app.accounts.budgets import Asker
from app.clubs.actions import leave_club, set_role
from app.clubs.invitations import actions, jobs
from app.clubs.invitations.actions import given_by, make_invitation
from app.clubs.invitations.models import Invitation
from app.clubs.invitations.queries import invitations_of
from app.clubs.models import Membership
from app.clubs.partings import plan_partings
from app.core import jobs as core_jobs
from app.core.apart import WITHIN, moment_after
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotAllowed, NotFound, TooMany
from app.facilitation.pauses.actions import pause_member, remove_member
from app.houses.locks.actions import lock_account, unlock_account
from tests.support import factories as make
from tests.support.application import make_app
from tests.support.cast import Cast, Person, make_person, membership
from tests.support.race import race

ONE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
HERE = Asker("192.0.2.7")
WEEK = timedelta(days=7)


def refused(error: type[DomainError], act: Callable[[], object]) -> str:
    with pytest.raises(error) as found:
        act()
    db.session.rollback()
    return found.value.code


def invite(lead: Person, slug: str = "romarin", *, kind: str = "word", once: bool = True) -> str:
    return make_invitation(lead.actor, slug, kind, now() + WEEK, once=once).secret


def enter(person: Person, secret: str, name: str = "Ici") -> str:
    return actions.accept_invitation(person.actor, secret, name, HERE).slug


def wrong(person: Person, secret: str) -> bool:
    return refused(Invalid, lambda: enter(person, secret)) == "invitation_wrong"


@pytest.mark.parametrize("slug", ["romarin", "glycine", "tilleul"])
def test_who_is_invited_is_in_at_once_whatever_the_door(context: None, cast: Cast, slug: str) -> None:
    lead = {"romarin": cast.dario, "glycine": cast.chloe, "tilleul": cast.bruno}[slug]
    zoe, secret = make_person("zoe"), invite(lead, slug)
    assert actions.open_invitation(zoe.actor, secret, HERE).slug == slug
    assert enter(zoe, secret) == slug
    mine = db.session.scalars(select(Membership).where(Membership.account_id == zoe.account_id)).one()
    assert (mine.name, mine.role, mine.active, mine.sentence) == ("Ici", "member", True, None)


def test_only_the_hash_of_a_secret_is_kept(context: None, cast: Cast) -> None:
    secrets = [invite(cast.dario, kind=kind) for kind in ("word", "link")]
    rows = [list(map(str, row)) for row in db.session.execute(select(Invitation.__table__))]
    assert len(rows) == 2
    stored = " ".join(value for row in rows for value in row)
    assert [secret for secret in secrets if secret in stored or secret.replace("-", "") in stored] == []


@ONE
def test_once_is_once_and_several_are_several(context: None, cast: Cast) -> None:
    zoe, paul = make_person("zoe"), make_person("paul")
    once, often = invite(cast.dario), invite(cast.dario, once=False)
    enter(zoe, once)
    assert wrong(paul, once)
    enter(paul, often, "Paul")
    enter(make_person("lena"), often, "Léna")
    assert sorted(db.session.scalars(select(Invitation.uses))) == [1, 2]
    assert enter(zoe, often) == "romarin"
    assert sorted(db.session.scalars(select(Invitation.uses))) == [1, 2]


@ONE
def test_made_up_used_over_taken_back_or_not_for_them_is_one_answer(context: None, cast: Cast) -> None:
    zoe, paul = make_person("zoe"), make_person("paul", romarin="Paul")
    gone = make_invitation(cast.dario.actor, "romarin", "word", now() + WEEK, once=True)
    actions.withdraw_invitation(cast.dario.actor, "romarin", gone.invitation.id)
    living = invite(cast.dario, once=False)
    remove_member(cast.dario.actor, paul.memberships["romarin"], "1", "Il a crié.")
    assert [wrong(zoe, secret) for secret in ("bodi-ravu-temo", gone.secret, "x")] == [True] * 3
    assert wrong(paul, living)
    with time_machine.travel(now() + WEEK + timedelta(seconds=1), tick=False):
        assert wrong(zoe, living)


@ONE
def test_who_is_on_pause_is_not_let_in_by_leaving_first(context: None, cast: Cast) -> None:
    paul, secret = make_person("paul", romarin="Paul"), invite(cast.dario)
    pause_member(cast.dario.actor, paul.memberships["romarin"], now() + timedelta(days=3), "1", "Trois messages durs.")
    leave_club(paul.actor, "romarin")
    assert wrong(paul, secret)


@ONE
def test_an_invitation_ends_with_its_lead(context: None, cast: Cast) -> None:
    zoe, gina = make_person("zoe"), make_person("gina", romarin="Gina")
    with transaction():
        membership(gina, "romarin").role = "lead"
    first = invite(gina)
    set_role(cast.dario.actor, gina.memberships["romarin"], "member")
    set_role(cast.dario.actor, gina.memberships["romarin"], "lead")
    assert wrong(zoe, first)
    second = invite(gina)
    leave_club(gina.actor, "romarin")
    assert wrong(zoe, second)
    assert db.session.scalars(select(Invitation.id)).all() == []


@ONE
def test_a_lead_on_pause_invites_nobody_meanwhile(context: None, cast: Cast) -> None:
    gina = make_person("gina", romarin="Gina")
    with transaction():
        membership(gina, "romarin").role = "lead"
    secret = invite(gina)
    with transaction():
        membership(gina, "romarin").paused_until = now() + timedelta(days=1)
    assert wrong(make_person("zoe"), secret)


@ONE
def test_what_a_locked_lead_made_opens_nothing_meanwhile(context: None, cast: Cast) -> None:
    """The answer is that of a wrong word; the other leads of the club see nothing of the lock in their list.

    Of two clubs that one person leads, each falls silent at a moment of its own: together they would tell.
    """
    secret, zoe, club = invite(cast.dario), make_person("zoe"), db.session.get_one(make.Club, cast.clubs["romarin"])
    with time_machine.travel(now(), tick=False) as clock:
        lock_account(cast.elise.actor, cast.dario.email)
        since = db.session.get_one(make.Account, cast.dario.account_id).locked_at
        assert since is not None
        moments = {moment_after(since, membership) for membership in (cast.dario.memberships["romarin"], "another")}
        assert (len(moments), max(moments) < since + WITHIN) == (2, True)
        clock.move_to(moment_after(since, cast.dario.memberships["romarin"]) - timedelta(seconds=1))
        assert actions.open_invitation(zoe.actor, secret, HERE).id == club.id
        clock.shift(1)
        assert wrong(zoe, secret)
        opening = refused(actions.WrongInvitation, lambda: actions.open_invitation(zoe.actor, secret, HERE))
        assert opening == "invitation_wrong"
    assert len(invitations_of(club)) == 1
    unlock_account(cast.elise.actor, cast.dario.email)
    enter(zoe, secret)


@ONE
def test_who_may_not(context: None, cast: Cast) -> None:
    until = now() + WEEK
    assert refused(NotAllowed, lambda: invite(cast.amina)) == "not_a_lead"
    assert refused(NotFound, lambda: invite(cast.chloe)) == "not_found"
    assert refused(NotFound, lambda: invite(cast.denis)) == "not_found"
    living = make_invitation(cast.dario.actor, "romarin", "word", until, once=True)
    take_back = [
        lambda person=person: actions.withdraw_invitation(person.actor, "romarin", living.invitation.id)
        for person in (cast.amina, cast.chloe)
    ]
    assert (refused(NotAllowed, take_back[0]), refused(NotFound, take_back[1])) == ("not_a_lead", "not_found")
    other = [lambda: actions.withdraw_invitation(cast.bruno.actor, "tilleul", living.invitation.id)]
    assert refused(NotFound, other[0]) == "not_found"
    assert refused(NotAllowed, lambda: enter(cast.denis, living.secret)) == "staff_joins_no_club"
    for kind, end, code in (
        ("song", until, "kind_invalid"),
        ("word", now() + timedelta(days=61), "until_out_of_range"),
        ("word", now(), "until_out_of_range"),
    ):
        assert refused(Invalid, lambda: make_invitation(cast.dario.actor, "romarin", kind, end, once=True)) == code  # noqa: B023


@ONE
def test_guessing_is_slow_and_a_good_invitation_costs_nothing(context: None, cast: Cast) -> None:
    zoe, secret = make_person("zoe"), invite(cast.dario)
    for _time in range(actions.TRIES.amount - 1):
        assert wrong(zoe, "bodi-ravu-temo")
    for _time in range(3):
        actions.open_invitation(zoe.actor, secret, HERE)
    assert wrong(zoe, "bodi-ravu-temo")
    refused(TooMany, lambda: actions.open_invitation(zoe.actor, secret, HERE))
    others = [make_person(f"p{number}") for number in range(3)]
    with pytest.raises(TooMany):
        for person in others:
            for _time in range(9):
                wrong(person, "bodi-ravu-temo")


@ONE
def test_a_name_that_is_taken_uses_nothing_up(context: None, cast: Cast) -> None:
    zoe, secret = make_person("zoe"), invite(cast.dario)
    assert refused(DomainError, lambda: enter(zoe, secret, "Sacha")) == "name_taken"
    assert enter(zoe, secret, "Zaza") == "romarin"


@ONE
def test_who_had_asked_is_in(context: None, cast: Cast) -> None:
    zoe, secret = make_person("zoe"), invite(cast.chloe, "glycine")
    with transaction():
        account = db.session.get_one(make.Account, zoe.account_id)
        club = db.session.get_one(make.Club, cast.clubs["glycine"])
        make.make_membership(account, club, "Zoé", began_at=None, sentence="Bonjour.")
    enter(zoe, secret, "Zoé")
    mine = db.session.scalars(select(Membership).where(Membership.account_id == zoe.account_id)).one()
    assert (mine.active, mine.sentence) == (True, None)


@ONE
def test_what_is_over_goes_by_the_clock(context: None, cast: Cast) -> None:
    invite(cast.dario)
    jobs.purge()
    assert len(db.session.scalars(select(Invitation.id)).all()) == 1
    with time_machine.travel(now() + WEEK + timedelta(seconds=1), tick=False):
        jobs.purge()
    assert db.session.scalars(select(Invitation.id)).all() == []


@ONE
def test_a_lead_takes_away_what_they_made_and_leaves_none_of_it(context: None, cast: Cast) -> None:
    invite(cast.dario)
    kept = [(one["kind"], one["once"]) for one in given_by(cast.dario.account_id)]
    assert kept == [("word", True)]
    assert given_by(cast.amina.account_id) == []
    with transaction():
        plan_partings(cast.dario.account_id, "keep", at_once=True)
    # Not before: the other leads read the list of each club.
    assert len(db.session.scalars(select(Invitation.id)).all()) == 1
    core_jobs.run_due()
    assert db.session.scalars(select(Invitation.id)).all() == []


def _enter(barrier: Any, url: str, account_id: str, secret: str, name: str) -> str:
    app = make_app(url)
    person = Person("", account_id, "")
    with app.app_context():
        barrier.wait()
        try:
            return enter(person, secret, name)
        except DomainError as error:
            return error.code


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_of_two_who_use_one_invitation_at_once_one_is_in(context: None, app: Flask, cast: Cast) -> None:
    secret, url = invite(cast.dario), app.config["SQLALCHEMY_DATABASE_URI"]
    people = [make_person(f"p{number}") for number in range(2)]
    db.session.rollback()
    crowd = [(url, person.account_id, secret, f"Nom {chr(65 + n)}") for n, person in enumerate(people)]
    assert sorted(race(_enter, *crowd)) == ["invitation_wrong", "romarin"]
    assert db.session.scalar(text("SELECT count(*) FROM membership WHERE name LIKE 'Nom %'")) == 1


def test_the_database_itself_refuses_a_second_use(context: None, cast: Cast) -> None:
    invite(cast.dario)
    with pytest.raises(Exception, match="used_once"), transaction():
        db.session.execute(text("UPDATE invitation SET uses = 2"))
