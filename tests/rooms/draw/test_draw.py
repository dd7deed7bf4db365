"""A scarce slot waits for its draw; at the close it is drawn once, and what nobody won is first come."""

import hashlib
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from app.clubs.models import Change
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotAllowed, NotFound, Taken
from app.core.models import Job
from app.houses.journal import entries_of_club
from app.rooms.actions import Wish, claim_slot, close_room
from app.rooms.draw.actions import hold_draw, open_draws, rank_wishes, type_wishes
from app.rooms.draw.gate import SlotInDraw
from app.rooms.draw.models import DrawBid
from app.rooms.draw.queries import bid_of, label_of
from app.rooms.draw.record import faults_of
from app.rooms.draw.standings import minutes_of, standings
from app.rooms.draw.weeks import closes_at, next_week
from app.rooms.models import Claim, Hold
from app.rooms.series.actions import claim_series
from app.rooms.series.changes import move_part
from app.rooms.sessions.actions import SessionWish, ask_session
from app.rooms.waiting.actions import Wait, hold_slot, wait_for_slot
from tests.rooms.draw.conftest import CLOSE, FRIDAY, THURSDAY, WEEK, close, draws, evening, make_scarce
from tests.rooms.places import claims, club, house, room, slot
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]


def bid(slug: str) -> DrawBid:
    found = bid_of(draws()[0], club(slug).id)
    assert found is not None
    return found


def test_the_next_draw_is_there_once_with_the_hash_of_a_seed_that_nobody_reads(scarce: Cast) -> None:
    open_draws()
    (draw,) = draws()
    assert (draw.week, draw.closes_at, draw.record) == (WEEK, CLOSE, None)
    assert len(draw.seed_hash) == 64
    assert draw.seed_hash not in draw.seed_sealed
    assert [(job.run_at, job.payload) for job in db.session.scalars(db.select(Job)) if job.kind == "draw:hold"] == [
        (CLOSE, {"draw": draw.id})
    ]


def test_a_house_without_a_scarce_slot_has_no_draw(places: Cast) -> None:
    open_draws()
    assert draws() == []


def test_wishes_close_on_sunday_evening_on_the_clock_of_the_house(places: Cast) -> None:
    port = house("port")
    closing = closes_at(port, WEEK).astimezone(ZoneInfo("Pacific/Auckland"))
    assert f"{closing:%A %d %H:%M}" == "Sunday 08 20:00"
    assert closes_at(port, WEEK) != closes_at(house("canal"), WEEK)


def test_the_week_moves_on_at_the_minute_of_the_close(places: Cast, monday: time_machine.Traveller) -> None:
    monday.move_to(CLOSE - timedelta(seconds=1), tick=False)
    assert next_week(house("canal")) == WEEK
    monday.move_to(CLOSE, tick=False)
    assert next_week(house("canal")) == WEEK + timedelta(days=7)


def test_claim_slot_when_it_waits_for_its_draw(scarce: Cast) -> None:
    with pytest.raises(SlotInDraw) as refused:
        claim_slot(scarce.bruno.actor, Wish(evening(), "tilleul", "Rencontre"))
    assert (refused.value.status, refused.value.code) == (409, "slot_in_draw")
    assert len(refused.value.extra["alternatives"]) == 3
    assert (slot("salle-1", THURSDAY).in_draw, slot("salle-1", THURSDAY).open, claims()) == (True, False, [])
    # A later week stays in the draw to come; one that was drawn before anybody marked it is first come.
    assert slot("salle-1", THURSDAY + timedelta(days=7)).in_draw
    assert slot("salle-1", THURSDAY - timedelta(days=7)).open


def test_every_other_door_asks_the_same_rule(scarce: Cast) -> None:
    bruno, at = scarce.bruno.actor, evening()
    mine = claim_slot(bruno, Wish(slot("salle-1", THURSDAY, "10:00").id, "tilleul", "Rencontre")).claim
    dates = [slot("salle-1", THURSDAY + timedelta(days=7 * n)).id for n in range(6)]
    doors: list[Callable[[], object]] = [
        lambda: hold_slot(bruno, at, "tilleul"),
        lambda: move_part(bruno, mine.id, "this", at),
        lambda: claim_series(bruno, Wish(at, "tilleul", "Rencontre"), "FREQ=WEEKLY;COUNT=2"),
        lambda: ask_session(bruno, SessionWish(at, "tilleul", "Session", 1, 1, 6, dates)),
    ]
    for door in doors:
        with pytest.raises(SlotInDraw if door is not doors[2] else Taken) as refused:
            door()
        assert refused.value.code == "slot_in_draw"
    with pytest.raises(Taken) as refused:
        wait_for_slot(bruno, Wait(at, "tilleul"))
    assert refused.value.code == "not_taken"
    assert ([claim.id for claim in claims()], db.session.query(Hold).all()) == ([mine.id], [])


def test_leads_rank_and_change_until_the_close(scarce: Cast, monday: time_machine.Traveller) -> None:
    bruno = scarce.bruno.actor
    rank_wishes(bruno, "tilleul", [evening(THURSDAY)])
    rank_wishes(bruno, "tilleul", [evening(FRIDAY), evening(THURSDAY)])
    assert bid("tilleul").wishes == [evening(FRIDAY), evening(THURSDAY)]
    assert bid("tilleul").label == label_of(draws()[0], club("tilleul").id)
    for wrong, code in (
        ([evening(), evening()], "wish_twice"),
        ([slot("atelier", THURSDAY).id], "wish_unknown"),
        ([f"{n}" * 26 for n in range(6)], "too_many_wishes"),
    ):
        with pytest.raises(Invalid, check=lambda error, code=code: error.code == code):
            rank_wishes(bruno, "tilleul", wrong)
    with pytest.raises(NotAllowed):
        rank_wishes(scarce.amina.actor, "tilleul", [])
    with pytest.raises(NotFound):
        rank_wishes(scarce.chloe.actor, "tilleul", [])
    close(monday)
    with pytest.raises(Gone):
        rank_wishes(bruno, "tilleul", [])


def test_the_team_types_what_is_on_paper_and_the_club_reads_so(scarce: Cast) -> None:
    type_wishes(scarce.denis.actor, "canal", "romarin", [evening()])
    assert (bid("romarin").wishes, bid("romarin").on_paper) == ([evening()], True)
    assert [entry.act for entry in entries_of_club(club("romarin").id)] == ["draw:typed"]
    with pytest.raises(NotFound):
        type_wishes(scarce.bruno.actor, "canal", "romarin", [])
    with pytest.raises(NotFound):
        type_wishes(scarce.denis.actor, "canal", "nowhere", [])


def test_at_the_close_each_has_its_answer_once(
    scarce: Cast, monday: time_machine.Traveller, run_jobs: Any, mailbox: Mailbox
) -> None:
    rank_wishes(scarce.bruno.actor, "tilleul", [evening(THURSDAY)])
    rank_wishes(scarce.chloe.actor, "glycine", [evening(THURSDAY)])
    rank_wishes(scarce.dario.actor, "romarin", [])
    (draw,) = draws()
    hold_draw(draw.id)
    assert draw.drawn_at is None
    close(monday)
    # Its hour has come, and until it is drawn nobody takes it in between.
    assert slot("salle-1", THURSDAY).in_draw
    run_jobs()
    db.session.expire_all()
    hold_draw(draw.id)
    (claim,) = claims()
    outcomes = {slug: bid(slug).outcome for slug in ("tilleul", "glycine", "romarin")}
    assert sorted(str(each) for each in outcomes.values()) == ["None", "lost", "won"]
    winner = next(slug for slug, outcome in outcomes.items() if outcome == "won")
    assert (claim.club_id, claim.title, claim.scarce, claim.made_by_id) == (club(winner).id, "Rencontre", True, None)
    assert bid(winner).claim_id == claim.id
    kinds = db.session.scalars(db.select(Change.kind).where(Change.club_id == club(winner).id))
    assert [kind for kind in kinds if kind.startswith("claim:")] == ["claim:made"]
    # What nobody won is first come.
    assert (slot("salle-1", FRIDAY).in_draw, slot("salle-1", FRIDAY).open) == (False, True)
    run_jobs()
    assert sorted(mail["To"] for mail in mailbox.mails() if mail["Subject"] == "Le tirage est fait") == sorted(
        [scarce.bruno.email, scarce.chloe.email]
    )


def test_the_published_file_replays_and_names_no_club(scarce: Cast, monday: time_machine.Traveller) -> None:
    rank_wishes(scarce.bruno.actor, "tilleul", [evening(THURSDAY), evening(FRIDAY)])
    rank_wishes(scarce.dario.actor, "romarin", [evening(THURSDAY)])
    noted = draws()[0].seed_hash
    close(monday)
    hold_draw(draws()[0].id)
    record = json.loads(json.dumps(draws()[0].record))
    assert faults_of(record, noted) == []
    assert hashlib.sha256(record["seed"].encode()).hexdigest() == noted
    assert sorted(one["label"] for one in record["results"]) == sorted([bid("tilleul").label, bid("romarin").label])
    assert [bool(one["sentence"]) for one in record["results"]] == [True, True]
    text = json.dumps(record).lower()
    marks = [mark for slug in ("tilleul", "romarin") for mark in (slug, club(slug).id, club(slug).name.lower())]
    assert [mark for mark in marks if mark in text] == []


def test_a_draw_that_dies_half_way_leaves_nothing_and_comes_out_the_same(
    scarce: Cast, monday: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person, slug in ((scarce.bruno, "tilleul"), (scarce.chloe, "glycine"), (scarce.dario, "romarin")):
        rank_wishes(person.actor, slug, [evening(THURSDAY), evening(FRIDAY)])
    close(monday)
    (draw,) = draws()
    seen: list[Any] = []

    class Killed(BaseException):
        pass

    with pytest.raises(Killed), transaction():
        hold_draw(draw.id)
        seen.append(draw.record)
        assert len(claims()) == 2
        raise Killed
    db.session.expire_all()
    assert (claims(), draws()[0].drawn_at, bid("tilleul").outcome) == ([], None, None)
    hold_draw(draws()[0].id)
    assert len(claims()) == 2
    assert draws()[0].record == seen[0]


def test_a_slot_that_was_closed_meanwhile_is_left_out(scarce: Cast, monday: time_machine.Traveller) -> None:
    rank_wishes(scarce.bruno.actor, "tilleul", [evening(THURSDAY)])
    rank_wishes(scarce.chloe.actor, "glycine", [evening(THURSDAY), evening(FRIDAY)])
    at = slot("salle-1", THURSDAY)
    close_room(house("canal"), room("salle-1"), at.start, at.end, "Travaux")
    close(monday)
    hold_draw(draws()[0].id)
    assert (bid("tilleul").outcome, bid("glycine").outcome) == ("void", "won")
    assert [claim.starts_at for claim in claims()] == [slot("salle-1", FRIDAY).start]
    # Who could not win has not lost.
    assert standings(house("canal"), [club("tilleul").id], WEEK + timedelta(days=7))[club("tilleul").id].streak == 0


def test_a_club_at_its_quota_wins_nothing_and_has_not_lost(scarce: Cast, monday: time_machine.Traveller) -> None:
    # Held still when it is drawn.
    for day in (date(2026, 11, 24), date(2026, 11, 25)):
        claim_slot(scarce.chloe.actor, Wish(slot("atelier", day).id, "glycine", "Rencontre"))
    rank_wishes(scarce.chloe.actor, "glycine", [evening(THURSDAY)])
    close(monday)
    hold_draw(draws()[0].id)
    assert bid("glycine").outcome == "full"


def test_a_no_show_counts_double_and_what_is_given_back_in_time_not_at_all() -> None:
    start = now() + timedelta(days=10)
    claim = Claim(starts_at=start, ends_at=start + timedelta(hours=2))
    assert minutes_of(claim) == 120
    claim.released_at = start - timedelta(hours=72)
    assert minutes_of(claim) == 0
    claim.released_at = start - timedelta(hours=71)
    assert minutes_of(claim) == 120
    claim.released_at = claim.unused_at = start + timedelta(minutes=15)
    assert minutes_of(claim) == 240


def test_streak_hours_and_wait_come_from_what_was(
    scarce: Cast, monday: time_machine.Traveller, run_jobs: Callable[[], int]
) -> None:
    make_scarce(3)
    losers = {"tilleul": scarce.bruno, "glycine": scarce.chloe, "romarin": scarce.dario}
    for number in range(2):
        week = timedelta(days=7 * number)
        for slug, person in losers.items():
            rank_wishes(person.actor, slug, [evening(THURSDAY + week)])
        monday.move_to(CLOSE + week + timedelta(minutes=1))
        hold_draw(draws()[number].id)
        open_draws()
    ids = {slug: club(slug).id for slug in losers}
    had = standings(house("canal"), list(ids.values()), WEEK + timedelta(days=14))
    found = sorted((one.streak, one.minutes, one.waited or 0) for one in had.values())
    # Two won one after the other, 11 and 4 days before that Monday; the third lost twice.
    assert found == [(0, 120, 4), (1, 120, 11), (2, 0, 0)]
    assert draws()[2].week == WEEK + timedelta(days=14)
