"""What answers a need: the order follows the printed rule, nothing ever disappears, the desk is always last."""

from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.clubs.models import Club
from app.core.db import db, transaction
from app.core.errors import Invalid, TooMany
from app.houses.needs import NEEDS
from app.pages.needs.actions import say_helped
from app.pages.needs.models import NeedHelp
from app.pages.needs.order import KINDS, ordered
from app.practice.actions import offer_to_listen
from tests.rules.practising import listening
from tests.support.cast import Cast
from tests.support.clients import PageClient

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
counts = st.dictionaries(st.sampled_from(KINDS), st.integers(0, 400))
few = settings(max_examples=150, deadline=None)


@few
@given(st.sets(st.sampled_from(KINDS)), counts)
def test_no_answer_disappears_and_the_order_is_that_of_the_rule(present: set[str], helped: dict[str, int]) -> None:
    order = ordered(present, helped)
    assert sorted(order) == sorted([*present, "desk"])
    assert order[-1] == "desk"
    # The rule as it is printed: below 11 nothing counts, from 11 on by fives, the largest first, else as listed.
    worth = {kind: 0 if helped.get(kind, 0) < 11 else helped[kind] // 5 * 5 for kind in present}
    for before, after in pairwise(order[:-1]):
        larger = worth[before] > worth[after]
        assert larger or (worth[before] == worth[after] and KINDS.index(before) < KINDS.index(after))


@few
@given(counts, st.sampled_from(KINDS))
def test_what_few_said_moves_nothing(helped: dict[str, int], kind: str) -> None:
    assert ordered(KINDS, {**helped, kind: 0}) == ordered(KINDS, {**helped, kind: 10})


def kinds_on(page: Any) -> list[str]:
    return [each.get("data-kind") for each in page.all(".//section[@data-kind]")]


@sqlite
@pytest.mark.usefixtures("cast")
def test_every_need_says_where_and_why_and_ends_at_the_desk(visitor: PageClient) -> None:
    hidden = []
    for need in NEEDS:
        page = visitor.send("/needs", {"need": need.name}).page
        kinds = kinds_on(page)
        assert kinds[-1] == "desk"
        assert "Elle écoute et garde pour elle." in page.main
        hidden.append("Demandez à l’équipe, sans donner de raison." in page.main)
        if need.name in ("talk", "job"):
            assert ("rehearsal" in kinds, "/rehearsals" in page.links) == (True, True)
    # The same sentence for every need: it tells nothing of what is there.
    assert hidden == [True] * len(NEEDS)


@sqlite
def test_whether_somebody_listens_is_said_to_nobody_without_an_account(
    app: Flask, cast: Cast, visitor: PageClient
) -> None:
    """They could hold it beside what somebody who was told no sees signed in."""
    before = visitor.send("/needs", {"need": "job"}).page.main
    with app.app_context():
        offer_to_listen(cast.bruno.actor, listening("Basile"))
    page = visitor.send("/needs", {"need": "job"}).page
    assert page.main == before
    # An icon is drawn, not spelt.
    assert ("Avec quelqu’un" in page.main, "calendar-days" in page.main) == (True, False)


@sqlite
def test_one_tap_counts_and_what_many_said_comes_first(app: Flask, cast: Cast, visitor: PageClient) -> None:
    with app.app_context(), transaction():
        db.session.scalars(select(Club).where(Club.slug == "tilleul")).one().sentence = "On cherche des emplois."
    assert kinds_on(visitor.send("/needs", {"need": "job"}).page) == ["club", "rehearsal", "desk"]
    for _time in range(10):
        assert visitor.send("/needs/helped", {"need": "job", "kind": "rehearsal"}, on="/needs").status_code == 303
    assert kinds_on(visitor.send("/needs", {"need": "job"}).page) == ["club", "rehearsal", "desk"]
    answer = visitor.send("/needs/helped", {"need": "job", "kind": "rehearsal"}, on="/needs")
    assert answer.headers["Location"] == "/needs"
    assert kinds_on(visitor.send("/needs", {"need": "job"}).page) == ["rehearsal", "club", "desk"]
    with app.app_context():
        rows = db.session.execute(select(NeedHelp.need, NeedHelp.kind, NeedHelp.times)).all()
        assert [tuple(row) for row in rows] == [("job", "rehearsal", 11)]


@sqlite
def test_what_is_no_answer_is_refused_and_one_place_says_it_a_limited_number_of_times(app: Flask) -> None:
    with app.app_context():
        for need, kind in (("job", "pigeon"), ("secret", "club"), (None, None)):
            with pytest.raises(Invalid):
                say_helped(need, kind, "192.0.2.1")
        app.config["LIMIT_FACTOR"] = 1
        for _time in range(30):
            say_helped("job", "desk", "192.0.2.1")
        with pytest.raises(TooMany):
            say_helped("job", "desk", "192.0.2.1")
