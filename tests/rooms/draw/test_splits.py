"""Two clubs of which one came out of the other bid as one for twelve weeks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from app.core.errors import DomainError, Invalid, NotFound
from app.houses.journal import entries_of_club
from app.rooms.draw.actions import hold_draw, rank_wishes
from app.rooms.draw.splits import bound_until, declare_split, give_split_word, splits_in, take_split_word
from tests.rooms.draw.conftest import FRIDAY, THURSDAY, close, draws, evening
from tests.rooms.places import claims, club, house
from tests.support.cast import Cast, Person

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]


def test_a_declared_split_bids_as_one(scarce: Cast, monday: time_machine.Traveller) -> None:
    declare_split(scarce.denis.actor, "canal", "glycine", "tilleul")
    rank_wishes(scarce.bruno.actor, "tilleul", [evening(THURSDAY)])
    rank_wishes(scarce.chloe.actor, "glycine", [evening(FRIDAY)])
    close(monday)
    hold_draw(draws()[0].id)
    assert len(claims()) == 1
    outcomes = [told["outcome"] for told in (draws()[0].record or {})["results"]]
    assert sorted(outcomes) == ["shared", "won"]
    acts = [[entry.act for entry in entries_of_club(club(slug).id)] for slug in ("tilleul", "glycine")]
    assert acts == [["split:declared"], ["split:declared"]]


def test_it_ends_after_twelve_weeks(scarce: Cast, monday: time_machine.Traveller) -> None:
    declare_split(scarce.denis.actor, "canal", "glycine", "tilleul")
    assert len(splits_in(house("canal"))) == 1
    monday.shift(timedelta(weeks=12, seconds=1))
    assert splits_in(house("canal")) == []


def test_who_may_not_and_what_is_no_split(scarce: Cast) -> None:
    with pytest.raises(NotFound):
        declare_split(scarce.bruno.actor, "canal", "glycine", "tilleul")
    with pytest.raises(NotFound):
        declare_split(scarce.denis.actor, "canal", "glycine", "nowhere")
    with pytest.raises(Invalid):
        declare_split(scarce.denis.actor, "canal", "glycine", "glycine")


def test_two_leads_agree_by_a_word_that_names_neither(scarce: Cast, monday: time_machine.Traveller) -> None:
    given = give_split_word(scarce.dario.actor, "romarin")
    rank_wishes(scarce.bruno.actor, "tilleul", [evening(THURSDAY)])
    rank_wishes(scarce.dario.actor, "romarin", [evening(FRIDAY)])
    take_split_word(scarce.bruno.actor, "tilleul", given.word.upper().replace("-", " "))
    assert {each.slug for _split, *both in splits_in(house("canal")) for each in both} == {"tilleul", "romarin"}
    assert [bound_until(club(slug)) is None for slug in ("tilleul", "romarin", "glycine")] == [False, False, True]
    acts = [[(one.act, one.by_role) for one in entries_of_club(club(slug).id)] for slug in ("tilleul", "romarin")]
    assert acts == [[("split:declared", "lead")]] * 2
    close(monday)
    hold_draw(draws()[0].id)
    assert len(claims()) == 1


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def test_a_word_serves_once_for_another_club_of_the_house_and_seven_days(
    scarce: Cast, monday: time_machine.Traveller
) -> None:
    first = give_split_word(scarce.dario.actor, "romarin").word
    second = give_split_word(scarce.dario.actor, "romarin").word

    def typed(person: Person, slug: str, word: str) -> str:
        return refusal(lambda: take_split_word(person.actor, slug, word))

    assert typed(scarce.bruno, "tilleul", first) == "word_wrong"
    assert typed(scarce.dario, "romarin", second) == "word_wrong"
    assert typed(scarce.amina, "tilleul", second) == "not_a_lead"
    assert typed(scarce.bruno, "romarin", second) == "not_found"
    monday.shift(timedelta(days=7, seconds=1))
    assert typed(scarce.bruno, "tilleul", second) == "word_wrong"
    third = give_split_word(scarce.dario.actor, "romarin").word
    take_split_word(scarce.bruno.actor, "tilleul", third)
    assert typed(scarce.chloe, "glycine", third) == "word_wrong"
    # Nobody leaves one half for another.
    fourth = give_split_word(scarce.chloe.actor, "glycine").word
    assert typed(scarce.bruno, "tilleul", fourth) == "split_there"
