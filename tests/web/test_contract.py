"""CONTRACT 4, call by call: status and exact fields of each answer, written by hand; what comes later is absent.

Bruno leads Tilleul, where Amina is a member and Zoé asks to enter.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.rules.stage import Stage, told
from tests.support import application, databases
from tests.support.factories import PASSWORD

CLUB = "club slug name plant sentence about charter door format languages tile hue meetings consent membership"
MESSAGE = "id thread seq changed_seq author body html client_id reply_to posted_at edited_at"
CLAIM = "id slot room start end club title public state door_word"
SLOT = "id room start end evening scarce state"
PAGE = "items next_cursor"
PROBLEM = "type title status detail code"
UUID = "8f14e45f-ceea-467f-a9d1-0b1f4f3b9a1"
TOKEN = {"email": "bruno@demo.example", "password": PASSWORD, "label": "essai"}

# method, path, body, status, then where in the answer which fields stand ("" = the answer itself).
CALLS: list[tuple[str, str, Any, int, dict[str, str]]] = [
    ("POST", "/tokens", TOKEN, 201, {"": "id token"}),
    ("GET", "/tokens", None, 200, {"": PAGE, "items.0": "id label created_at"}),
    ("DELETE", "/tokens/{other_key}", None, 204, {}),
    ("GET", "/me", None, 200, {"": "role has_password memberships", "memberships.0": "id club name role"}),
    ("GET", "/me/archive", None, 200, {}),
    ("DELETE", "/me", {"password": PASSWORD, "messages": "keep"}, 202, {"": "done_by"}),
    ("GET", "/houses", None, 200, {
        "": PAGE, "items.0": "slug name kind timezone country languages address phone access",
    }),
    ("GET", "/houses/canal/slots", None, 200, {"": PAGE, "items.0": SLOT}),
    ("POST", "/slots/{slot}/claim", {"club": "tilleul", "title": "Titre"}, 201, {"": CLAIM}),
    ("POST", "/slots/{slot}/claim", {"club": "tilleul", "title": "Titre", "repeat": "FREQ=WEEKLY;COUNT=2"}, 201, {
        "": f"{CLAIM} occurrences", "occurrences.0": "start end slot state claim",
    }),
    ("DELETE", "/claims/{claim}", None, 204, {}),
    ("GET", "/clubs", None, 200, {"": PAGE}),
    ("GET", "/clubs/tilleul", None, 200, {
        "": CLUB, "consent": "version text", "membership": "id name role",
        "meetings.0": "id title start end house room",
    }),
    ("POST", "/clubs/glycine/join", {"name": "Bruno"}, 202, {"": "state"}),
    ("POST", "/clubs/glycine/leave", None, 404, {"": PROBLEM}),
    ("GET", "/clubs/tilleul/members", None, 200, {"": PAGE, "items.0": "id name role former_name"}),
    ("GET", "/clubs/tilleul/requests", None, 200, {"": PAGE, "items.0": "id name sentence since"}),
    ("POST", "/clubs/tilleul/requests/{request}", {"accept": True}, 200, {"": "state"}),
    ("PUT", "/memberships/{member_ship}/role", {"role": "lead"}, 200, {"": "id name role former_name"}),
    ("GET", "/clubs/tilleul/threads", None, 200, {"": PAGE, "items.0": "id club title seq last_seq last_at"}),
    ("POST", "/clubs/tilleul/threads", {"title": "Titre", "body": "Bonjour.", "client_id": UUID + "1"}, 201, {
        "": "thread message", "thread": "id club title", "message": MESSAGE, "message.author": "id name role",
    }),
    ("GET", "/threads/{thread}/messages", None, 200, {"": PAGE, "items.0": MESSAGE}),
    ("POST", "/threads/{thread}/messages", {"body": "Bonjour.", "client_id": UUID + "2"}, 201, {"": MESSAGE}),
    ("PATCH", "/messages/{mine}", {"body": "Bonsoir."}, 200, {"": MESSAGE}),
    ("DELETE", "/messages/{mine}", None, 204, {}),
    ("PUT", "/messages/{theirs}/reactions/👏", None, 200, {"": "message emoji author", "author": "id name role"}),
    ("DELETE", "/messages/{theirs}/reactions/👏", None, 204, {}),
    ("POST", "/messages/{theirs}/report", {"reason": "hurt"}, 201, {"": "id state"}),
    ("GET", "/reports", None, 200, {"": PAGE, "items.0": "id reason danger state since message enclosed"}),
    ("POST", "/reports/{report}/decision", {"outcome": "keep", "rule": "1", "reason": "Rien."}, 201, {"": "id state"}),
    ("POST", "/memberships/{member_ship}/pause", {"until": "{tomorrow}", "rule": "1", "reason": "Durs."}, 201, {
        "": "id membership until rule reason",
    }),
    ("DELETE", "/memberships/{member_ship}", {"rule": "1", "reason": "Des mots durs."}, 204, {}),
    ("GET", "/clubs/tilleul/changes?since=0", None, 200, {
        "": "seq changes more gap", "changes.0": "club seq kind at data",
    }),
]  # fmt: skip
LATER = [
    ("GET", "/api/v1/search?q=bonjour"),
    ("GET", "/setup"),
    *(("GET", path) for path in ("/metrics", "/sw.js")),
]


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    made = application.make_app(databases.new_database("sqlite"), LIMIT_FACTOR=1000)
    yield Stage(made).keep()
    databases.close(made)


def at(answer: Any, place: str) -> Any:
    for step in filter(None, place.split(".")):
        answer = answer[int(step)] if step.isdigit() else answer[step]
    return answer


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]} {call[1]}")
def test_each_call_answers_what_the_contract_says(stage: Stage, call: Any) -> None:
    method, path, body, status, expected = call
    names = stage.restored().names_for("lead")
    names["other_key"] = names["own_key"]
    answer = stage.api_client("lead").open(told(path, names), method=method, json=told(body, names))
    assert (answer.status_code, answer.data == b"") == (status, status == 204)
    found = {place: sorted(at(answer.json, place)) for place in expected}
    assert found == {place: sorted(fields.split()) for place, fields in expected.items()}


def test_every_call_is_tried(stage: Stage) -> None:
    spec = stage.app.test_client().get("/api/v1/openapi.json").json
    described = sum(len(set(of_path) - {"parameters"}) for of_path in spec["paths"].values())
    assert described == len({(call[0], call[1]) for call in CALLS})


def test_a_withdrawn_message_has_no_body(stage: Stage) -> None:
    names, bruno = stage.restored().names_for("lead"), stage.api_client("lead")
    assert bruno.delete(f"/messages/{names['mine']}").status_code == 204
    items = bruno.get(f"/threads/{names['thread']}/messages").json["items"]
    (gone,) = [message for message in items if message["id"] == names["mine"]]
    assert sorted(gone) == sorted(set(MESSAGE.split()) - {"body", "html"})


def test_the_loser_of_a_slot_is_told_where_else(stage: Stage) -> None:
    names, bruno = stage.restored().names_for("lead"), stage.api_client("lead")
    path, asked = f"/slots/{names['slot']}/claim", {"club": "tilleul", "title": "Titre"}
    assert bruno.post(path, json=asked).status_code == 201
    answer = bruno.post(path, json=asked)
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert sorted(answer.json) == sorted([*PROBLEM.split(), "alternatives"])
    for choice in answer.json["alternatives"]:
        assert sorted(choice["slot"]) == sorted(SLOT.split())


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/clubs/romarin", "/api/v1/nowhere"])
def test_a_refusal_is_a_problem(stage: Stage, path: str) -> None:
    answer = stage.restored().app.test_client().get(path)
    assert answer.mimetype == "application/problem+json"
    assert sorted(answer.json) == sorted(PROBLEM.split())
    assert answer.json["status"] == answer.status_code == (401 if path.endswith("/me") else 404)


@pytest.mark.parametrize(("method", "path"), LATER)
def test_what_comes_later_is_absent(stage: Stage, method: str, path: str) -> None:
    names = stage.restored().names_for("lead")
    secret = stage.api_client("lead").secret
    headers = {"Authorization": f"Bearer {secret}"}
    answer = stage.app.test_client().open(told(path, names), method=method, headers=headers)
    assert answer.status_code == 404


def test_what_comes_later_is_not_described(stage: Stage) -> None:
    spec = stage.app.test_client().get("/api/v1/openapi.json").get_data(as_text=True)
    assert "search" not in spec
