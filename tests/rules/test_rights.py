"""The rights table: every route and socket event, for every role, tried on real objects."""

import inspect
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from socketio.exceptions import ConnectionError as Refused

from app.clubs.consent import CONSENT_VERSION
from app.core import realtime
from tests.rules.first import FIRST
from tests.rules.stage import ROLES, Stage, told
from tests.support import clients, databases
from tests.support.application import make_app
from tests.support.process import Server
from tests.support.sockets import Socket

TABLES = [tomllib.loads(path.read_text()) for path in sorted((Path(__file__).parent / "rights").glob("*.toml"))]
ROWS: list[dict[str, Any]] = [row for table in TABLES for row in table["row"]]
WEB = [row for row in ROWS if not row["at"].startswith("socket ")]
LIVE = [row for row in ROWS if row["at"].startswith("socket ") and row["at"] != "socket connect"]
READS = ("GET", "HEAD", "OPTIONS")
# Asked by actions although loading by right has refused everybody for whom they would say no.
NEVER_DECIDE = {
    *("can_post_message", "can_react", "can_answer_meeting"),
    "can_take_part",
    *("can_open_ballot", "can_vote"),
    *("can_answer_session", "can_check_in", "can_hold_slot", "can_act_for_club"),
    *("can_open_poll", "can_answer_poll", "can_read_place", "can_read_attendance"),
}


def name_of(row: dict[str, Any]) -> str:
    return " ".join(str(row.get(part, "")) for part in ("at", "path", "send", "first")).rstrip()


def refusals(row: dict[str, Any]) -> list[str]:
    return [role for role in ROLES if row["may"][role] != "yes"]


@pytest.fixture(scope="module")
def house() -> Iterator[Stage]:
    """Everything once; each test begins from it again."""
    app = make_app(databases.new_database("sqlite"), LIMIT_FACTOR=1000)
    yield Stage(app).keep()
    databases.close(app)


def ask(stage: Stage, row: dict[str, Any], role: str) -> tuple[str, bool]:
    """Try one cell: what the door said in the words of the table, and whether anything changed."""
    _endpoint, method = row["at"].split()
    json_door = row["path"].startswith("/api/")
    client = stage.api_client(role) if json_door else stage.page_client(role)
    names = {**stage.names_for(role, row), "consent": CONSENT_VERSION}
    if "first" in row:
        names |= FIRST[row["first"]](stage, client, role)
    path, sent = told(row["path"], names), told(row.get("send", {}), names)
    if method not in READS and not json_door:
        sent = {"csrf_token": client.token(), **sent}
    body = {} if method in READS else ({"json": sent} if json_door and sent else {"data": sent})
    before = stage.rows()
    answer = client.open(path, method=method, **body)
    changed = stage.rows() != before
    return said_by(answer, method, changed=changed), changed


def said_by(answer: Any, method: str, *, changed: bool) -> str:
    status, location = answer.status_code, answer.headers.get("Location", "")
    if status >= 400:
        return str(status)
    if location.startswith("https://"):
        return "gone"
    if location.startswith("/sign-in") and not location.startswith("/sign-in/code"):
        return "sign-in"
    if method in READS:
        return "back" if location else "yes"
    if changed:
        return "yes"
    return "back" if location else "same"


@pytest.mark.parametrize("row", WEB, ids=name_of)
def test_every_no_is_a_no_and_changes_nothing(house: Stage, row: dict[str, Any]) -> None:
    stage = house.restored()
    expected = {role: (row["may"][role].partition(" by ")[0], ends_session(row, role)) for role in refusals(row)}
    assert {role: ask(stage, row, role) for role in refusals(row)} == expected


def ends_session(row: dict[str, Any], role: str) -> bool:
    """The one "no" that changes something: the way out ends the session it came with."""
    return row["may"][role] == "gone" and role != "visitor"


@pytest.mark.parametrize("row", WEB, ids=name_of)
def test_every_yes_succeeds_and_a_write_changes_something(house: Stage, row: dict[str, Any]) -> None:
    roles = [role for role in ROLES if row["may"][role] == "yes"]
    reads = row["at"].endswith(READS)
    stage, found = house.restored(), {}
    for role in roles:
        if not reads:
            house.restored()
        found[role] = ask(stage, row, role)[0]
    assert found == dict.fromkeys(roles, "yes")


def policies() -> dict[str, list[Any]]:
    """Every ``can_*`` of the application, with the modules that call it."""
    found: dict[str, list[Any]] = {}
    for name, module in list(sys.modules.items()):
        if name.startswith("app."):
            for each, value in vars(module).items():
                if each.startswith("can_") and inspect.isfunction(value):
                    found.setdefault(each, []).append(module)
    return found


def decided() -> list[tuple[dict[str, Any], str, str]]:
    """The cells that a policy decides: row, role, policy."""
    cells = ((row, role, row["may"][role].partition(" by ")[2]) for row in WEB for role in ROLES)
    return [cell for cell in cells if cell[2]]


@pytest.mark.parametrize("cell", decided(), ids=lambda cell: f"{name_of(cell[0])} {cell[1]}")
def test_a_policy_that_always_says_yes_turns_its_no_red(
    house: Stage, monkeypatch: pytest.MonkeyPatch, cell: tuple[dict[str, Any], str, str]
) -> None:
    row, role, _policy = cell
    stage = house.restored()
    for name, modules in policies().items():
        for module in modules:
            monkeypatch.setattr(module, name, lambda *_args, **_kwargs: True)
    assert ask(stage, row, role)[0] == "yes"


def test_every_policy_decides_a_cell_of_the_table(house: Stage) -> None:
    named = {policy for _row, _role, policy in decided()}
    assert named | NEVER_DECIDE == set(policies())
    assert named & NEVER_DECIDE == set()


def test_every_route_stands_in_the_table(house: Stage) -> None:
    known = {
        f"{rule.endpoint} {method}"
        for rule in house.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {row["at"] for row in WEB} == known


def test_every_socket_event_stands_in_the_table(house: Stage) -> None:
    known = set(realtime.socketio.server.handlers["/"]) - {"disconnect", "*"}
    assert {row["at"].removeprefix("socket ") for row in ROWS if row["at"].startswith("socket ")} == known


def test_every_row_says_why_and_what_for_each_role() -> None:
    assert [name_of(row) for row in ROWS if not row["why"].endswith(".") or set(row["may"]) != set(ROLES)] == []
    assert [set(table["absent"]) for table in TABLES if "absent" in table] == [{"kiosk"}]


def test_no_row_stands_twice() -> None:
    names = [name_of(row) for row in ROWS]
    assert sorted(set(names)) == sorted(names)


@pytest.fixture(scope="module")
def live_house() -> Iterator[Server]:
    server = Server(databases.new_database("sqlite")).start()
    yield server
    server.stop()
    databases.close(server.app)


def speak(stage: Stage, server: Server, row: dict[str, Any], role: str) -> str:
    person = stage.people[role]
    if person is None:
        with pytest.raises(Refused):
            Socket(server.url)
        return "401"
    names = stage.names_for(role)
    socket = Socket(server.url, clients.api_of(server.app, person).secret)
    answer = socket.call(row["at"].removeprefix("socket "), told(row["send"], names))
    socket.close()
    return "yes" if answer["ok"] else str(answer["problem"]["status"])


@pytest.mark.parametrize("row", LIVE, ids=name_of)
def test_every_event_answers_each_role(live_house: Server, row: dict[str, Any]) -> None:
    stage = Stage(live_house.app, keep="revocation")
    found = {}
    for role in ROLES:
        before = stage.rows()["message"]
        found[role] = speak(stage, live_house, row, role)
        stores = row["at"] == "socket message:post" and found[role] == "yes"
        assert (stage.rows()["message"] != before) is stores
        if stores:
            stage = Stage(live_house.app, keep="revocation")
    assert found == row["may"]
