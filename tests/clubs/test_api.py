"""The JSON door of clubs, to the letter of the contract."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.clubs import live
from app.clubs.consent import CONSENT_TEXT, CONSENT_VERSION
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.houses.models import House
from app.rooms.models import Claim, Room
from app.web.api import encode_cursor
from tests.support.cast import Cast, Person, make_person
from tests.support.clients import ApiClient, PageClient
from tests.support.factories import add, make_club

API = Callable[[Person], ApiClient]


def problem(answer: Any) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == answer.status_code
    return answer.status_code, answer.json["code"]


def slugs(answer: Any) -> list[str]:
    return [club["slug"] for club in answer.json["items"]]


@pytest.fixture
def meeting(app: Flask, cast: Cast) -> Callable[..., str]:
    """``meeting("tilleul", "Café", public=True)``: a claim of tomorrow, 10:00 UTC."""

    def make(slug: str, title: str, public: bool, **values: Any) -> str:
        start = now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=1)
        with app.app_context(), transaction():
            room = db.session.scalars(db.select(Room)).first() or add(
                Room(id=new_id(), number=1, house_id=cast.houses["port"], slug="quai", name="Salle du quai", capacity=9)
            )
            told = {"starts_at": start, "ends_at": start + timedelta(hours=2), "made_at": now(), "door_word": "Lampe"}
            row = Claim(id=new_id(), club_id=cast.clubs[slug], room_id=room.id, title=title, public=public, **told)
            for name, value in values.items():
                setattr(row, name, value)
            claim_id: str = add(row).id
            return claim_id

    return make


# The list and one club


def test_list_clubs(visitor: PageClient, api_of: API, cast: Cast) -> None:
    assert slugs(visitor.get("/api/v1/clubs")) == ["glycine", "tilleul"]
    assert slugs(api_of(cast.amina).get("/clubs")) == ["glycine", "romarin", "tilleul"]
    assert slugs(api_of(cast.chloe).get("/clubs")) == ["glycine", "tilleul"]
    assert slugs(api_of(cast.elise).get("/clubs")) == ["glycine", "tilleul"]


def test_list_clubs_in_pages(app: Flask, visitor: PageClient, cast: Cast) -> None:
    with app.app_context(), transaction():
        house = db.session.get_one(House, cast.houses["canal"])
        for slug in ("ginkgo", "houx", "sureau"):
            make_club(slug, house)
    found, cursor = [], ""
    while cursor is not None:
        answer = visitor.get("/api/v1/clubs", query_string={"limit": 2, "cursor": cursor})
        found.append(slugs(answer))
        cursor = answer.json["next_cursor"]
    assert found == [["ginkgo", "glycine"], ["houx", "sureau"], ["tilleul"]]
    assert problem(visitor.get("/api/v1/clubs?limit=101")) == (422, "invalid")
    assert problem(visitor.get("/api/v1/clubs?cursor=%C3%A9")) == (422, "cursor_invalid")


def test_show_club_from_outside(visitor: PageClient, cast: Cast, meeting: Callable[..., str]) -> None:
    meeting("tilleul", "Entre nous", public=False)
    meeting("tilleul", "Rendu", public=True, released_at=now())
    shown = meeting("tilleul", "Café des nouveaux", public=True)
    told = visitor.get("/api/v1/clubs/tilleul").json
    (met,) = told.pop("meetings")
    assert told == {
        "club": "tilleul",
        "slug": "tilleul",
        "name": "45 ans et plus",
        "plant": "Tilleul",
        "sentence": "Une phrase qui dit pour qui.",
        "about": ["Un paragraphe qui dit quoi."],
        "charter": ["Ce qui est dit ici reste ici."],
        "door": "open",
        "format": "here",
        "languages": ["fr"],
        "tile": "leaves",
        "hue": "pine",
        "consent": {"version": CONSENT_VERSION, "text": str(CONSENT_TEXT)},
    }
    assert {name: met[name] for name in ("id", "title", "house", "room")} == {
        "id": shown,
        "title": "Café des nouveaux",
        "house": "port",
        "room": "quai",
    }
    assert met["start"][10:] in ("T22:00:00+12:00", "T23:00:00+13:00")


def test_show_club_adds_one_s_own_membership(api_of: API, cast: Cast) -> None:
    own = {"id": cast.amina.memberships["tilleul"], "name": "Ama", "role": "member"}
    assert api_of(cast.amina).get("/clubs/tilleul").json["membership"] == own
    assert "membership" not in api_of(cast.chloe).get("/clubs/tilleul").json


def test_a_discreet_club_does_not_exist_outside(visitor: PageClient, api_of: API, cast: Cast) -> None:
    assert api_of(cast.amina).get("/clubs/romarin").json["name"] == "Transitions au travail"
    for client in (api_of(cast.bruno), api_of(cast.denis)):
        for path in ("", "/members", "/requests", "/changes"):
            hidden, unreal = client.get(f"/clubs/romarin{path}"), client.get(f"/clubs/nowhere{path}")
            assert (problem(hidden), hidden.data) == ((404, "not_found"), unreal.data)
        for path, body in (("/join", {"name": "Zoé"}), ("/leave", None)):
            hidden, unreal = (client.post(f"/clubs/{slug}{path}", json=body) for slug in ("romarin", "nowhere"))
            assert (problem(hidden), hidden.data) == ((404, "not_found"), unreal.data)
    assert visitor.get("/api/v1/clubs/romarin").data == visitor.get("/api/v1/clubs/nowhere").data


def test_lists_ask_as_much_for_one_as_for_many(
    app: Flask, api_of: API, cast: Cast, queries: Callable[[], Any], meeting: Callable[..., str]
) -> None:
    client = api_of(cast.bruno)

    def asked(path: str) -> int:
        with queries() as found:
            assert client.get(path).status_code == 200
        return len(found)

    paths = ("/clubs", "/clubs/tilleul/members", "/me")
    before = [asked(path) for path in paths]
    for title in ("Un", "Deux", "Trois"):
        meeting("tilleul", title, public=True)
    with app.app_context():
        house = db.session.get_one(House, cast.houses["canal"])
        with transaction():
            for slug in ("ginkgo", "houx", "sureau"):
                make_club(slug, house)
        for name in ("Luz", "Lou", "Nour"):
            make_person(name.lower(), tilleul=name)
    assert [asked(path) for path in paths] == before


# POST /clubs/{slug}/join, /leave; GET /me


def test_join_and_leave(api_of: API, cast: Cast, zoe: Person) -> None:
    client = api_of(zoe)
    answer = client.post("/clubs/tilleul/join", json={"name": "Zoé"})
    assert (answer.status_code, answer.json) == (200, {"state": "member"})
    (own,) = client.get("/me").json["memberships"]
    assert {name: own[name] for name in ("club", "name", "role")} == {
        "club": "tilleul",
        "name": "Zoé",
        "role": "member",
    }
    left = client.post("/clubs/tilleul/leave")
    assert (left.status_code, left.data) == (204, b"")
    assert client.get("/me").json["memberships"] == []
    assert problem(client.post("/clubs/tilleul/leave")) == (404, "not_found")


def test_ask_and_take_it_back(api_of: API, cast: Cast, zoe: Person) -> None:
    client = api_of(zoe)
    answer = client.post("/clubs/glycine/join", json={"name": "Zoé", "sentence": "Je couds."})
    assert (answer.status_code, answer.json) == (202, {"state": "asked"})
    assert client.get("/me").json["memberships"] == []
    assert problem(client.get("/clubs/glycine/members")) == (404, "not_found")
    assert client.post("/clubs/glycine/leave").status_code == 204
    assert problem(client.post("/clubs/glycine/leave")) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"name": "Ama"}, (409, "name_taken")),
        ({"name": "Équipe"}, (422, "name_reserved")),
        ({"name": "Zoé\u202e"}, (422, "name_invalid")),
        ({"name": "x" * 41}, (422, "name_invalid")),
        ({"name": "Zoé", "consent_version": "2020-01"}, (409, "consent_changed")),
        ({}, (422, "invalid")),
        ({"name": 7}, (422, "invalid")),
        ({"name": "Zoé", "sentence": "x" * 301}, (422, "invalid")),
    ],
)
def test_join_refused(api_of: API, cast: Cast, zoe: Person, body: dict[str, Any], refused: tuple[int, str]) -> None:
    assert problem(api_of(zoe).post("/clubs/tilleul/join", json=body)) == refused


def test_join_is_not_for_staff_nor_for_visitors(api_of: API, visitor: PageClient, cast: Cast) -> None:
    body = {"name": "Zoé"}
    assert problem(api_of(cast.denis).post("/clubs/tilleul/join", json=body)) == (403, "staff_joins_no_club")
    assert problem(visitor.post("/api/v1/clubs/tilleul/join", json=body)) == (401, "not_signed_in")


def test_the_last_lead_does_not_leave(api_of: API, cast: Cast) -> None:
    assert problem(api_of(cast.bruno).post("/clubs/tilleul/leave")) == (409, "last_lead")


# members, requests, roles


def test_list_members(api_of: API, cast: Cast) -> None:
    answer = api_of(cast.amina).get("/clubs/tilleul/members").json
    assert answer["next_cursor"] is None
    assert sorted(answer["items"], key=lambda row: str(row["name"])) == [
        {"id": cast.amina.memberships["tilleul"], "name": "Ama", "role": "member", "former_name": None},
        {"id": cast.bruno.memberships["tilleul"], "name": "Bruno", "role": "lead", "former_name": None},
    ]
    first = api_of(cast.amina).get("/clubs/tilleul/members?limit=1").json
    second = api_of(cast.amina).get(f"/clubs/tilleul/members?limit=1&cursor={first['next_cursor']}").json
    assert sorted(r["name"] for r in first["items"] + second["items"]) == ["Ama", "Bruno"]
    assert problem(api_of(cast.chloe).get("/clubs/tilleul/members")) == (404, "not_found")


def test_requests(app: Flask, api_of: API, cast: Cast, zoe: Person, ask: Callable[..., None]) -> None:
    with app.app_context():
        luz = make_person("luz")
    ask(zoe)
    ask(luz, name="Luz", sentence="")
    client = api_of(cast.chloe)
    found = client.get("/clubs/glycine/requests").json["items"]
    assert [(row["name"], row["sentence"], sorted(row)) for row in found] == [
        ("Zoé", "Je couds.", ["id", "name", "sentence", "since"]),
        ("Luz", None, ["id", "name", "sentence", "since"]),
    ]
    page = client.get("/clubs/glycine/requests?limit=1").json
    rest = client.get(f"/clubs/glycine/requests?limit=1&cursor={page['next_cursor']}").json
    assert ([r["name"] for r in rest["items"]], rest["next_cursor"]) == (["Luz"], None)
    # When somebody joined another club is no place in this list.
    foreign = encode_cursor(cast.amina.memberships["tilleul"])
    assert client.get(f"/clubs/glycine/requests?cursor={foreign}").json["items"] == []
    yes, no = (f"/clubs/glycine/requests/{row['id']}" for row in found)
    answer = client.post(yes, json={"accept": True})
    assert (answer.status_code, answer.json) == (200, {"state": "member"})
    answer = client.post(no, json={"accept": False})
    assert (answer.status_code, answer.json) == (200, {"state": "refused"})
    assert problem(client.post(no, json={"accept": True})) == (404, "not_found")
    assert problem(client.post(no, json={"accept": "maybe"})) == (422, "invalid")
    for unsaid in (0, 1, "", "true", None, []):
        assert problem(client.post(no, json={"accept": unsaid})) == (422, "invalid")
    assert api_of(zoe).get("/clubs/glycine/members").status_code == 200
    assert problem(api_of(luz).get("/clubs/glycine/members")) == (404, "not_found")


def test_requests_are_for_leads(api_of: API, cast: Cast) -> None:
    assert problem(api_of(cast.amina).get("/clubs/tilleul/requests")) == (403, "not_a_lead")
    assert problem(api_of(cast.amina).post("/clubs/tilleul/requests/x", json={"accept": True})) == (403, "not_a_lead")
    assert problem(api_of(cast.chloe).get("/clubs/tilleul/requests")) == (404, "not_found")


def test_set_role(api_of: API, cast: Cast) -> None:
    ama, bruno = (f"/memberships/{person.memberships['tilleul']}/role" for person in (cast.amina, cast.bruno))
    assert problem(api_of(cast.amina).put(ama, json={"role": "lead"})) == (403, "not_a_lead")
    assert problem(api_of(cast.chloe).put(ama, json={"role": "lead"})) == (404, "not_found")
    assert problem(api_of(cast.bruno).put(bruno, json={"role": "member"})) == (409, "last_lead")
    assert problem(api_of(cast.bruno).put(ama, json={"role": "boss"})) == (422, "invalid")
    answer = api_of(cast.bruno).put(ama, json={"role": "lead"})
    assert (answer.status_code, answer.json["name"], answer.json["role"]) == (200, "Ama", "lead")
    assert api_of(cast.amina).put(bruno, json={"role": "member"}).status_code == 200


# What no person types

STRANGE = ["%00", "a%00b", "TILLEUL", "%ED%A0%80", "x" * 300, "%F0%9F%8C%B3"]


@pytest.mark.parametrize("strange", STRANGE)
def test_strange_addresses_do_not_exist(api_of: API, client_of: Any, cast: Cast, strange: str) -> None:
    client = api_of(cast.bruno)
    for path in (f"/clubs/{strange}", f"/clubs/{strange}/members", f"/clubs/{strange}/changes?since=0"):
        assert problem(client.get(path)) == (404, "not_found")
    assert problem(client.post(f"/clubs/tilleul/requests/{strange}", json={"accept": True})) == (404, "not_found")
    assert problem(client.post(f"/clubs/tilleul/requests/{strange}", json={"accept": False})) == (404, "not_found")
    assert problem(client.put(f"/memberships/{strange}/role", json={"role": "lead"})) == (404, "not_found")
    assert client_of(cast.bruno).get(f"/clubs/{strange}").status_code == 404


def test_strange_words_are_cleaned_or_refused(api_of: API, cast: Cast, zoe: Person) -> None:
    client = api_of(zoe)
    assert problem(client.post("/clubs/glycine/join", json={"name": "Zo\x00é"})) == (422, "name_invalid")
    sentence = "Je\x00 couds\ud800,\n déjà."
    assert client.post("/clubs/glycine/join", json={"name": "Zo\ud800é", "sentence": sentence}).status_code == 202
    (row,) = api_of(cast.chloe).get("/clubs/glycine/requests").json["items"]
    assert (row["name"], row["sentence"]) == ("Zoé", "Je couds, déjà.")


# The log


def test_list_changes(app: Flask, api_of: API, cast: Cast, zoe: Person) -> None:
    api_of(zoe).post("/clubs/tilleul/join", json={"name": "Zoé"})
    api_of(zoe).post("/clubs/tilleul/leave")
    told = api_of(cast.amina).get("/clubs/tilleul/changes?since=0").json
    assert (told["seq"], told["more"], told["gap"]) == (2, False, False)
    began, ended = told["changes"]
    assert (began["club"], began["seq"], began["kind"]) == ("tilleul", 1, "membership:began")
    assert (began["data"]["name"], began["data"]["id"] == ended["data"]["id"]) == (None, True)
    assert (ended["seq"], ended["kind"], sorted(ended["data"])) == (2, "membership:ended", ["id"])
    page = api_of(cast.amina).get("/clubs/tilleul/changes?since=0&limit=1").json
    assert (page["seq"], len(page["changes"]), page["more"]) == (1, 1, True)
    assert api_of(cast.amina).get("/clubs/tilleul/changes?since=9").json["gap"] is True
    head = {"seq": 2, "changes": [], "more": False, "gap": False}
    assert api_of(cast.amina).get("/clubs/tilleul/changes?since=2").json == head
    assert api_of(cast.amina).get("/clubs/tilleul/changes").json == head
    for stranger in (cast.chloe, cast.denis, zoe):
        assert problem(api_of(stranger).get("/clubs/tilleul/changes?since=0")) == (404, "not_found")
    for wrong in ("since=-1", "since=a", "limit=0", "wait=-1"):
        assert problem(api_of(cast.amina).get(f"/clubs/tilleul/changes?{wrong}")) == (422, "invalid")


def test_list_changes_from_the_floor_of_a_newcomer(app: Flask, api_of: API, cast: Cast) -> None:
    with app.app_context():
        with transaction():
            for _ in range(3):
                live.record(cast.clubs["glycine"], "essai:un", new_id())
        newcomer = make_person("nour", glycine="Nour")
        with transaction():
            row = db.session.get_one(live.Membership, newcomer.memberships["glycine"])
            row.first_seq = 3
    client = api_of(newcomer)
    assert [row["seq"] for row in client.get("/clubs/glycine/changes?since=0").json["changes"]] == [3]
    assert client.get("/clubs/glycine/changes?since=1").json["gap"] is True
    assert client.get("/clubs/glycine/changes?since=2").json["gap"] is False
