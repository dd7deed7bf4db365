"""A closure that hits claims: nothing is shut before each has its answer, then all of it at once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from app.clubs.models import Change
from app.core.clock import now
from app.core.db import db
from app.core.errors import Invalid, NotFound
from app.houses.journal import entries_of_club
from app.meetings.actions import answer_meeting
from app.meetings.models import Rsvp
from app.rooms.actions import Wish, claim_slot, release_claim
from app.rooms.closures.actions import SlotLost, Unanswered, close, end_told, lift
from app.rooms.closures.queries import Plan
from app.rooms.models import Claim, Closure, Span
from tests.rooms.places import TUESDAY, claims, club, slot
from tests.support import clients
from tests.support.cast import Cast, Person
from tests.support.mailbox import Mailbox

PLAN = Plan("", TUESDAY, TUESDAY, "Maison fermée, travaux")
LATER = date(2026, 11, 17)


def take(person: Person, slug: str, *where: Any) -> Claim:
    return claim_slot(person.actor, Wish(slot(*where).id, slug, "Rencontre")).claim


def kinds(slug: str) -> list[str]:
    rows = db.session.scalars(db.select(Change).where(Change.club_id == club(slug).id).order_by(Change.seq))
    return [row.kind for row in rows if row.kind.startswith("claim:")]


def state(*where: Any) -> str:
    return slot(*where).state


@pytest.mark.usefixtures("context")
def test_nothing_is_shut_before_every_claim_has_its_answer(places: Cast) -> None:
    one, other = take(places.bruno, "tilleul"), take(places.chloe, "glycine", "atelier")
    for answers in ({}, {one.id: "cancel"}, {one.id: "cancel", other.id: "perhaps"}):
        with pytest.raises(Unanswered):
            close(places.denis.actor, "canal", PLAN, answers)
    assert (len(claims()), db.session.scalars(db.select(Closure)).all(), kinds("tilleul")) == (2, [], ["claim:made"])


@pytest.mark.usefixtures("context")
def test_each_answer_has_its_effect_in_one_transaction(places: Cast, run_jobs: Any, mailbox: Mailbox) -> None:
    told, moved = take(places.bruno, "tilleul"), take(places.bruno, "tilleul", "salle-1", TUESDAY, "10:00")
    cancelled = take(places.chloe, "glycine", "atelier")
    target = slot("salle-1", LATER, "10:00").id
    answers = {told.id: "tell", moved.id: f"move:{target}", cancelled.id: "cancel"}
    closure = close(places.denis.actor, "canal", PLAN, answers)
    living = {claim.id: claim for claim in claims()}
    assert set(living) == {told.id, moved.id}
    assert living[moved.id].starts_at.astimezone(ZoneInfo("Europe/Paris")).date() == LATER
    assert (state(), state("salle-1", TUESDAY, "10:00"), state("atelier")) == ("claimed", "closed", "closed")
    assert state("salle-1", LATER, "10:00") == "claimed"
    assert kinds("tilleul") == ["claim:made", "claim:made", "claim:released", "claim:made"]
    assert kinds("glycine") == ["claim:made", "claim:released"]
    assert [e.act for e in entries_of_club(club("tilleul").id)] == ["claim:moved", "claim:told"]
    assert [(e.act, e.subject_id) for e in entries_of_club(club("glycine").id)] == [("claim:cancelled", cancelled.id)]
    assert db.session.scalars(db.select(Span).where(Span.closure_id == closure.id)).all() != []


def test_leads_are_told_without_the_name_of_a_club(app: Flask, places: Cast, run_jobs: Any, mailbox: Mailbox) -> None:
    with app.app_context():
        told, moved = take(places.bruno, "tilleul"), take(places.bruno, "tilleul", "salle-1", TUESDAY, "10:00")
        cancelled = take(places.chloe, "glycine", "atelier")
        target = slot("salle-1", LATER, "10:00").id
        answers = {told.id: "tell", moved.id: f"move:{target}", cancelled.id: "cancel"}
        close(places.denis.actor, "canal", PLAN, answers)
    run_jobs()
    mails = mailbox.mails()
    assert sorted(mail["Subject"] for mail in mails) == [
        "La salle est fermée",
        "La salle ferme ce jour-là",
        "Le rendez-vous change",
    ]
    texts = "\n".join(mail.get_body(("plain",)).get_content() for mail in mails)
    assert "Salle 1, mardi 10 novembre, 18 h 30 – 20 h 30" in texts.replace("\u00a0", " ")
    assert texts.count("- ") >= 3
    assert [name for name in ("Tilleul", "Glycine", "Bruno", "Chloé") if name in texts] == []


@pytest.mark.usefixtures("context")
def test_who_comes_follows_the_claim(places: Cast) -> None:
    moved = take(places.bruno, "tilleul")
    answer_meeting(places.amina.actor, moved.id, "yes")
    close(places.elise.actor, "canal", PLAN, {moved.id: f"move:{slot('atelier', LATER).id}"})
    (said,) = db.session.scalars(db.select(Rsvp))
    assert (said.meeting_id, said.answer, claims()[0].id) == (moved.id, "yes", moved.id)


@pytest.mark.usefixtures("context")
def test_what_was_left_standing_is_cancelled_48_hours_before(
    places: Cast, monday: time_machine.Traveller, run_jobs: Any
) -> None:
    told = take(places.bruno, "tilleul")
    close(places.denis.actor, "canal", PLAN, {told.id: "tell"})
    run_jobs()
    assert len(claims()) == 1
    monday.move_to(datetime(2026, 11, 7, 23, 1, tzinfo=ZoneInfo("UTC")))
    run_jobs()
    db.session.rollback()
    assert (claims(), state()) == ([], "closed")
    assert kinds("tilleul") == ["claim:made", "claim:released"]


@pytest.mark.usefixtures("context")
def test_a_told_club_that_gives_back_leaves_the_time_shut(places: Cast) -> None:
    told = take(places.bruno, "tilleul")
    close(places.denis.actor, "canal", PLAN, {told.id: "tell"})
    release_claim(places.bruno.actor, told.id)
    assert (state(), slot().why) == ("closed", "Maison fermée, travaux")


@pytest.mark.usefixtures("context")
def test_too_late_to_let_the_club_choose(places: Cast, monday: time_machine.Traveller) -> None:
    told = take(places.bruno, "tilleul")
    monday.move_to(datetime(2026, 11, 8, 8, 0, tzinfo=ZoneInfo("UTC")))
    with pytest.raises(Unanswered):
        close(places.denis.actor, "canal", PLAN, {told.id: "tell"})


@pytest.mark.usefixtures("context")
def test_a_slot_lost_meanwhile_undoes_everything(places: Cast) -> None:
    moved, other = take(places.bruno, "tilleul"), take(places.chloe, "glycine", "atelier")
    target = slot("salle-1", LATER).id
    take(places.chloe, "glycine", "salle-1", LATER)
    with pytest.raises(SlotLost) as lost:
        close(places.denis.actor, "canal", PLAN, {moved.id: f"move:{target}", other.id: "cancel"})
    assert (lost.value.claim_id, len(claims()), state("atelier")) == (moved.id, 3, "claimed")


@pytest.mark.usefixtures("context")
def test_two_claims_cannot_move_to_one_slot(places: Cast) -> None:
    one, other = take(places.bruno, "tilleul"), take(places.chloe, "glycine", "atelier")
    target = slot("salle-1", LATER).id
    with pytest.raises(SlotLost):
        close(places.denis.actor, "canal", PLAN, {one.id: f"move:{target}", other.id: f"move:{target}"})
    assert (state(), state("atelier"), state("salle-1", LATER)) == ("claimed", "claimed", "free")


@pytest.mark.usefixtures("context")
def test_a_move_stays_in_the_house_and_out_of_the_closure(places: Cast) -> None:
    moved = take(places.bruno, "tilleul")
    for target in (slot("quai", LATER, "10:00").id, slot("atelier", TUESDAY, "10:00").id, "x" * 26):
        with pytest.raises(SlotLost):
            close(places.denis.actor, "canal", PLAN, {moved.id: f"move:{target}"})


@pytest.mark.usefixtures("context")
def test_lifting_opens_again_but_for_another_closure(places: Cast) -> None:
    first = close(places.denis.actor, "canal", PLAN, {})
    close(places.denis.actor, "canal", Plan("atelier", TUESDAY, TUESDAY, "Peinture"), {})
    lift(places.denis.actor, "canal", first.id)
    assert (state(), state("atelier"), slot("atelier").why) == ("free", "closed", "Peinture")


@pytest.mark.usefixtures("context")
def test_a_lifted_closure_ends_nothing_any_more(places: Cast) -> None:
    told = take(places.bruno, "tilleul")
    closure = close(places.denis.actor, "canal", PLAN, {told.id: "tell"})
    lift(places.denis.actor, "canal", closure.id)
    end_told(closure.id)
    assert [claim.id for claim in claims()] == [told.id]


@pytest.mark.usefixtures("context")
def test_nobody_from_elsewhere_shuts_a_house(places: Cast) -> None:
    closure = close(places.denis.actor, "canal", PLAN, {})
    for who in (places.bruno, places.amina):
        with pytest.raises(NotFound):
            close(who.actor, "canal", PLAN, {})
    with pytest.raises(NotFound):
        close(places.denis.actor, "port", PLAN, {})
    with pytest.raises(NotFound):
        lift(places.denis.actor, "port", closure.id)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_page_asks_for_each_claim_and_says_what_changed(
    app: Flask, places: Cast, claimed: Callable[..., str], slot_id: Callable[..., str]
) -> None:
    one = claimed(places.bruno, "tilleul")
    client = clients.client_of(app, places.denis)
    sent = {"what": "", "since": "2026-11-10", "until": "2026-11-10", "say": "Travaux"}
    asked = client.send("/houses/canal/closures/new", sent)
    assert (asked.status_code, asked.page.h1) == (200, "Des clubs ont réservé")
    assert "Club Tilleul" in asked.page.main
    assert "mardi 10 novembre, 18 h 30 – 20 h 30, Salle 1".upper()[1:] in asked.page.main.upper()
    form = asked.page.form("/houses/canal/closures/new").fields
    unanswered = client.post("/houses/canal/closures/new", data=form)
    assert (unanswered.status_code, unanswered.page.title[:8]) == (422, "Erreur :")
    other = claimed(places.chloe, "glycine", "atelier")
    changed = client.post("/houses/canal/closures/new", data={**form, f"answer-{one}": "cancel"})
    assert (changed.status_code, "Cela a changé" in changed.page.main) == (409, True)
    again = changed.page.form("/houses/canal/closures/new").fields
    assert again[f"answer-{one}"] == "cancel"
    done = client.post("/houses/canal/closures/new", data={**again, f"answer-{other}": "tell"})
    assert (done.status_code, done.location) == (303, "/houses/canal/rooms")
    page = client.get("/houses/canal/rooms").page
    assert "mardi 10 novembre" in page.main
    (lifting,) = [link for link in page.links if link.endswith("/lift")]
    assert client.submit(lifting).location == "/houses/canal/rooms"


@pytest.mark.usefixtures("context")
def test_closures_of_the_past_and_backwards_are_refused(places: Cast) -> None:
    today = now().date()
    for plan in (
        Plan("", today - timedelta(days=1), today, "Hier"),
        Plan("", LATER, TUESDAY, "À l’envers"),
        Plan("", TUESDAY, TUESDAY, ""),
    ):
        with pytest.raises(Invalid):
            close(places.denis.actor, "canal", plan, {})
