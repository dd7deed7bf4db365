"""Several dates in one go: which dates are meant, what is said of each, and once for one key."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotAllowed, NotFound, Taken
from app.rooms.actions import Wish, claim_slot
from app.rooms.series.actions import claim_series, fill_date, missing
from app.rooms.series.models import ClaimEvent, ClaimSeries
from app.rooms.series.queries import series_for
from app.rooms.series.repeats import read_repeat
from tests.rooms.places import TUESDAY, claims, house, make_room, slot
from tests.support import clients
from tests.support.cast import Cast

PARIS = ZoneInfo("Europe/Paris")
WEEK = timedelta(days=7)
WEEKLY = "FREQ=WEEKLY;COUNT=4"
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def wish(**said: Any) -> Wish:
    return Wish(slot().id, "tilleul", **{"title": "Relire son CV", **said})


def codes(occurrences: list[dict[str, Any]]) -> list[str]:
    return [each.get("code", each["state"]) for each in occurrences]


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("FREQ=WEEKLY;COUNT=3", [0, 7, 14]),
        ("rrule:FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=TU;WKST=SU", [0, 14, 28]),
        ("FREQ=WEEKLY;UNTIL=20261124", [0, 7, 14]),
        ("FREQ=WEEKLY;UNTIL=20261123T230000Z", [0, 7, 14]),
        ("FREQ=WEEKLY;UNTIL=20261123T220000Z", [0, 7]),
        (["2026-11-24", "2026-11-12", "2026-11-24"], [0, 2, 14]),
        (["2026-11-10"], [0]),
    ],
)
def test_a_rule_means_these_dates(said: Any, days: list[int]) -> None:
    found = read_repeat(said, TUESDAY, PARIS)
    assert [(day - TUESDAY).days for day in found.dates] == days


@pytest.mark.parametrize(
    "said",
    [
        "", "WEEKLY", "FREQ=DAILY;COUNT=3", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=3;COUNT=2", "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=2;UNTIL=20261201", "FREQ=WEEKLY;COUNT=2;COUNT=3", "FREQ=WEEKLY;COUNT=2;BYDAY=WE",
        "FREQ=WEEKLY;COUNT=2;BYSETPOS=1", "FREQ=WEEKLY;UNTIL=20261301", "FREQ=WEEKLY;UNTIL=20260101",
        "FREQ=WEEKLY;UNTIL=99991231T235959Z1",
        [], ["2026-11-31"], ["20261124"], ["2026-11-24T10:00"], ["2029-11-24"], [7],
    ],
)  # fmt: skip
def test_what_is_no_repetition_is_refused(said: Any) -> None:
    with pytest.raises(Invalid) as refused:
        read_repeat(said, TUESDAY, PARIS)
    assert (refused.value.code, refused.value.field) == ("repeat_invalid", "repeat")


@pytest.mark.parametrize(
    "said",
    ["FREQ=WEEKLY;COUNT=27", "FREQ=WEEKLY;COUNT=999999999", "FREQ=WEEKLY;UNTIL=99991231T235959Z",
     [(TUESDAY + timedelta(days=n)).isoformat() for n in range(27)]],
)  # fmt: skip
def test_26_dates_at_most(said: Any) -> None:
    with pytest.raises(Invalid) as refused:
        read_repeat(said, TUESDAY, PARIS)
    assert refused.value.code == "repeat_too_long"
    assert len(read_repeat("FREQ=WEEKLY;COUNT=26", TUESDAY, PARIS).dates) == 26


@ON_SQLITE
@pytest.mark.usefixtures("context")
def test_each_date_is_judged_by_the_rules_of_one(places: Cast) -> None:
    with transaction():
        db.session.execute(text("UPDATE house SET claim_quota = 4, evening_quota = 4"))
    claim_slot(places.chloe.actor, Wish(slot("salle-1", TUESDAY + WEEK).id, "glycine", "Ailleurs"))
    told = claim_series(places.bruno.actor, wish(), "FREQ=WEEKLY;COUNT=9").occurrences
    # The fourth claim is the last of the quota; 8 December is no holiday; eight weeks after 2 November is the 28th.
    assert codes(told) == [
        "claimed",
        "slot_taken",
        "claimed",
        "claimed",
        "claimed",
        *["quota_reached"] * 2,
        *["too_far"] * 2,
    ]
    starts = [datetime.fromisoformat(each["start"]) for each in told]
    assert [(start.date(), start.hour) for start in starts] == [(TUESDAY + n * WEEK, 18) for n in range(9)]
    mine = [claim for claim in claims() if claim.title == "Relire son CV"]
    assert [claim.id for claim in mine] == [each["claim"] for each in told if "claim" in each]
    assert {claim.series_id for claim in mine} == {db.session.scalars(db.select(ClaimSeries.id)).one()}
    assert [event.act for event in db.session.scalars(db.select(ClaimEvent))] == ["made"] * 5


@ON_SQLITE
@pytest.mark.usefixtures("context")
def test_a_holiday_and_a_day_that_the_pattern_does_not_list_say_so(
    places: Cast, monday: time_machine.Traveller
) -> None:
    monday.move_to(datetime(2026, 12, 7, 8, tzinfo=UTC))
    friday = date(2026, 12, 18)
    with transaction():
        db.session.execute(text("UPDATE house SET claim_quota = 9, evening_quota = 9"))
        db.session.execute(text("UPDATE opening_window SET valid_until = '2026-12-31' WHERE weekday = 4"))
    asked = Wish(slot("salle-1", friday).id, "tilleul", "Fêtes")
    told = claim_series(places.bruno.actor, asked, "FREQ=WEEKLY;COUNT=3").occurrences
    assert codes(told) == ["claimed", "holiday", "slot_unlisted"]
    assert [each["slot"] is None for each in told] == [False, False, True]


@ON_SQLITE
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("now", "first", "offsets"),
    [
        (datetime(2027, 3, 8, 8, tzinfo=UTC), date(2027, 3, 23), [3600, 7200]),
        (datetime(2026, 10, 5, 8, tzinfo=UTC), date(2026, 10, 20), [7200, 3600]),
    ],
)
def test_the_clock_of_the_house_is_the_same_before_and_after_it_changes(
    places: Cast, monday: time_machine.Traveller, now: datetime, first: date, offsets: list[int]
) -> None:
    monday.move_to(now)
    asked = Wish(slot("salle-1", first).id, "tilleul", "Deux heures")
    told = claim_series(places.bruno.actor, asked, "FREQ=WEEKLY;COUNT=2").occurrences
    starts = [datetime.fromisoformat(each["start"]) for each in told]
    assert [f"{start:%d %H:%M}" for start in starts] == [f"{day:%d} 18:30" for day in (first, first + WEEK)]
    assert [start.utcoffset() == timedelta(seconds=s) for start, s in zip(starts, offsets, strict=True)] == [True, True]
    local = [claim.starts_at.astimezone(PARIS) for claim in claims()]
    assert [f"{each:%H:%M}" for each in local] == ["18:30", "18:30"]


@ON_SQLITE
@pytest.mark.usefixtures("context")
def test_the_hour_that_no_clock_shows_is_no_slot(places: Cast, monday: time_machine.Traveller) -> None:
    monday.move_to(datetime(2027, 3, 8, 8, tzinfo=UTC))
    with transaction():
        make_room(house("canal"), "nuit", ("02:15-02:45",))
    asked = Wish(slot("nuit", date(2027, 3, 21), "02:15").id, "tilleul", "La nuit")
    assert codes(claim_series(places.bruno.actor, asked, "FREQ=WEEKLY;COUNT=3").occurrences) == [
        "claimed", "slot_unlisted", "claimed",
    ]  # fmt: skip


@ON_SQLITE
@pytest.mark.usefixtures("context")
def test_nothing_at_all_is_refused_with_the_code_of_the_first_and_three_choices(places: Cast) -> None:
    for n in range(2):
        claim_slot(places.chloe.actor, Wish(slot("salle-1", TUESDAY + n * WEEK).id, "glycine", "Ailleurs"))
    with pytest.raises(Taken) as refused:
        claim_series(places.bruno.actor, wish(), "FREQ=WEEKLY;COUNT=2")
    assert (refused.value.status, refused.value.code, len(refused.value.extra["alternatives"])) == (
        409,
        "slot_taken",
        3,
    )
    assert codes(refused.value.extra["occurrences"]) == ["slot_taken", "slot_taken"]
    assert (db.session.query(ClaimSeries).count(), len(claims())) == (0, 2)


@ON_SQLITE
@pytest.mark.usefixtures("context")
def test_one_key_gives_one_series(places: Cast) -> None:
    first = claim_series(places.bruno.actor, wish(), "FREQ=WEEKLY;COUNT=2", "a key")
    again = claim_series(places.bruno.actor, wish(), "FREQ=WEEKLY;COUNT=2", "a key")
    assert (again.series.id, again.occurrences, again.booked.claim.id) == (
        first.series.id, first.occurrences, first.booked.claim.id,
    )  # fmt: skip
    assert len(claims()) == 2
    for asked, said in ((wish(), "FREQ=WEEKLY;COUNT=3"), (wish(title="Autre"), "FREQ=WEEKLY;COUNT=2")):
        with pytest.raises(Invalid) as refused:
            claim_series(places.bruno.actor, asked, said, "a key")
        assert refused.value.code == "idempotency_key_reused"
    with pytest.raises(Invalid) as refused:
        claim_slot(places.bruno.actor, wish(), "a key")
    assert refused.value.code == "idempotency_key_reused"


@ON_SQLITE
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("who", "error"), [("amina", NotAllowed), ("chloe", NotFound), ("denis", NotFound), ("dario", NotFound)]
)
def test_only_a_lead_of_the_club_repeats(places: Cast, who: str, error: type[DomainError]) -> None:
    with pytest.raises(error):
        claim_series(getattr(places, who).actor, wish(), WEEKLY)
    assert claims() == []


@ON_SQLITE
@pytest.mark.usefixtures("context")
def test_a_refused_date_is_filled_by_another_moment_once(places: Cast) -> None:
    claim_slot(places.chloe.actor, Wish(slot("salle-1", TUESDAY + WEEK).id, "glycine", "Ailleurs"))
    several = claim_series(places.bruno.actor, wish(size=5), "FREQ=WEEKLY;COUNT=2")
    assert [number for number, _one in missing(several.series)] == [1]
    other = slot("atelier", TUESDAY + WEEK, "14:00").id
    booked = fill_date(places.bruno.actor, several.series.id, 1, other)
    assert (booked.claim.title, booked.claim.size, booked.claim.series_id) == ("Relire son CV", 5, several.series.id)
    dates = series_for(places.amina.actor, several.series.id)
    assert (len(dates.living), missing(dates.series)) == (2, [])
    with pytest.raises(Taken) as refused:
        fill_date(places.bruno.actor, several.series.id, 1, slot("atelier", TUESDAY + 2 * WEEK).id)
    assert refused.value.code == "date_filled"
    for who, error in (("amina", NotAllowed), ("chloe", NotFound)):
        with pytest.raises(error):
            fill_date(getattr(places, who).actor, several.series.id, 1, other)


@ON_SQLITE
def test_the_json_door_says_it_of_each_date(app: Flask, places: Cast) -> None:
    api = clients.api_of(app, places.bruno)
    with app.app_context():
        found = slot().id
    body = {"club": "tilleul", "title": "Relire son CV", "repeat": [str(TUESDAY), str(TUESDAY + 2 * WEEK)]}
    said = [api.post(f"/api/v1/slots/{found}/claim", json=body, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [each.status_code for each in said] == [201, 201]
    assert said[0].json == said[1].json
    assert [(one["state"], one["claim"] == said[0].json["id"]) for one in said[0].json["occurrences"]] == [
        ("claimed", True), ("claimed", False),
    ]  # fmt: skip
    for wrong in (7, {"freq": "weekly"}, "x" * 201, [1], [], "FREQ=YEARLY"):
        assert api.post(f"/api/v1/slots/{found}/claim", json={**body, "repeat": wrong}).status_code == 422
