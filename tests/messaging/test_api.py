"""The JSON door of discussions, as the contract says it."""

import re
import uuid
from typing import Any
from urllib.parse import quote

import pytest

MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00Z")
ID = re.compile(r"[a-z2-7]{26}")


def new(body: Any = "Un gâteau.", **told: Any) -> dict[str, Any]:
    return {"client_id": str(uuid.uuid4()), "body": body, **told}


def problem(answer: Any) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    assert {"type", "title", "status", "detail", "code"} <= answer.json.keys()
    assert answer.json["status"] == answer.status_code
    return answer.status_code, answer.json["code"]


@pytest.fixture
def amina(api_of, cast):
    return api_of(cast.amina)


@pytest.fixture
def path(opened):
    return f"/threads/{opened['thread']}/messages"


def test_open_thread(amina, cast):
    answer = amina.post("/clubs/tilleul/threads", json=new("Bonjour.", title="Jeudi"))
    assert answer.status_code == 201
    assert set(answer.json) == {"thread", "message"}
    thread = answer.json["thread"]
    assert thread == {"id": thread["id"], "club": "tilleul", "title": "Jeudi"}
    assert answer.json["message"]["thread"] == thread["id"]
    changes = amina.get("/clubs/tilleul/changes?since=0").json["changes"]
    assert [change["kind"] for change in changes] == ["thread:opened", "message:posted"]
    assert changes[0]["data"] == {
        "id": thread["id"],
        "title": "Jeudi",
        "author": {"id": cast.amina.memberships["tilleul"], "name": "Ama", "role": "member"},
    }
    assert changes[1]["data"] == answer.json["message"]


def test_a_message(amina, cast, opened, path):
    sent = new("Voir **ici** : https://example.org", reply_to=opened["message"])
    answer = amina.post(path, json=sent)
    said = answer.json
    assert answer.status_code == 201
    assert ID.fullmatch(said["id"])
    assert MINUTE.fullmatch(said["posted_at"])
    link = '<a href="https://example.org" rel="nofollow noopener noreferrer ugc">https://example.org</a>'
    assert said == {
        "id": said["id"],
        "thread": opened["thread"],
        "seq": 3,
        "changed_seq": 3,
        "author": {"id": cast.amina.memberships["tilleul"], "name": "Ama", "role": "member"},
        "body": sent["body"],
        "html": f"<p>Voir <strong>ici</strong> : {link}</p>",
        "client_id": sent["client_id"],
        "reply_to": opened["message"],
        "posted_at": said["posted_at"],
        "edited_at": None,
    }
    again = amina.post(path, json=sent)
    assert (again.status_code, again.json) == (200, said)
    assert amina.get(path).json["items"][1] == said


def test_refusals(amina, path):
    sent = new()
    amina.post(path, json=sent)
    assert problem(amina.post(path, json={**sent, "body": "Autre."})) == (409, "client_id_reused")
    assert problem(amina.post(path, json=new(client_id="1"))) == (422, "client_id_invalid")
    assert problem(amina.post(path, json=new(client_id="\0"))) == (422, "client_id_invalid")
    assert problem(amina.post(path, json={"body": "a"})) == (422, "client_id_invalid")
    for odd in (7, True, [], {"a": 1}):
        assert problem(amina.post(path, json=new(client_id=odd))) == (422, "client_id_invalid")
    assert problem(amina.post(path, json=new(""))) == (422, "body_empty")
    assert problem(amina.post(path, json=new(None))) == (422, "body_empty")
    assert problem(amina.post(path, json=new("x" * 4001))) == (422, "body_too_long")
    assert problem(amina.post(path, json=new(7))) == (422, "invalid")
    assert problem(amina.post(path, json=new(reply_to="x"))) == (404, "not_found")
    assert problem(amina.post(path, data="{", content_type="application/json")) == (400, "bad_request")
    assert problem(amina.post("/clubs/tilleul/threads", json=new(title=""))) == (422, "title_empty")


def test_the_budget(amina, path):
    codes = [amina.post(path, json=new()).status_code for _each in range(6)]
    assert codes == [201] * 5 + [429]
    refused = amina.post(path, json=new())
    assert problem(refused) == (429, "too_many")
    assert 1 <= int(refused.headers["Retry-After"]) <= 6


def test_strangers(api_of, visitor, cast, opened, path, zoe):
    message = f"/messages/{opened['message']}"
    for stranger in (cast.chloe, cast.dario, cast.denis, cast.elise, zoe):
        api = api_of(stranger)
        for answer in (
            api.get(path),
            api.post(path, json=new()),
            api.patch(message, json={"body": "a"}),
            api.delete(message),
            api.put(f"{message}/reactions/🙏"),
            api.delete(f"{message}/reactions/🙏"),
        ):
            assert problem(answer) == (404, "not_found")
        if stranger is not zoe:
            assert problem(api.get("/clubs/tilleul/threads")) == (404, "not_found")
            assert problem(api.post("/clubs/tilleul/threads", json=new(title="a"))) == (404, "not_found")
    assert visitor.get(f"/api/v1{path}").status_code == 401
    assert visitor.post(f"/api/v1{path}", json=new()).status_code == 401


def test_what_no_database_holds(amina, opened, path):
    for where in ("/clubs/%00/threads", "/clubs/a%00/changes?since=0", "/threads/%00/messages"):
        assert problem(amina.get(where)) == (404, "not_found")
    assert problem(amina.post("/clubs/a%00/threads", json=new(title="a"))) == (404, "not_found")
    said = amina.post(path, json=new("a\x00\ud83db")).json
    assert said["body"] == "ab"


def test_the_cookie_needs_the_csrf_token(client_of, cast, path):
    client = client_of(cast.amina)
    token = client.token()
    assert problem(client.post(f"/api/v1{path}", json=new()))[0] == 400
    assert client.post(f"/api/v1{path}", json=new(), headers={"X-CSRFToken": token}).status_code == 201


def test_pages_of_messages(amina, cast, opened, path, say):
    for number in range(2, 8):
        say(cast.bruno, f"n{number}")
    everything = [row["seq"] for row in amina.get(path).json["items"]]
    assert everything == list(range(2, 9))

    def follow(query: str) -> list[list[int]]:
        pages, cursor = [], ""
        while cursor is not None:
            answer = amina.get(f"{path}?limit=3{query}{cursor}").json
            pages.append([row["seq"] for row in answer["items"]])
            cursor = answer["next_cursor"] and f"&cursor={answer['next_cursor']}"
        return pages

    assert follow("") == [[2, 3, 4], [5, 6, 7], [8]]
    assert follow("&after=4") == [[5, 6, 7], [8]]
    assert follow("&before=8") == [[5, 6, 7], [2, 3, 4]]
    assert follow("&after=3&before=8") == [[4, 5, 6], [7]]
    assert follow("&after=8") == follow("&before=0") == follow(f"&after={2**53}") == [[]]
    for wrong in ("limit=0", "limit=101", "after=-1", "after=x", "cursor=x", f"cursor={quote('YWZ0ZXIgeA')}"):
        assert amina.get(f"{path}?{wrong}").status_code == 422


def test_pages_of_threads(amina, cast, opened, say):
    ids = [amina.post("/clubs/tilleul/threads", json=new(title=f"n{n}")).json["thread"]["id"] for n in range(3)]
    say(cast.bruno)
    first = amina.get("/clubs/tilleul/threads?limit=3").json
    second = amina.get(f"/clubs/tilleul/threads?limit=3&cursor={first['next_cursor']}").json
    assert [row["id"] for row in first["items"]] == [opened["thread"], ids[2], ids[1]]
    assert ([row["id"] for row in second["items"]], second["next_cursor"]) == ([ids[0]], None)
    assert first["items"][0] == {
        "id": opened["thread"],
        "club": "tilleul",
        "title": "Mardi",
        "seq": 1,
        "last_seq": 9,
        "last_at": first["items"][0]["last_at"],
    }


def test_edit_and_withdraw(amina, api_of, cast, path):
    said = amina.post(path, json=new("Avant.")).json
    where = f"/messages/{said['id']}"
    edited = amina.patch(where, json={"body": "Après."}).json
    assert MINUTE.fullmatch(edited["edited_at"])
    changed = {"body": "Après.", "html": "<p>Après.</p>", "changed_seq": 4, "edited_at": edited["edited_at"]}
    assert edited == {**said, **changed}
    assert problem(amina.patch(where, json={"body": ""})) == (422, "body_empty")
    assert problem(api_of(cast.bruno).patch(where, json={"body": "a"})) == (403, "not_yours")
    assert problem(api_of(cast.bruno).delete(where)) == (403, "not_yours")

    assert [amina.delete(where).status_code for _twice in range(2)] == [204, 204]
    assert amina.get(path).json["items"][1] == {
        **{name: value for name, value in edited.items() if name not in ("body", "html")},
        "changed_seq": 5,
    }
    assert problem(amina.patch(where, json={"body": "a"})) == (410, "message_withdrawn")
    old = amina.get("/clubs/tilleul/changes?since=2").json["changes"]
    assert [(row["kind"], "body" in row["data"]) for row in old] == [
        ("message:posted", False),
        ("message:edited", False),
        ("message:withdrawn", False),
    ]


def test_reactions(amina, cast, opened):
    where = f"/messages/{opened['message']}/reactions"
    author = {"id": cast.amina.memberships["tilleul"], "name": "Ama", "role": "member"}
    for looks in ("🙏", "🙏\ufe0f", "🙏🏿"):
        answer = amina.put(f"{where}/{quote(looks)}")
        assert (answer.status_code, answer.json) == (
            200,
            {"message": opened["message"], "emoji": "🙏", "author": author},
        )
    assert [amina.delete(f"{where}/🙏🏽").status_code for _twice in range(2)] == [204, 204]
    assert problem(amina.put(f"{where}/❤")) == (422, "unknown_reaction")
    assert problem(amina.delete(f"{where}/x")) == (422, "unknown_reaction")
    changes = amina.get("/clubs/tilleul/changes?since=2").json["changes"]
    assert [(row["kind"], row["data"]) for row in changes] == [
        (kind, {"message": opened["message"], "emoji": "🙏", "author": author})
        for kind in ("reaction:added", "reaction:removed")
    ]


def test_the_floor(api_of, cast, opened, path, say, zoe):
    other = api_of(cast.amina).post("/clubs/tilleul/threads", json=new(title="Jeudi")).json["thread"]["id"]
    reader = api_of(zoe)
    assert [row["id"] for row in reader.get("/clubs/tilleul/threads").json["items"]] == [other]
    new_one = say(cast.bruno, "Bienvenue.")
    api_of(cast.amina).put(f"/messages/{opened['message']}/reactions/🙏")
    assert [row["id"] for row in reader.get("/clubs/tilleul/threads").json["items"]] == [opened["thread"], other]
    assert [row["id"] for row in reader.get(path).json["items"]] == [new_one]
    assert reader.get(f"{path}?before=3").json["items"] == []
    told = reader.get("/clubs/tilleul/changes?since=0").json["changes"]
    assert [row["kind"] for row in told] == ["thread:opened", "message:posted", "message:posted", "reaction:added"]
    assert told[3]["data"] is None


def test_a_member_who_left(api_of, cast, path, say, leave):
    mine = say(cast.amina, "Au revoir.")
    leave(cast.amina, "tilleul")
    row = api_of(cast.bruno).get(path).json["items"][1]
    author = {"id": cast.amina.memberships["tilleul"], "name": "Un ancien membre", "role": "former"}
    assert (row["id"], row["author"], row["body"]) == (mine, author, "Au revoir.")
    assert problem(api_of(cast.amina).get(path)) == (404, "not_found")


def test_a_list_costs_the_same_for_one_and_for_many(amina, cast, path, say, queries):
    counts = []
    for number in (1, 3):
        for _each in range(number):
            say(cast.bruno)
        with queries() as asked:
            amina.get(path)
            amina.get("/clubs/tilleul/threads")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_log_costs_the_same_for_one_row_of_a_kind_and_for_three(amina, cast, say, queries):
    counts = []
    for number in (1, 2):
        for _each in range(number):
            said = say(cast.bruno)
            amina.put(f"/messages/{said}/reactions/{quote('🙏')}")
        with queries() as asked:
            amina.get("/clubs/tilleul/changes?since=0")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_post_costs_little(amina, opened, path, queries, engine):
    with queries() as asked:
        amina.post(path, json=new())
    words = [re.match(r"\W*(\w+)\W+(?:INTO )?(\w*)", statement) for statement in asked]
    # PostgreSQL takes the number, writes the row and the log in one way.
    stored = {"sqlite": ["SELECT", "UPDATE", "INSERT", "INSERT"], "postgresql": ["SELECT", "SELECT", "WITH"]}[engine]
    assert [word[1].upper() for word in words if word][-len(stored) :] == stored
    assert len(asked) <= 6
