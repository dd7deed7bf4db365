"""The team acts for a club that asked: by the leads' own rules, written down, and without a look inside."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.core.db import db
from app.core.errors import DomainError, NotFound, QuotaReached, Taken
from app.houses.journal import entries_of_club
from app.rooms.actions import Wish, claim_slot
from app.rooms.behalf.actions import (
    answer_swap_for_club,
    ask_swap_for_club,
    claim_for_club,
    release_for_club,
    withdraw_swap_for_club,
)
from app.rooms.models import Claim
from app.rooms.series.models import ClaimSwap
from app.rooms.series.show import history_of
from tests.rooms.places import TUESDAY, claims, club, slot
from tests.support import clients
from tests.support.cast import Cast, Person
from tests.support.mailbox import Mailbox, words_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
CLUBS = {"bruno": "tilleul", "chloe": "glycine", "dario": "romarin"}
LATER = date(2026, 11, 12)
ASKED = "Par l’accueil, à la demande du club."


def take(person: Person, room: str = "salle-1", day: date = TUESDAY) -> Claim:
    return claim_slot(person.actor, Wish(slot(room, day).id, CLUBS[person.key], "Relire son CV")).claim


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def acts_of(slug: str) -> list[tuple[str, str]]:
    return [(entry.act, entry.by_role) for entry in entries_of_club(club(slug).id)]


def said_of(claim: Claim) -> list[bool]:
    """Of each line of its history: does it say that the club asked the desk?"""
    return [ASKED in line for _icon, line in history_of([claim.id])]


@pytest.mark.usefixtures("context")
def test_a_slot_is_claimed_by_the_rules_of_the_club(places: Cast) -> None:
    on = slot()
    made = claim_for_club(places.denis.actor, on.id, "romarin", 5)
    assert (made.club_id, made.made_by_id, made.title, made.public) == (club("romarin").id, None, "Rencontre", False)
    assert claim_for_club(places.denis.actor, on.id, "romarin", 5).id == made.id
    assert acts_of("romarin") == [("claim:desk-claimed", "facilitator")]
    with pytest.raises(Taken) as taken:
        claim_for_club(places.denis.actor, on.id, "tilleul", 1)
    assert (taken.value.code, len(taken.value.extra["alternatives"])) == ("slot_taken", 3)
    assert refusal(lambda: claim_for_club(places.denis.actor, slot("salle-1", LATER).id, "tilleul", 20)) == (
        "size_too_big"
    )
    for clock in ("10:00", "14:00"):
        claim_for_club(places.denis.actor, slot("salle-1", TUESDAY, clock).id, "romarin", 1)
    claim_for_club(places.denis.actor, slot("atelier").id, "romarin", 1)
    with pytest.raises(QuotaReached):
        claim_for_club(places.denis.actor, slot("salle-1", LATER).id, "romarin", 1)
    assert [said_of(one) for one in claims()] == [[True]] * 4


@pytest.mark.usefixtures("context")
def test_only_the_team_of_the_house_and_only_for_its_clubs(places: Cast) -> None:
    claim, on, away = take(places.bruno), slot("atelier").id, slot("quai").id
    for someone in (places.bruno, places.dario):
        for act in (
            lambda who=someone: claim_for_club(who.actor, on, "tilleul", 1),
            lambda who=someone: release_for_club(who.actor, claim.id),
            lambda who=someone: ask_swap_for_club(who.actor, claim.id, on),
        ):
            with pytest.raises(NotFound):
                act()
    for slot_id, slug in ((away, "tilleul"), (on, "nulle-part")):
        with pytest.raises(NotFound):
            claim_for_club(places.denis.actor, slot_id, slug, 1)
    assert [one.id for one in claims()] == [claim.id]


@pytest.mark.usefixtures("context")
def test_a_slot_is_given_back_once(places: Cast) -> None:
    claim = take(places.dario)
    release_for_club(places.denis.actor, claim.id)
    assert (claims(), slot().state, acts_of("romarin")) == ([], "free", [("claim:desk-released", "facilitator")])
    assert said_of(claim) == [False, True]
    assert refusal(lambda: release_for_club(places.denis.actor, claim.id)) == "not_found"


@pytest.mark.usefixtures("context")
def test_an_exchange_is_proposed_and_answered_at_the_desk(places: Cast) -> None:
    ours, theirs = take(places.dario), take(places.chloe, "atelier")
    ask_swap_for_club(places.denis.actor, ours.id, slot("atelier").id)
    first = db.session.scalars(db.select(ClaimSwap)).one()
    with pytest.raises(NotFound):
        answer_swap_for_club(places.bruno.actor, first.id, yes=True)
    withdraw_swap_for_club(places.denis.actor, first.id)
    ask_swap_for_club(places.denis.actor, ours.id, slot("atelier").id)
    second = db.session.scalars(db.select(ClaimSwap).where(ClaimSwap.outcome.is_(None))).one()
    answer_swap_for_club(places.denis.actor, second.id, yes=True)
    assert [db.session.get_one(ClaimSwap, one.id).outcome for one in (first, second)] == ["withdrawn", "accepted"]
    found = {claim.club_id: claim.room_id for claim in claims()}
    assert (found[club("romarin").id], found[club("glycine").id]) == (slot("atelier").room.id, slot().room.id)
    assert acts_of("glycine") == [("claim:desk-answered", "facilitator")]
    assert [act for act, _who in acts_of("romarin")] == ["claim:desk-asked", "claim:desk-answered", "claim:desk-asked"]
    assert said_of(theirs) == [False, True]
    assert refusal(lambda: answer_swap_for_club(places.denis.actor, second.id, yes=True)) == "swap_ended"


def test_the_desk_does_it_by_plain_pages_and_sees_nothing_inside(
    app: Flask, places: Cast, claimed: Callable[..., str]
) -> None:
    theirs = claimed(places.chloe, "glycine", "atelier")
    team = clients.client_of(app, places.denis)
    week = team.get("/houses/canal/slots?room=salle-1&week=2026-W46").page
    with app.app_context():
        path = f"/desk/slots/{slot().id}/claim"
        there = slot("atelier").id
    assert path in week.links
    assert team.submit(path, {"club": "", "size": "1"}).status_code == 422
    answer = team.submit(path, {"club": "romarin", "size": "1"})
    assert answer.status_code == 303
    refused = team.submit(path, {"club": "glycine", "size": "1"})
    choices = [link for link in refused.page.links if link.startswith("/desk/slots/") and link != path]
    assert (refused.status_code, len(choices)) == (409, 3)
    page = team.get(answer.location).text
    assert ("Romarin" in page, "Rencontre" in page, "Dario" in page) == (True, False, False)
    assert team.submit(f"{answer.location}/swap", {"slot": there}).status_code == 303
    asked = team.get(f"/desk/claims/{theirs}").text
    # Who asks is not said to the club that was asked: its people stand at the desk and may see the screen.
    assert ("Un échange est proposé" in asked, "Romarin" in asked, "Jouer" in asked) == (True, False, False)
    assert team.submit(f"{answer.location}/release").status_code == 303
    assert team.get(answer.location).status_code == 404


def test_the_leads_are_told_and_the_mail_names_no_club(
    app: Flask, places: Cast, run_jobs: Callable[[], object], mailbox: Mailbox
) -> None:
    with app.app_context():
        made: Any = claim_for_club(places.denis.actor, slot().id, "romarin", 1).id
    run_jobs()
    [mail] = mailbox.to(places.dario.email)
    text = words_of(mail)
    assert (mail["Subject"], f"/claims/{made}" in text) == ("Fait par l’accueil, pour vous", True)
    assert [name for name in ("Romarin", "romarin", "Denis") if name in text] == []
    journal = clients.client_of(app, places.dario).get("/clubs/romarin/journal").text
    assert "L’accueil réserve une salle, à la demande du club." in journal
