"""Joining, asking, leaving, leading, renaming: each way in, each refusal, the outsider."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.clubs import actions, live
from app.clubs.consent import CONSENT_VERSION
from app.clubs.models import Change, Club, Membership
from app.clubs.queries import ACTIVE, ASKED
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.models import Revocation
from tests.support.application import make_app
from tests.support.cast import Cast, Person, make_person, membership
from tests.support.race import race

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def zoe(cast: Cast) -> Person:
    """Somebody who is in no club."""
    return make_person("zoe")


def log_of(cast: Cast, slug: str) -> list[tuple[int, str]]:
    rows = db.session.execute(
        select(Change.seq, Change.kind).where(Change.club_id == cast.clubs[slug]).order_by(Change.seq)
    )
    return [(row.seq, row.kind) for row in rows]


def memberships(person: Person) -> list[Membership]:
    return list(db.session.scalars(select(Membership).where(Membership.account_id == person.account_id)))


def asked(person: Person, slug: str = "glycine", name: str = "Zoé", sentence: str = "Je couds.") -> str:
    assert actions.join_club(person.actor, slug, name, sentence) == "asked"
    return memberships(person)[0].id


def refusal(act: Callable[..., Any], *args: Any) -> tuple[int, str]:
    with pytest.raises(DomainError) as refused:
        act(*args)
    return refused.value.status, refused.value.code


# join_club


def test_join_club_that_is_open(cast: Cast, zoe: Person) -> None:
    assert actions.join_club(zoe.actor, "tilleul", " Zoé ", "on ne la garde pas") == "member"
    (found,) = memberships(zoe)
    assert (found.name, found.role, found.active, found.sentence) == ("Zoé", "member", True, None)
    assert (found.consent_version, found.first_seq) == (CONSENT_VERSION, 1)
    assert log_of(cast, "tilleul") == [(1, "membership:began")]


def test_join_club_that_shows_what_comes_after(cast: Cast, zoe: Person) -> None:
    with transaction():
        db.session.get_one(Club, cast.clubs["tilleul"]).history = "joining"
        live.record(cast.clubs["tilleul"], "essai:un", "x" * 26)
    actions.join_club(zoe.actor, "tilleul", "Zoé")
    assert memberships(zoe)[0].first_seq == 2
    assert log_of(cast, "tilleul") == [(1, "essai:un"), (2, "membership:began")]


def test_join_club_on_request_asks(cast: Cast, zoe: Person) -> None:
    assert actions.join_club(zoe.actor, "glycine", "Zoé", " Je couds.\n Déjà. ") == "asked"
    (found,) = memberships(zoe)
    assert (found.began_at, found.sentence) == (None, "Je couds. Déjà.")
    assert log_of(cast, "glycine") == []


def test_join_club_again_changes_nothing(cast: Cast, zoe: Person) -> None:
    assert actions.join_club(cast.amina.actor, "tilleul", "Autre") == "member"
    assert membership(cast.amina, "tilleul").name == "Ama"
    asked(zoe)
    assert actions.join_club(zoe.actor, "glycine", "Autre") == "asked"
    assert [found.name for found in memberships(zoe)] == ["Zoé"]


def test_join_club_that_is_discreet_or_unknown(cast: Cast, zoe: Person) -> None:
    for name in ("Zoé", "équipe", ""):
        hidden = refusal(actions.join_club, zoe.actor, "romarin", name, "", "1999")
        assert hidden == refusal(actions.join_club, zoe.actor, "aucun", name, "", "1999") == (404, "not_found")
    assert memberships(zoe) == []


def test_join_club_by_staff(cast: Cast) -> None:
    for person in (cast.denis, cast.elise):
        assert refusal(actions.join_club, person.actor, "tilleul", "Zoé") == (403, "staff_joins_no_club")
        assert refusal(actions.join_club, person.actor, "romarin", "Zoé") == (404, "not_found")
        assert memberships(person) == []


@pytest.mark.parametrize("name", ["Ama", "amà", "А m а", "ＡＭＡ", "Аmа", "Am\u200ba"])
def test_join_club_under_a_name_that_is_taken(cast: Cast, zoe: Person, name: str) -> None:
    assert refusal(actions.join_club, zoe.actor, "tilleul", name) == (409, "name_taken")
    assert (memberships(zoe), log_of(cast, "tilleul")) == ([], [])


def test_join_club_under_a_name_of_another_club(cast: Cast, zoe: Person) -> None:
    assert actions.join_club(zoe.actor, "tilleul", "Sacha") == "member"


def test_ask_under_a_name_that_another_one_asked_for(cast: Cast, zoe: Person) -> None:
    asked(zoe)
    assert refusal(actions.join_club, make_person("luz").actor, "glycine", "zoe") == (409, "name_taken")


@pytest.mark.parametrize(
    ("name", "code"), [("L’équipe", "name_reserved"), ("Zoé\u200b", "name_invalid"), ("…", "name_invalid")]
)
def test_join_club_under_what_is_no_name(cast: Cast, zoe: Person, name: str, code: str) -> None:
    assert refusal(actions.join_club, zoe.actor, "tilleul", name) == (422, code)
    assert memberships(zoe) == []


def test_join_club_after_the_sentence_changed(cast: Cast, zoe: Person) -> None:
    assert refusal(actions.join_club, zoe.actor, "tilleul", "Zoé", "", "2020-01") == (409, "consent_changed")
    assert actions.join_club(zoe.actor, "tilleul", "Zoé", "", CONSENT_VERSION) == "member"


def test_join_club_with_too_long_a_sentence(cast: Cast, zoe: Person) -> None:
    assert refusal(actions.join_club, zoe.actor, "glycine", "Zoé", "x" * 301) == (422, "sentence_too_long")


def test_trying_names_in_turn_is_stopped(cast: Cast, zoe: Person) -> None:
    found = [refusal(actions.join_club, zoe.actor, "tilleul", "Ama")[0] for _ in range(21)]
    assert found == [409] * 20 + [429]


# accept_request, refuse_request, withdraw_request


def test_accept_request(cast: Cast, zoe: Person) -> None:
    request_id = asked(zoe)
    entered = actions.accept_request(cast.chloe.actor, "glycine", request_id)
    assert (entered.active, entered.sentence, entered.first_seq) == (True, None, 1)
    assert log_of(cast, "glycine") == [(1, "membership:began")]
    assert refusal(actions.accept_request, cast.chloe.actor, "glycine", request_id) == (404, "not_found")
    assert log_of(cast, "glycine") == [(1, "membership:began")]


def test_refuse_request_leaves_nothing(cast: Cast, zoe: Person) -> None:
    request_id = asked(zoe)
    actions.refuse_request(cast.chloe.actor, "glycine", request_id)
    assert (memberships(zoe), log_of(cast, "glycine")) == ([], [])
    assert refusal(actions.refuse_request, cast.chloe.actor, "glycine", request_id) == (404, "not_found")


def test_withdraw_request_leaves_nothing(cast: Cast, zoe: Person) -> None:
    asked(zoe)
    actions.withdraw_request(zoe.actor, "glycine")
    assert (memberships(zoe), log_of(cast, "glycine")) == ([], [])
    assert refusal(actions.withdraw_request, zoe.actor, "glycine") == (404, "not_found")


def test_withdraw_request_does_not_end_a_membership(cast: Cast) -> None:
    assert refusal(actions.withdraw_request, cast.amina.actor, "tilleul") == (404, "not_found")
    assert membership(cast.amina, "tilleul").active


@pytest.mark.parametrize("decide", [actions.accept_request, actions.refuse_request])
def test_a_request_is_decided_by_a_lead_of_that_club(cast: Cast, zoe: Person, decide: Callable[..., object]) -> None:
    request_id, member = asked(zoe), make_person("lou", glycine="Lou")
    assert refusal(decide, member.actor, "glycine", request_id) == (403, "not_a_lead")
    for stranger in (cast.bruno, cast.denis, zoe):
        assert refusal(decide, stranger.actor, "glycine", request_id) == (404, "not_found")
    assert refusal(decide, cast.bruno.actor, "tilleul", request_id) == (404, "not_found")
    assert db.session.scalars(select(Membership.id).where(ASKED)).all() == [request_id]


# leave_club


def test_leave_club(cast: Cast) -> None:
    actions.rename(cast.amina.actor, "tilleul", "Amy")
    actions.leave_club(cast.amina.actor, "tilleul")
    gone = membership(cast.amina, "tilleul")
    assert (gone.name, gone.name_key, gone.former_name, gone.renamed_at) == (None, None, None, None)
    assert gone.ended_at is not None
    assert log_of(cast, "tilleul") == [(1, "membership:renamed"), (2, "membership:ended")]
    assert db.session.scalars(select(Revocation.grant)).all() == [f"membership:{gone.id}"]
    assert refusal(actions.leave_club, cast.amina.actor, "tilleul") == (404, "not_found")
    assert membership(cast.amina, "romarin").active


def test_leave_club_and_come_back_as_somebody_new(cast: Cast) -> None:
    actions.leave_club(cast.amina.actor, "tilleul")
    assert actions.join_club(cast.amina.actor, "tilleul", "Ama") == "member"
    before, after = sorted(
        (m for m in memberships(cast.amina) if m.club_id == cast.clubs["tilleul"]), key=lambda m: m.active
    )
    assert (before.id, before.name) == (cast.amina.memberships["tilleul"], None)
    assert (after.name, after.id != before.id) == ("Ama", True)


def test_leave_club_as_the_last_lead(cast: Cast) -> None:
    assert refusal(actions.leave_club, cast.bruno.actor, "tilleul") == (409, "last_lead")
    assert (membership(cast.bruno, "tilleul").leads, log_of(cast, "tilleul")) == (True, [])
    actions.set_role(cast.bruno.actor, cast.amina.memberships["tilleul"], "lead")
    actions.leave_club(cast.bruno.actor, "tilleul")
    assert not membership(cast.bruno, "tilleul").active


def test_leave_club_when_nobody_else_is_in_it(cast: Cast) -> None:
    actions.leave_club(cast.chloe.actor, "glycine")
    assert not membership(cast.chloe, "glycine").active


def test_leave_club_of_others(cast: Cast, zoe: Person) -> None:
    asked(zoe)
    for person, slug in ((cast.chloe, "tilleul"), (cast.denis, "tilleul"), (zoe, "glycine"), (zoe, "romarin")):
        assert refusal(actions.leave_club, person.actor, slug) == (404, "not_found")


def leave_at_once(barrier: Any, url: str, person: Person) -> str:
    app = make_app(url)
    with app.app_context():
        barrier.wait()
        try:
            actions.leave_club(person.actor, "tilleul")
        except DomainError as error:
            return error.code
        return "left"


def test_the_two_last_leads_leave_at_once(app: Flask, cast: Cast) -> None:
    actions.set_role(cast.bruno.actor, cast.amina.memberships["tilleul"], "lead")
    make_person("zoe", tilleul="Zoé")
    db.session.remove()
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    assert sorted(race(leave_at_once, (url, cast.bruno), (url, cast.amina))) == ["last_lead", "left"]
    leads = select(Membership.id).where(Membership.club_id == cast.clubs["tilleul"], Membership.role == "lead", ACTIVE)
    assert len(db.session.scalars(leads).all()) == 1


def join_at_once(barrier: Any, url: str, person: Person, name: str) -> str:
    app = make_app(url)
    with app.app_context():
        barrier.wait()
        try:
            return actions.join_club(person.actor, "tilleul", name)
        except DomainError as error:
            return error.code


def test_two_people_take_one_name_at_once(app: Flask, cast: Cast, zoe: Person) -> None:
    luz, url = make_person("luz"), app.config["SQLALCHEMY_DATABASE_URI"]
    db.session.remove()
    assert sorted(race(join_at_once, (url, zoe, "Zoé"), (url, luz, "zoe"))) == ["member", "name_taken"]
    assert log_of(cast, "tilleul") == [(1, "membership:began")]


def test_one_person_joins_twice_at_once(app: Flask, cast: Cast, zoe: Person) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    db.session.remove()
    assert race(join_at_once, (url, zoe, "Zoé"), (url, zoe, "Zoé")) == ["member", "member"]
    assert (len(memberships(zoe)), log_of(cast, "tilleul")) == (1, [(1, "membership:began")])


# set_role


def test_set_role(cast: Cast) -> None:
    actions.set_role(cast.bruno.actor, cast.amina.memberships["tilleul"], "lead")
    assert membership(cast.amina, "tilleul").leads
    actions.set_role(cast.amina.actor, cast.bruno.memberships["tilleul"], "member")
    assert membership(cast.bruno, "tilleul").role == "member"
    assert log_of(cast, "tilleul") == [(1, "membership:role"), (2, "membership:role")]


def test_set_role_of_the_last_lead(cast: Cast) -> None:
    assert refusal(actions.set_role, cast.bruno.actor, cast.bruno.memberships["tilleul"], "member") == (
        409,
        "last_lead",
    )
    assert (membership(cast.bruno, "tilleul").leads, log_of(cast, "tilleul")) == (True, [])


def test_set_role_is_for_leads_of_that_club(cast: Cast, zoe: Person) -> None:
    target = cast.bruno.memberships["tilleul"]
    assert refusal(actions.set_role, cast.amina.actor, target, "member") == (403, "not_a_lead")
    for stranger in (cast.chloe, cast.denis, zoe):
        assert refusal(actions.set_role, stranger.actor, target, "member") == (404, "not_found")
    assert refusal(actions.set_role, cast.bruno.actor, "x" * 26, "lead") == (404, "not_found")
    assert refusal(actions.set_role, cast.bruno.actor, cast.amina.memberships["tilleul"], "boss") == (
        422,
        "role_invalid",
    )


def test_set_role_of_who_only_asks_or_has_left(cast: Cast, zoe: Person) -> None:
    assert refusal(actions.set_role, cast.chloe.actor, asked(zoe), "lead") == (404, "not_found")
    actions.leave_club(cast.amina.actor, "tilleul")
    gone = cast.amina.memberships["tilleul"]
    assert refusal(actions.set_role, cast.bruno.actor, gone, "lead") == (404, "not_found")


# rename


def test_rename_shows_the_old_name_for_seven_days(cast: Cast, run_jobs: Callable[[], int]) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        actions.rename(cast.amina.actor, "tilleul", "Amy")
        renamed = membership(cast.amina, "tilleul")
        assert (renamed.name, renamed.former_name, renamed.shown_former_name) == ("Amy", "Ama", "Ama")
        assert log_of(cast, "tilleul") == [(1, "membership:renamed")]
        clock.shift(timedelta(days=7) - timedelta(seconds=1))
        assert (renamed.shown_former_name, run_jobs()) == ("Ama", 0)
        clock.shift(timedelta(seconds=1))
        assert (renamed.shown_former_name, run_jobs()) == (None, 1)
    db.session.rollback()
    assert membership(cast.amina, "tilleul").former_name is None


def test_rename_twice_keeps_the_last_name_for_its_own_seven_days(cast: Cast, run_jobs: Callable[[], int]) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        actions.rename(cast.amina.actor, "tilleul", "Amy")
        clock.shift(timedelta(days=4))
        actions.rename(cast.amina.actor, "tilleul", "Lou")
        clock.shift(timedelta(days=4))
        assert run_jobs() == 1
        db.session.rollback()
        assert membership(cast.amina, "tilleul").former_name == "Amy"


def test_rename_in_one_club_says_nothing_in_the_other(cast: Cast) -> None:
    actions.rename(cast.amina.actor, "tilleul", "Amy")
    assert (membership(cast.amina, "romarin").name, log_of(cast, "romarin")) == ("Sacha", [])


def test_rename_to_the_same_name_changes_nothing(cast: Cast) -> None:
    actions.rename(cast.amina.actor, "tilleul", "Ama")
    assert (membership(cast.amina, "tilleul").former_name, log_of(cast, "tilleul")) == (None, [])


def test_rename_may_change_case_or_accents_alone(cast: Cast) -> None:
    actions.rename(cast.amina.actor, "tilleul", "AMÀ")
    assert membership(cast.amina, "tilleul").name == "AMÀ"


def test_rename_refusals(cast: Cast) -> None:
    assert refusal(actions.rename, cast.amina.actor, "tilleul", "brunO") == (409, "name_taken")
    assert refusal(actions.rename, cast.amina.actor, "tilleul", "Brunо") == (409, "name_taken")
    assert refusal(actions.rename, cast.amina.actor, "tilleul", "Аma") == (422, "name_invalid")
    assert refusal(actions.rename, cast.amina.actor, "tilleul", "Admin") == (422, "name_reserved")
    assert refusal(actions.rename, cast.chloe.actor, "tilleul", "Lou") == (404, "not_found")
    assert (membership(cast.amina, "tilleul").name, log_of(cast, "tilleul")) == ("Ama", [])
