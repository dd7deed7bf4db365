"""Who leaves for good parts from each club at a moment of its own; until then the club sees what it saw."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.accounts.models import Account
from app.clubs import actions, partings
from app.clubs.models import Change, Club, Membership
from app.clubs.partings import Messages, plan_partings
from app.clubs.queries import members_of
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.models import Job, Revocation
from tests.support.cast import Cast, Person, make_person, membership

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def zoe() -> Person:
    """Somebody who is in no club."""
    return make_person("zoe")


@pytest.fixture
def left() -> Iterator[list[tuple[str, Messages]]]:
    """What the floors above are told at each parting, in order."""
    told: list[tuple[str, Messages]] = []
    stock = list(partings.parting)
    partings.parting.append(lambda membership_id, messages: told.append((membership_id, messages)))
    yield told
    partings.parting[:] = stock


def erase(person: Person, messages: Messages = "blank", *, at_once: bool = False) -> datetime:
    with transaction():
        done_by = plan_partings(person.account_id, messages, at_once=at_once)
        db.session.delete(db.session.get_one(Account, person.account_id))
    return done_by


def moments() -> dict[str, datetime]:
    """When each membership parts."""
    rows = db.session.scalars(select(Job).where(Job.kind == "clubs:part"))
    return {job.payload["membership"]: job.run_at for job in rows}


def names(cast: Cast, slug: str) -> list[str | None]:
    return sorted(str(one.name) for one in members_of(db.session.get_one(Club, cast.clubs[slug])))


def log_of(cast: Cast, slug: str) -> list[tuple[str, str]]:
    rows = select(Change.kind, Change.subject_id).where(Change.club_id == cast.clubs[slug]).order_by(Change.seq)
    return [(row.kind, row.subject_id) for row in db.session.execute(rows)]


def test_plan_partings_shows_nothing_at_first(cast: Cast) -> None:
    start = now()
    done_by = erase(cast.amina)
    assert start + timedelta(hours=24) <= done_by <= now() + timedelta(hours=24)
    assert db.session.get(Account, cast.amina.account_id) is None
    jobs.run_due(100)
    assert names(cast, "tilleul") == ["Ama", "Bruno"]
    assert names(cast, "romarin") == ["Dario", "Sacha"]
    assert log_of(cast, "tilleul") == log_of(cast, "romarin") == []
    assert [membership(cast.amina, slug).account_id for slug in ("tilleul", "romarin")] == [None, None]
    assert all(start <= moment <= done_by for moment in moments().values())


def test_plan_partings_ends_what_they_hear_at_once(cast: Cast) -> None:
    erase(cast.amina)
    ended = db.session.scalars(select(Revocation.grant).order_by(Revocation.id)).all()
    assert sorted(ended) == sorted(f"membership:{each}" for each in cast.amina.memberships.values())


def test_each_club_sees_it_at_its_own_moment(cast: Cast, left: list[tuple[str, Messages]]) -> None:
    erase(cast.amina, "keep")
    planned = sorted(moments().items(), key=lambda each: each[1])
    by_id = {each: slug for slug, each in cast.amina.memberships.items()}
    for place, (membership_id, moment) in enumerate(planned):
        with time_machine.travel(moment + timedelta(seconds=1), tick=False):
            jobs.run_due(100)
        assert left == [(each, "keep") for each, _moment in planned[: place + 1]]
        assert log_of(cast, by_id[membership_id]) == [("membership:ended", membership_id)]
    assert (names(cast, "tilleul"), names(cast, "romarin")) == (["Bruno"], ["Dario"])
    gone = [membership(cast.amina, slug) for slug in ("tilleul", "romarin")]
    assert [(one.name, one.name_key, one.account_id) for one in gone] == [(None, None, None)] * 2


def test_moments_are_spread_over_the_day(cast: Cast) -> None:
    drawn = []
    for number in range(40):
        erase(make_person(f"p{number}", tilleul=f"Un {number}", romarin=f"Deux {number}"))
    with transaction():
        drawn = sorted(moments().values())
    hours = [(moment - now()) / timedelta(hours=24) for moment in drawn]
    # 80 draws: the chance that a quarter of the day gets fewer than 4 is below one in ten million.
    quarters = [sum(low <= each < low + 0.25 for each in hours) for low in (0, 0.25, 0.5, 0.75)]
    assert len(hours) == 80
    assert min(quarters) >= 4


def test_at_once_everywhere(cast: Cast, left: list[tuple[str, Messages]]) -> None:
    assert erase(cast.amina, at_once=True) <= now()
    jobs.run_due(100)
    assert sorted(left) == sorted((each, "blank") for each in cast.amina.memberships.values())
    assert (names(cast, "tilleul"), names(cast, "romarin")) == (["Bruno"], ["Dario"])


def test_what_was_missed_does_not_come_all_at_once(cast: Cast, left: list[tuple[str, Messages]]) -> None:
    """The house was switched off while both moments passed: each is drawn again, within the promise."""
    ids, done_by = set(cast.amina.memberships.values()), now() + timedelta(hours=3)
    for each in ids:
        missed = {"at": (now() - timedelta(hours=1)).isoformat(), "by": done_by.isoformat()}
        partings.part({"membership": each, "messages": "keep", **missed})
    assert (left, set(moments())) == ([], ids)
    assert all(now() - timedelta(minutes=1) < moment <= done_by for moment in moments().values())
    with time_machine.travel(done_by, tick=False):
        jobs.run_due(100)
    assert set(left) == {(each, "keep") for each in ids}


def test_a_membership_that_had_ended_has_a_moment_for_its_messages(
    cast: Cast, left: list[tuple[str, Messages]]
) -> None:
    actions.leave_club(cast.amina.actor, "tilleul")
    erase(cast.amina, at_once=True)
    jobs.run_due(100)
    assert sorted(left) == sorted((each, "blank") for each in cast.amina.memberships.values())
    assert [kind for kind, _ in log_of(cast, "tilleul")] == ["membership:ended"]


def test_a_request_goes_without_a_trace(cast: Cast, zoe: Person, left: list[tuple[str, Messages]]) -> None:
    actions.join_club(zoe.actor, "glycine", "Zoé", "Je couds.")
    erase(zoe, at_once=True)
    assert db.session.scalars(select(Membership.name).where(Membership.name == "Zoé")).all() == ["Zoé"]
    jobs.run_due(100)
    assert db.session.scalars(select(Membership.name).where(Membership.name == "Zoé")).all() == []
    assert (left, log_of(cast, "glycine")) == ([], [])


def test_parting_twice_is_parting_once(cast: Cast, left: list[tuple[str, Messages]]) -> None:
    payload = {"messages": "blank", "at": now().isoformat(), "by": now().isoformat()}
    for _time in range(2):
        partings.part({"membership": cast.amina.memberships["tilleul"], **payload})
    assert [kind for kind, _ in log_of(cast, "tilleul")] == ["membership:ended"]
    partings.part({"membership": "x" * 26, **payload})


def test_who_comes_back_meanwhile_is_somebody_else(cast: Cast, zoe: Person) -> None:
    erase(cast.amina)
    assert actions.join_club(zoe.actor, "tilleul", "Zoé") == "member"
    assert names(cast, "tilleul") == ["Ama", "Bruno", "Zoé"]
    with time_machine.travel(now() + timedelta(hours=24, seconds=1), tick=False):
        jobs.run_due(100)
    assert names(cast, "tilleul") == ["Bruno", "Zoé"]


def test_the_last_lead_may_go(cast: Cast, left: list[tuple[str, Messages]]) -> None:
    erase(cast.bruno, at_once=True)
    jobs.run_due(100)
    assert names(cast, "tilleul") == ["Ama"]
