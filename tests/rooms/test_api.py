"""The JSON door of rooms, to the letter of the contract."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.db import db, transaction
from app.rooms.actions import close_room
from tests.rooms.places import MONDAY, house, make_room, slot
from tests.support.cast import Cast, Person
from tests.support.clients import ApiClient, PageClient

API = Callable[[Person], ApiClient]
Find = Callable[..., str]
SLOTS = "/api/v1/houses/canal/slots"
DAY = "?from=2026-11-10&to=2026-11-11&room=salle-1"


def problem(answer: Any) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == answer.status_code
    return answer.status_code, answer.json["code"]


def post(api: ApiClient, slot_id: str, key: str | None = None, **said: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    body = {"club": "tilleul", "title": "Relire son CV", **said}
    return api.post(f"/slots/{slot_id}/claim", json=body, headers=headers)


def test_list_slots(visitor: PageClient, places: Cast, slot_id: Find) -> None:
    answer = visitor.get(SLOTS + DAY)
    assert answer.status_code == 200
    assert answer.json["next_cursor"] is None
    assert answer.json["items"] == [
        {
            "id": slot_id(clock=start),
            "room": "salle-1",
            "start": f"2026-11-10T{start}:00+01:00",
            "end": f"2026-11-10T{end}:00+01:00",
            "evening": start == "18:30",
            "scarce": False,
            "state": "free",
        }
        for start, end in (("10:00", "12:00"), ("14:00", "16:00"), ("18:30", "20:30"))
    ]


def test_list_slots_of_the_week_to_come_by_default(visitor: PageClient, places: Cast) -> None:
    items = visitor.get(SLOTS + "?limit=100").json["items"]
    assert len(items) == 7 * 3 * 2
    assert items[0]["start"] == "2026-11-02T10:00:00+01:00"
    assert items[-1]["start"] == "2026-11-08T18:30:00+01:00"


def test_slots_of_the_other_side_of_the_date_line(visitor: PageClient, places: Cast) -> None:
    answer = visitor.get("/api/v1/houses/port/slots?from=2026-11-10&to=2026-11-11")
    assert [one["start"] for one in answer.json["items"]] == [
        "2026-11-10T10:00:00+13:00",
        "2026-11-10T14:00:00+13:00",
        "2026-11-10T18:30:00+13:00",
    ]


def test_list_slots_in_pages(visitor: PageClient, places: Cast) -> None:
    found, cursor = [], ""
    while True:
        page = visitor.get(f"{SLOTS}?from=2026-11-10&to=2026-11-14&limit=5{cursor}").json
        found += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    whole = visitor.get(f"{SLOTS}?from=2026-11-10&to=2026-11-14&limit=100").json["items"]
    assert found == [one["id"] for one in whole]
    assert len(found) == len(set(found)) == 4 * 3 * 2


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?from=hier", 422),
        ("?from=20261110", 422),
        ("?from=2026-11-10&to=2026-W46-3", 422),
        ("?from=2026-11-10&to=2026-11-09", 422),
        ("?from=2026-01-01&to=2027-01-01", 422),
        ("?from=0001-01-01", 422),
        ("?from=9999-12-31", 422),
        ("?limit=0", 422),
        ("?limit=101", 422),
        ("?cursor=é", 422),
        ("?room=rien", 404),
        ("?from=2026-11-10&to=2026-11-10", 200),
    ],
)
def test_list_slots_with_a_bad_question(visitor: PageClient, places: Cast, query: str, status: int) -> None:
    assert visitor.get(SLOTS + query).status_code == status


def test_slots_of_no_house(visitor: PageClient, places: Cast) -> None:
    assert problem(visitor.get("/api/v1/houses/rien/slots")) == (404, "not_found")


def test_past_slots_keep_their_state(
    visitor: PageClient, places: Cast, claimed: Find, monday: time_machine.Traveller
) -> None:
    claimed(places.bruno, "tilleul")
    monday.move_to("2026-11-20T08:00:00+00:00")
    assert [one["state"] for one in visitor.get(SLOTS + DAY).json["items"]] == ["free", "free", "claimed"]


# Who sees what of a claim: written by hand, one row for each kind of meeting and of reader.

EVERYTHING = {"id", "club", "title", "public", "door_word"}
OUTSIDE = {"club", "title"}
STAFF = {"id", "club", "door_word"}
NOTHING: set[str] = set()
SEEN = [
    # lead, club, public        visitor  amina       bruno       chloe       dario       staff here
    ("bruno", "tilleul", False, NOTHING, EVERYTHING, EVERYTHING, NOTHING, NOTHING, STAFF),
    ("bruno", "tilleul", True, OUTSIDE, EVERYTHING, EVERYTHING, OUTSIDE, OUTSIDE, STAFF),
    ("chloe", "glycine", False, NOTHING, NOTHING, NOTHING, EVERYTHING, NOTHING, STAFF),
    ("chloe", "glycine", True, OUTSIDE, OUTSIDE, OUTSIDE, EVERYTHING, OUTSIDE, STAFF),
    ("dario", "romarin", False, NOTHING, EVERYTHING, NOTHING, NOTHING, EVERYTHING, STAFF),
]


@pytest.mark.parametrize(("lead", "club", "public", "readers"), [(*r[:3], r[3:]) for r in SEEN])
def test_what_is_seen_of_a_claim(
    api_of: API,
    visitor: PageClient,
    places: Cast,
    claimed: Find,
    lead: str,
    club: str,
    public: bool,
    readers: tuple[set[str], ...],
) -> None:
    claimed(getattr(places, lead), club, public=public)
    people = ("amina", "bruno", "chloe", "dario", "denis")
    doors = [visitor, *(api_of(getattr(places, name)) for name in people)]
    for door, fields in zip(doors, readers, strict=True):
        taken = door.get(SLOTS + DAY).json["items"][2]
        assert taken["state"] == "claimed"
        assert set(taken.get("claim", {})) == fields
        assert taken.get("claim", {}).get("club", club) == club
    assert api_of(places.elise).get(SLOTS + DAY).json["items"][2]["claim"].keys() == STAFF


def test_staff_of_another_house_see_what_everyone_sees(api_of: API, places: Cast, claimed: Find) -> None:
    claimed(places.bruno, "tilleul", "quai")
    items = api_of(places.denis).get("/houses/port/slots?from=2026-11-10&to=2026-11-11").json["items"]
    assert items[2]["state"] == "claimed"
    assert "claim" not in items[2]


def test_a_club_that_hides_no_longer_shows_its_public_meeting(
    app: Flask, visitor: PageClient, places: Cast, claimed: Find
) -> None:
    claimed(places.bruno, "tilleul", public=True)
    with app.app_context(), transaction():
        db.session.execute(db.text("UPDATE club SET door = 'discreet' WHERE slug = 'tilleul'"))
    assert "claim" not in visitor.get(SLOTS + DAY).json["items"][2]


# Claim and release


def test_claim_slot(api_of: API, places: Cast, slot_id: Find) -> None:
    answer = post(api_of(places.bruno), slot_id(), public=True)
    assert answer.status_code == 201
    told = dict(answer.json)
    assert len(told.pop("id")) == 26
    assert told.pop("door_word")
    assert told == {
        "slot": slot_id(),
        "room": "salle-1",
        "start": "2026-11-10T18:30:00+01:00",
        "end": "2026-11-10T20:30:00+01:00",
        "club": "tilleul",
        "title": "Relire son CV",
        "public": True,
        "state": "claimed",
    }


def test_claim_slot_when_taken(api_of: API, places: Cast, slot_id: Find) -> None:
    assert post(api_of(places.bruno), slot_id()).status_code == 201
    chloe = api_of(places.chloe)
    answer = post(chloe, slot_id(), club="glycine")
    assert problem(answer) == (409, "slot_taken")
    choices = answer.json["alternatives"]
    assert [choice["kind"] for choice in choices] == ["later", "room", "house"]
    assert {choice["slot"]["state"] for choice in choices} == {"free"}
    assert post(chloe, choices[2]["slot"]["id"], club="glycine").status_code == 201


def test_claim_slot_refused(api_of: API, visitor: PageClient, places: Cast, slot_id: Find) -> None:
    bruno, free = api_of(places.bruno), slot_id()
    past, far = slot_id(day=MONDAY.date(), clock="10:00"), slot_id(day=date(2027, 1, 5))
    ask = {"club": "tilleul", "title": "Titre"}
    assert problem(visitor.post(f"/api/v1/slots/{free}/claim", json=ask)) == (401, "not_signed_in")
    assert problem(post(api_of(places.amina), free)) == (403, "not_a_lead")
    assert problem(post(api_of(places.chloe), free)) == (404, "not_found")
    assert problem(post(api_of(places.denis), free)) == (404, "not_found")
    assert problem(post(bruno, "a" * 26)) == (404, "not_found")
    assert problem(post(bruno, far)) == (422, "too_far")
    assert problem(post(bruno, free, title=" ")) == (422, "title_empty")
    assert problem(post(bruno, free, title="x" * 81)) == (422, "title_too_long")
    assert problem(post(bruno, free, title=3)) == (422, "invalid")
    assert problem(post(bruno, free, public="peut-être")) == (422, "invalid")
    assert problem(post(bruno, free, repeat="FREQ=WEEKLY")) == (422, "repeat_invalid")
    assert problem(post(api_of(places.dario), free, club="romarin", public=True)) == (422, "public_not_listed")
    with time_machine.travel("2026-11-02T09:30:00+00:00"):
        assert problem(post(bruno, past)) == (410, "slot_past")


def test_quota(app: Flask, api_of: API, places: Cast, slot_id: Find) -> None:
    bruno = api_of(places.bruno)
    for day in (13, 14, 15, 16):
        assert post(bruno, slot_id("atelier", date(2026, 11, day), "10:00")).status_code == 201
    assert problem(post(bruno, slot_id("atelier", date(2026, 11, 17), "10:00"))) == (409, "quota_reached")


def test_idempotency(api_of: API, places: Cast, slot_id: Find) -> None:
    bruno = api_of(places.bruno)
    first, again = post(bruno, slot_id(), "k"), post(bruno, slot_id(), "k")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert problem(post(bruno, slot_id(), "k", title="Autre")) == (422, "idempotency_key_reused")
    assert problem(post(bruno, slot_id())) == (409, "slot_taken")
    assert problem(post(bruno, slot_id("atelier"), "k" * 201)) == (422, "idempotency_key_invalid")


def test_release_claim(api_of: API, visitor: PageClient, places: Cast, claimed: Find, slot_id: Find) -> None:
    path = f"/claims/{claimed(places.bruno, 'tilleul')}"
    assert visitor.delete(f"/api/v1{path}").status_code == 401
    assert problem(api_of(places.amina).delete(path)) == (403, "not_a_lead")
    assert problem(api_of(places.chloe).delete(path)) == (404, "not_found")
    assert problem(api_of(places.denis).delete(path)) == (404, "not_found")
    assert api_of(places.bruno).delete(path).status_code == 204
    assert problem(api_of(places.bruno).delete(path)) == (404, "not_found")
    assert post(api_of(places.chloe), slot_id(), club="glycine").status_code == 201


def test_release_claim_when_past(api_of: API, places: Cast, claimed: Find, monday: time_machine.Traveller) -> None:
    path = f"/claims/{claimed(places.bruno, 'tilleul')}"
    bruno = api_of(places.bruno)
    monday.move_to("2026-11-10T20:00:00+00:00")
    assert problem(bruno.delete(path)) == (410, "claim_past")


def test_closed_slots(app: Flask, visitor: PageClient, places: Cast) -> None:
    with app.app_context():
        shut = slot()
        close_room(house("canal"), None, shut.start, shut.end, "Réunion")
    assert [one["state"] for one in visitor.get(SLOTS + DAY).json["items"]] == ["free", "free", "closed"]


def test_list_slots_asks_as_much_for_one_room_as_for_many(
    app: Flask, api_of: API, places: Cast, claimed: Find, queries: Callable[[], Any]
) -> None:
    amina, counts = api_of(places.amina), []
    for more in (False, True):
        if more:
            for number, person in enumerate((places.bruno, places.chloe, places.dario)):
                with app.app_context(), transaction():
                    make_room(house("canal"), f"salle-{number + 2}")
                claimed(person, ("tilleul", "glycine", "romarin")[number], f"salle-{number + 2}")
        with queries() as asked:
            items = amina.get("/houses/canal/slots?from=2026-11-10&to=2026-11-20&limit=100").json["items"]
        counts.append(len(asked))
        assert len(items) == (100 if more else 60)
    assert counts[0] == counts[1]


def test_half_a_sign_is_no_title_and_no_band_is_that_large(api_of: API, places: Cast, slot_id: Find) -> None:
    api = api_of(places.bruno)
    assert problem(post(api, slot_id(), title="\ud800"))[0] == 422
    assert problem(post(api, slot_id(), size=10**40))[0] == 422
