"""An evening that opens only if enough clubs commit; who is known to the team for it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from app.core import retention
from app.core.db import db, transaction
from app.core.errors import NotFound
from app.houses.journal import all_entries, entries_of_club
from app.rooms.actions import Wish, claim_slot, release_claim
from app.rooms.evenings.actions import Condition, lift_rule, set_rule
from app.rooms.evenings.bounds import decided_on
from app.rooms.evenings.deciding import decide
from app.rooms.evenings.holders import say_holder
from app.rooms.evenings.models import EveningRule, KeyHolder
from app.rooms.models import Claim, Closure, Span
from app.rooms.series import swaps
from app.rooms.waiting.actions import Wait, hold_slot, wait_for_slot
from app.rooms.waiting.jobs import look
from tests.rooms.conditions import DECIDED, EVENING, SECOND, mails, refusal, said_of, states, take, wait_for
from tests.rooms.places import claims, club, house, slot
from tests.support import clients
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.mark.usefixtures("context")
def test_with_one_club_too_few_the_evening_is_shut_and_its_clubs_are_told(
    places: Cast, monday: time_machine.Traveller
) -> None:
    rule = wait_for(places, 3)
    take(places.chloe)
    take(places.dario, "atelier")
    before = mails()
    monday.move_to(DECIDED)
    decide(rule.id)
    assert said_of(rule) == (False, True)
    assert (states(), claims()) == (("closed", "closed"), [])
    assert {(one.reason, one.room_id is None) for one in db.session.scalars(db.select(Closure))} == {
        ("Pas assez de clubs", False)
    }
    assert slot("salle-1", EVENING, "14:00").state == "free"
    assert mails() == before + 2
    assert [entry.act for entry in entries_of_club(club("romarin").id)][:1] == ["evening:dropped"]


@pytest.mark.usefixtures("context")
def test_with_enough_clubs_it_opens_and_stays_open(places: Cast, monday: time_machine.Traveller) -> None:
    rule = wait_for(places, 2)
    first, _second = take(places.chloe), take(places.dario, "atelier")
    before = mails()
    monday.move_to(DECIDED)
    decide(rule.id)
    assert (said_of(rule), states(), mails()) == ((True, True), ("claimed", "claimed"), before + 2)
    release_claim(places.chloe.actor, first.id)
    decide(rule.id)
    assert (said_of(rule), states(), mails()) == ((True, True), ("free", "claimed"), before + 2)


@pytest.mark.usefixtures("context")
def test_a_club_that_booked_twice_is_one_and_one_that_gave_back_is_none(
    places: Cast, monday: time_machine.Traveller
) -> None:
    rule = wait_for(places, 2)
    gone = take(places.chloe)
    take(places.dario, "atelier")
    release_claim(places.chloe.actor, gone.id)
    take(places.dario)
    monday.move_to(DECIDED)
    decide(rule.id)
    assert (said_of(rule), states()) == ((False, True), ("closed", "closed"))


@pytest.mark.usefixtures("context")
def test_it_is_decided_exactly_seven_days_before(
    places: Cast, monday: time_machine.Traveller, run_jobs: Callable[[], object]
) -> None:
    rule = wait_for(places, 2)
    take(places.chloe)
    monday.move_to(DECIDED - SECOND, tick=False)
    decide(rule.id)
    assert (said_of(rule), states()) == ((None, False), ("claimed", "free"))
    monday.move_to(DECIDED, tick=False)
    run_jobs()
    # What another session wrote is seen from here on.
    db.session.rollback()
    assert (said_of(rule), states()) == ((False, True), ("closed", "closed"))


@pytest.mark.usefixtures("context")
def test_killed_half_way_nothing_of_it_is_there_and_it_runs_again(places: Cast, monday: time_machine.Traveller) -> None:
    rule = wait_for(places, 2)
    take(places.chloe)
    before = mails()
    monday.move_to(DECIDED)
    with pytest.raises(KeyboardInterrupt), transaction():
        decide(rule.id)
        assert states() == ("closed", "closed")
        raise KeyboardInterrupt
    assert (said_of(rule), states(), mails()) == ((None, False), ("claimed", "free"), before)
    for _again in range(3):
        decide(rule.id)
        assert (said_of(rule), states(), mails()) == ((False, True), ("closed", "closed"), before + 1)


@pytest.mark.usefixtures("context")
def test_an_evening_that_does_not_open_is_not_offered_on(places: Cast, monday: time_machine.Traveller) -> None:
    rule = wait_for(places, 3)
    take(places.chloe)
    wait_for_slot(places.bruno.actor, Wait(slot("salle-1", EVENING).id, "tilleul"))
    monday.move_to(DECIDED)
    hold_slot(places.dario.actor, slot("atelier", EVENING).id, "romarin")
    decide(rule.id)
    look()
    kept = db.session.scalars(db.select(Span).where(Span.hold_id.is_not(None))).all()
    assert (kept, states()) == ([], ("closed", "closed"))


@pytest.mark.usefixtures("context")
def test_a_clock_that_stood_still_until_the_evening_turns_nobody_away(
    places: Cast, monday: time_machine.Traveller
) -> None:
    rule = wait_for(places, 2)
    take(places.chloe)
    before = mails()
    monday.move_to(slot("salle-1", EVENING).start)
    decide(rule.id)
    assert (said_of(rule), states(), mails()) == ((True, True), ("claimed", "free"), before)


@pytest.mark.usefixtures("context")
def test_a_condition_is_set_only_where_it_can_still_be_told(places: Cast) -> None:
    today = date(2026, 11, 2)
    take(places.chloe)
    before = mails()

    def asked(day: date, clubs: int = 2, until: date | None = None) -> str:
        return refusal(lambda: set_rule(places.denis.actor, "canal", Condition(day, clubs, until)))

    assert asked(today + timedelta(days=7)) == "day_soon"
    assert asked(EVENING, 1) == "clubs_number"
    assert asked(EVENING, 2, EVENING - timedelta(days=7)) == "days_order"
    assert asked(date(2026, 12, 25)) == "no_slot"
    assert asked(date(2027, 12, 1)) == "day_far"
    take(places.dario, "atelier")
    assert (asked(EVENING), mails()) == ("enough", before)
    wait_for(places, 3)
    assert (asked(EVENING, 4), mails()) == ("rule_there", before + 2)
    assert [entry.act for entry in entries_of_club(club("glycine").id)] == ["evening:conditioned"]
    with pytest.raises(NotFound):
        set_rule(places.bruno.actor, "canal", Condition(EVENING, 2))
    wait_for(places, 2, today + timedelta(days=8))


@pytest.mark.usefixtures("context")
def test_each_evening_of_a_weekday_is_a_condition_of_its_own(places: Cast, monday: time_machine.Traveller) -> None:
    found = set_rule(places.denis.actor, "canal", Condition(date(2026, 12, 11), 2, date(2027, 1, 8)))
    # The 25th of December and the 1st of January list no slot.
    assert [rule.day for rule in found] == [date(2026, 12, 11), date(2026, 12, 18), date(2027, 1, 8)]
    take(places.chloe, day=date(2026, 12, 18))
    before = mails()
    lift_rule(places.denis.actor, "canal", found[1].id)
    assert mails() == before + 1
    assert [entry.act for entry in all_entries()][:2] == ["evening:lifted", "evening:lifted"]
    monday.move_to(decided_on(date(2026, 12, 18), ZoneInfo("Europe/Paris")))
    decide(found[1].id)
    assert slot("salle-1", date(2026, 12, 18)).state == "claimed"
    with pytest.raises(NotFound):
        lift_rule(places.denis.actor, "canal", found[1].id)


def test_mails_name_no_club_and_give_three_moments(
    app: Flask, places: Cast, monday: time_machine.Traveller, run_jobs: Callable[[], object], mailbox: Mailbox
) -> None:
    with app.app_context():
        wait_for(places, 3)
        wait_for(places, 2, date(2026, 11, 24))
        take(places.chloe)
        take(places.dario, "atelier")
    monday.move_to(DECIDED)
    run_jobs()
    found = mailbox.mails()
    assert [mail["Subject"] for mail in found] == ["Votre soirée n’ouvre pas"] * 2
    texts = [mail.get_body(("plain",)).get_content().replace("\u00a0", " ") for mail in found]
    assert [text.count("\n- ") for text in texts] == [3, 3]
    assert ["mardi 24 novembre, 18 h 30" in text for text in texts] == [False, False]
    everything = "\n".join([*texts, *(str(mail) for mail in found)])
    names = ("Tilleul", "Glycine", "Romarin", "Chloé", "Dario")
    assert [name for name in names if name in everything] == []


def test_the_condition_is_said_before_anything_is_sent(app: Flask, places: Cast, slot_id: Callable[..., str]) -> None:
    path = f"/slots/{slot_id('salle-1', EVENING)}/claim"
    page = clients.client_of(app, places.bruno)
    words = {"club": "tilleul", "title": "Relire", "shown_if": "", "holder": "later"}
    page.get(path)
    with app.app_context():
        rule = wait_for(places, 2).id
        take(places.dario, "atelier")
    answer = page.send(path, words, on=path)
    assert (answer.status_code, "Cette soirée a une condition" in answer.text) == (409, True)
    assert "si 2 clubs s’engagent" in answer.text.replace("\u00a0", " ")
    assert "1 sur 2" in answer.text.replace("\u00a0", " ")
    assert page.send(path, {**words, "shown_if": rule}, on=path).status_code == 303
    week = clients.visitor(app).get("/houses/canal/slots?room=atelier&week=2026-W47").text.replace("\u00a0", " ")
    assert (week.count("si 2 clubs viennent"), "Romarin" in week) == (1, False)


def test_the_condition_is_said_before_one_moves_or_exchanges_there(app: Flask, places: Cast) -> None:
    day = date(2026, 11, 12)
    with app.app_context():
        mine, theirs = take(places.bruno, "atelier", day), take(places.chloe)
        wait_for(places, 3)
        swap = swaps.ask_swap(places.chloe.actor, theirs.id, slot("atelier", day).id)
        pages = [f"/claims/{mine.id}/move/{slot('atelier', EVENING).id}", f"/swaps/{swap.id}"]
    bruno = clients.client_of(app, places.bruno)
    said = "Cette soirée ouvre seulement si 3 clubs s’engagent."
    assert [said in bruno.get(each).page.text for each in pages] == [True, True]


def test_another_club_learns_a_number_and_never_which(app: Flask, places: Cast, claimed: Callable[..., str]) -> None:
    with app.app_context():
        wait_for(places, 3)
    mine = claimed(places.bruno, "tilleul", "salle-1", EVENING)
    claimed(places.dario, "romarin", "atelier", EVENING)
    page = clients.client_of(app, places.bruno).get(f"/claims/{mine}").text.replace("\u00a0", " ")
    assert ("2 sur 3" in page, "omarin" in page) == (True, False)


def test_who_closes_is_kept_only_under_a_yes_and_read_by_the_team_alone(
    app: Flask, places: Cast, monday: time_machine.Traveller, slot_id: Callable[..., str]
) -> None:
    path, page = f"/slots/{slot_id('salle-1', EVENING)}/claim", clients.client_of(app, places.bruno)
    words = {"club": "tilleul", "title": "Relire", "holder_name": "Madame K."}
    assert page.send(path, {**words, "holder": "later"}, on=path).status_code == 422
    assert page.send(path, {**words, "holder": "known", "holder_name": ""}, on=path).status_code == 422
    answer = page.send(path, {**words, "holder": "known"}, on=path)
    assert answer.status_code == 303
    claim = re.fullmatch(r"/claims/(\w+)", answer.location)
    assert claim is not None
    own = page.get(answer.location).text
    assert ("accepté d’être connue" in own, "Madame K." in own) == (True, False)
    assert "Madame K." not in page.get(f"/claims/{claim[1]}/key").text
    # The button alone erases nobody's name.
    assert page.submit(f"/claims/{claim[1]}/key").status_code == 422
    monday.move_to(datetime(2026, 11, 17, 9, 0, tzinfo=UTC))
    team = clients.client_of(app, places.denis)
    sheet = team.get("/desk/evening").text
    with app.app_context():
        word = db.session.get_one(Claim, claim[1]).door_word
    assert [each in sheet for each in ("Madame K.", word, "On ne demande aucun nom de membre.")] == [True] * 3
    assert "Madame K." not in team.get("/desk").text
    page = clients.client_of(app, places.bruno)
    assert page.submit(f"/claims/{claim[1]}/key", {"holder": "later", "holder_name": ""}).status_code == 303
    assert "Madame K." not in team.get("/desk/evening").text


@pytest.mark.usefixtures("context")
def test_a_name_goes_with_the_room_and_three_days_after_the_evening(
    places: Cast, monday: time_machine.Traveller
) -> None:
    claim, other = take(places.chloe, holder="Madame K."), take(places.dario, "atelier", holder="Un voisin")
    morning = slot("salle-1", EVENING, "10:00").id
    day = claim_slot(places.bruno.actor, Wish(morning, "tilleul", "Relire", holder="Personne")).claim
    assert refusal(lambda: say_holder(places.bruno.actor, day.id, "Encore")) == "not_found"
    assert refusal(lambda: say_holder(places.bruno.actor, claim.id, "Encore")) == "not_found"
    assert refusal(lambda: say_holder(places.chloe.actor, claim.id, "K" * 61)) == "holder_too_long"
    say_holder(places.chloe.actor, claim.id, "Madame L.")
    assert sorted(db.session.scalars(db.select(KeyHolder.name))) == ["Madame L.", "Un voisin"]
    release_claim(places.chloe.actor, claim.id)
    assert db.session.scalars(db.select(KeyHolder.claim_id)).all() == [other.id]
    wait_for(places, 2, date(2026, 11, 24))
    for moment, left in ((other.ends_at + timedelta(days=3), 1), (other.ends_at + timedelta(days=3, seconds=2), 0)):
        monday.move_to(moment, tick=False)
        list(retention.run(["rooms:keys", "rooms:evenings"]))
        assert db.session.query(KeyHolder).count() == left
    assert db.session.query(EveningRule).count() == 1
    monday.move_to(datetime(2026, 11, 28, 17, 0, tzinfo=UTC), tick=False)
    list(retention.run(["rooms:evenings"]))
    assert db.session.query(EveningRule).count() == 0


def test_the_team_sets_and_lifts_it_on_its_pages(app: Flask, places: Cast) -> None:
    team, new = clients.client_of(app, places.denis), "/houses/canal/evenings/new"
    said = {"day": "2026-11-17", "until": "", "clubs": "2"}
    assert team.submit(new, {**said, "day": "2026-11-09"}).status_code == 422
    assert team.submit(new, {**said, "clubs": "1"}).status_code == 422
    assert team.submit(new, said).status_code == 303
    assert team.submit(new, said).status_code == 409
    page = team.get("/houses/canal/rooms").text.replace("\u00a0", " ")
    assert ("mardi 17 novembre" in page, "Clubs : 0 sur 2" in page) == (True, True)
    with app.app_context():
        rule = db.session.scalars(db.select(EveningRule.id)).one()
        assert house("canal").id == db.session.get_one(EveningRule, rule).house_id
    assert team.submit(f"/houses/canal/evenings/{rule}/lift").status_code == 303
    assert team.get(f"/houses/canal/evenings/{rule}/lift").status_code == 404
