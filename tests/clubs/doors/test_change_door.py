"""A club changes its door: what follows inside, and that outside nothing is left of one that turns discreet."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clubs.actions import join_club
from app.clubs.doors import actions
from app.clubs.doors.actions import Change
from app.clubs.founding.models import PlantDraw, PlantHold, RetiredSlug
from app.clubs.founding.plants import held_for
from app.clubs.models import Change as LogRow
from app.clubs.models import Club, Membership
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotAllowed, NotFound, Taken, TooMany
from app.core.models import Revocation
from app.houses.journal import note
from app.houses.models import JournalEntry
from app.rooms.actions import Wish, claim_slot
from app.rooms.models import Claim
from tests.rooms.places import make_places
from tests.rules.stage import free_slots
from tests.support import factories as make
from tests.support.application import make_app
from tests.support.cast import Cast, Person, make_person, membership
from tests.support.mailbox import Mailbox
from tests.support.race import race

ONE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def refused(error: type[DomainError], act: Callable[[], object]) -> str:
    with pytest.raises(error) as found:
        act()
    db.session.rollback()
    return found.value.code


def hide(person: Person, slug: str = "tilleul", before: str = "open") -> Club:
    """Turn a club discreet, under the first of the three names."""
    actions.prepare_door(person.actor, slug, "discreet")
    club = db.session.scalars(select(Club).where(Club.slug == slug)).one()
    plant = held_for(club_id=club.id)[0].slug
    return actions.change_door(person.actor, slug, Change("discreet", before, plant, "star", "night"))


def test_a_club_that_turns_discreet_has_another_name_and_address(context: None, cast: Cast) -> None:
    club = hide(cast.bruno)
    assert (club.door, club.history, club.tile, club.hue) == ("discreet", "joining", "star", "night")
    assert club.slug != "tilleul"
    assert club.plant != "Tilleul"
    assert list(db.session.scalars(select(RetiredSlug.slug))) == ["tilleul"]
    assert list(db.session.scalars(select(PlantHold))) == []
    revoked = set(db.session.scalars(select(Revocation.grant)))
    inside = select(Membership.id).where(Membership.club_id == club.id)
    assert revoked == {f"membership:{each}" for each in db.session.scalars(inside)}
    assert len(revoked) == 2
    row = db.session.scalars(select(LogRow).where(LogRow.club_id == club.id)).one()
    assert (row.kind, row.seq, club.seq) == ("club:door", 1, 1)
    entry = db.session.scalars(select(JournalEntry)).one()
    assert (entry.act, entry.by_role, entry.by_id, entry.facts) == (
        "door:changed", "lead", None, {"before": "open", "after": "discreet"}
    )  # fmt: skip


def test_of_two_leads_at_once_one_is_told(context: None, cast: Cast) -> None:
    with transaction():
        membership(cast.amina, "tilleul").role = "lead"
    actions.change_door(cast.bruno.actor, "tilleul", Change("on_request", "open"))
    late = Change("discreet", "open", "aulne", "star", "night")
    assert refused(Taken, lambda: actions.change_door(cast.amina.actor, "tilleul", late)) == "door_changed"
    hide(cast.amina, before="on_request")
    last = Change("open", "on_request")
    assert refused(NotFound, lambda: actions.change_door(cast.bruno.actor, "tilleul", last)) == "not_found"


def change_at_once(barrier: Any, url: str, person: Person, door: str, plant: str) -> str:
    app = make_app(url)
    with app.app_context():
        barrier.wait()
        try:
            actions.change_door(person.actor, "tilleul", Change(door, "open", plant, "star", "night"))
        except DomainError as error:
            return error.code
        return door


def test_the_database_keeps_one_of_two_changes(app: Flask, context: None, cast: Cast) -> None:
    with transaction():
        membership(cast.amina, "tilleul").role = "lead"
    actions.prepare_door(cast.bruno.actor, "tilleul", "discreet")
    plant = held_for(club_id=cast.clubs["tilleul"])[0].slug
    db.session.remove()
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    found = race(change_at_once, (url, cast.bruno, "discreet", plant), (url, cast.amina, "on_request", ""))
    # Who comes second finds another door, or no such address any more.
    club = db.session.get_one(Club, cast.clubs["tilleul"])
    assert sorted(found) in (["discreet", "not_found"], ["door_changed", "on_request"])
    assert (club.door in found, club.seq) == (True, 1)


@ONE
def test_what_each_reads_stays_and_requests_wait_on(context: None, cast: Cast) -> None:
    zoe, yan = make_person("zoe"), make_person("yan")
    join_club(zoe.actor, "glycine", "Zoé", "Je couds.")
    actions.change_door(cast.chloe.actor, "glycine", Change("open", "on_request"))
    join_club(yan.actor, "glycine", "Yan")
    rows = db.session.scalars(select(Membership).where(Membership.club_id == cast.clubs["glycine"]))
    assert sorted((row.name, row.active, row.first_seq) for row in rows) == [
        ("Chloé", True, 1), ("Yan", True, 2), ("Zoé", False, 1)
    ]  # fmt: skip


@ONE
def test_each_wrong_answer_is_refused(context: None, cast: Cast) -> None:
    actor = cast.bruno.actor
    plain = [
        (Change("open", "open"), "door_unknown"),
        (Change("wall", "open"), "door_unknown"),
        (Change("discreet", "open", "aulne", "star", "night"), "plant_unknown"),
    ]
    for change, code in plain:
        assert refused(Invalid, lambda asked=change: actions.change_door(actor, "tilleul", asked)) == code
    actions.prepare_door(actor, "tilleul", "discreet")
    held = held_for(club_id=cast.clubs["tilleul"])[0].slug
    for tile, hue, code in (("moon", "night", "tile_unknown"), ("leaves", "pine", "tile_same")):
        asked = Change("discreet", "open", held, tile, hue)
        assert refused(Invalid, lambda it=asked: actions.change_door(actor, "tilleul", it)) == code
    assert refused(NotAllowed, lambda: actions.prepare_door(cast.amina.actor, "tilleul", "discreet")) == "not_a_lead"
    assert refused(NotFound, lambda: actions.prepare_door(cast.chloe.actor, "tilleul", "discreet")) == "not_found"


@ONE
def test_a_club_does_not_draw_again_and_again(context: None, cast: Cast) -> None:
    slug, before = "tilleul", "open"
    for _time in range(3):
        club = hide(cast.bruno, slug, before)
        slug, before = club.slug, "on_request"
        actions.change_door(cast.bruno.actor, slug, Change("on_request", "discreet"))
        with transaction():
            row = db.session.get_one(Club, club.id)
            row.tile, row.hue = "ring", "sage"
    assert len(list(db.session.scalars(select(PlantDraw)))) == 3
    assert len(list(db.session.scalars(select(RetiredSlug)))) == 3
    assert refused(TooMany, lambda: actions.prepare_door(cast.bruno.actor, slug, "discreet")) == "too_many"


OUTSIDE = ("/", "/clubs", "/houses/canal/slots", "/api/v1/clubs", "/api/v1/houses/canal/slots?from=2000-01-01")
WORDS = ("45 ans et plus", "Tilleul", "tilleul", "Rencontre ouverte à tous")


@ONE
def test_nothing_is_left_outside(
    app: Flask, cast: Cast, visitor: Any, client_of: Callable[..., Any], api_of: Any, queries: Callable[[], Any],
    mailbox: Mailbox, run_jobs: Callable[[], int],
) -> None:  # fmt: skip
    with app.app_context():
        make_places()
        slots = free_slots()
        booked = claim_slot(cast.bruno.actor, Wish(slots[0], "tilleul", WORDS[3], public=True)).claim.id
        zoe = make_person("zoe")
        with transaction():
            club = db.session.get_one(Club, cast.clubs["tilleul"])
            club.door = "on_request"
            make.make_membership(db.session.get_one(make.Account, zoe.account_id), club, "Zoé", began_at=None)
            note("decision:remove", None, role="lead", club_id=club.id, about_id=zoe.account_id)
    week = f"/meetings/{booked}"
    pages = (*OUTSIDE, week)
    before = "".join(visitor.get(path).get_data(as_text=True) for path in pages)
    assert [word for word in WORDS if word not in before] == []
    own = ("/", "/account/journal")
    assert [path for path in own if "Club Tilleul" not in client_of(zoe).get(path).page.text] == []

    with app.app_context():
        club = hide(cast.bruno, before="on_request")
        assert db.session.scalars(select(Claim.public).where(Claim.id == booked)).one() is False
    run_jobs()
    chloe = client_of(cast.chloe)
    told = [reader.get(path).get_data(as_text=True) for reader in (visitor, chloe, client_of(zoe)) for path in pages]
    assert len(told) == 18
    told += [client_of(zoe).get(path).get_data(as_text=True) for path in own]
    secret = (*WORDS, club.plant, club.slug)
    assert [word for word in secret for text in told if word in text] == []
    assert mailbox.mails() == []
    home = client_of(zoe).get("/").page
    assert "Un club qui n’est plus affiché" in home.text

    for reader in (visitor, chloe, client_of(cast.denis), client_of(cast.bruno)):
        for ending in ("", "/join", "/requests", "/door", "/members"):
            told_apart(reader, queries, f"/clubs/tilleul{ending}", f"/clubs/tilleux{ending}")
    for ending in ("", "/changes?since=0", "/threads", "/members"):
        for program in (visitor, api_of(cast.bruno), api_of(cast.chloe)):
            told_apart(program, queries, f"/api/v1/clubs/tilleul{ending}", f"/api/v1/clubs/tilleux{ending}")


def told_apart(reader: Any, queries: Callable[[], Any], old: str, made_up: str) -> None:
    """The old address and one that never was: the same bytes, headers and number of statements."""
    with queries() as first:
        one = reader.get(old)
    with queries() as second:
        other = reader.get(made_up)
    assert (one.status_code, len(first)) == (other.status_code, len(second))
    assert one.get_data().replace(b"tilleul", b"tilleux") == other.get_data()
    assert (b"tilleul" in one.get_data()) == (b"tilleux" in other.get_data())
    assert {k: v for k, v in one.headers if k != "Set-Cookie"} == {
        k: v.replace("tilleux", "tilleul") for k, v in other.headers if k != "Set-Cookie"
    }
