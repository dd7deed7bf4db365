"""Every route that the table of rights knows: forged writes, frames, sniffing, what a browser keeps, what we fetch."""

import itertools
import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from app.web.guard import is_exempt
from tests.rules.stage import ROLES, Stage, told
from tests.rules.test_rights import READS, WEB, name_of
from tests.security.corpus import corpus
from tests.support import clients, databases
from tests.support.application import make_app

# A write that proves itself by something else than a session: a password in its body, its own Origin, a signed address.
EXEMPT = {"accounts_api.make_token POST", "accounts.leave POST", "mails.stop_mails POST"}
FOREIGN = {"Origin": "https://evil.example", "Referer": "https://evil.example/clubs/tilleul"}


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    app = make_app(databases.new_database("sqlite"), LIMIT_FACTOR=100000)
    yield Stage(app).keep()
    databases.close(app)


def who_may(row: dict[str, Any]) -> str:
    """Somebody for whom the row says yes, signed in if there is one."""
    roles = [role for role in reversed(ROLES) if row["may"][role] == "yes"]
    return roles[0] if roles else "member"


def plain(client: Any, path: str, **how: Any) -> Any:
    """Without the reviewer of pages: another test opens each of them with it."""
    return super(clients.PageClient, client).open(path, **how)


def writes() -> list[dict[str, Any]]:
    """The rows that write, one for each route."""
    rows = [row for row in WEB if row["at"].split()[1] not in READS]
    return list({row["at"]: row for row in reversed(rows)}.values())


PLACEHOLDER = re.compile(r"\{(\w+)\}")


def real(stage: Stage, row: dict[str, Any]) -> dict[str, str]:
    """What a row may name: real objects, and an id of nothing for what only comes by acting before."""
    wanted = PLACEHOLDER.findall(row["path"] + repr(row.get("send", {})))
    return {**dict.fromkeys(wanted, "a" * 26), **stage.known}


def test_no_write_goes_through_without_the_token_of_its_own_session(stage: Stage) -> None:
    """No token, the token of somebody else, and what a page elsewhere would send."""
    stage.restored()
    through: list[tuple[str, int]] = []
    other = stage.page_client("other")
    foreign = other.token()
    asked = [row for row in writes() if row["at"] not in EXEMPT]
    before = stage.rows()
    people: dict[str, Any] = {}
    for row in asked:
        role = who_may(row)
        names = real(stage, row)
        method, path = row["at"].split()[1], told(row["path"], names)
        client = _settled(stage, people, role)
        sent, json_door = told(row.get("send", {}), names), path.startswith("/api/")
        for token, headers in (("", {}), (foreign, {}), ("", FOREIGN)):
            body = {"json": sent} if json_door else {"data": {**sent, **({"csrf_token": token} if token else {})}}
            more = {**headers, **({"X-CSRFToken": token} if json_door and token else {})}
            answer = plain(client, path, method=method, headers=more, **body)
            if answer.status_code not in (400, 401, 403):
                through.append((f"{name_of(row)} as {role}", answer.status_code))
    assert through == [], through
    known = {name: rows for name, rows in stage.rows().items() if name not in ("login_session", "account", "token")}
    assert {name: rows for name, rows in before.items() if name in known} == known
    assert len(asked) > 80


def _settled(stage: Stage, people: dict[str, Any], role: str) -> Any:
    """One browser for each role, which has opened a page."""
    if role not in people:
        people[role] = stage.page_client(role)
        plain(people[role], "/help", method="GET")
    return people[role]


def test_the_writes_that_need_no_token_are_these(stage: Stage) -> None:
    with stage.app.app_context():
        assert {row["at"] for row in writes() if is_exempt(row["at"].split()[0])} == EXEMPT


def test_every_answer_says_how_it_may_be_read_and_framed(stage: Stage) -> None:
    """Pages, errors, calls, files: no frame, no guess of the type; what is a person's is kept nowhere."""
    stage.restored()
    wrong: list[tuple[str, str]] = []
    rows = [row for row in WEB if row["at"].split()[1] == "GET"]
    extra = [{"at": "x GET", "path": path, "may": dict.fromkeys(ROLES, "yes")} for path in ("/nowhere", "/api/v1/no")]
    people: dict[str, Any] = {}
    asked = [row for row in rows + extra if row["at"] != "accounts.leave GET"]
    for row, role in [(each, role) for each in asked for role in {who_may(each), "visitor"}]:
        names, client = real(stage, row), _settled(stage, people, role)
        answer = plain(client, told(row["path"], names), method="GET")
        policy = answer.headers.get("Content-Security-Policy", "")
        if "frame-ancestors 'none'" not in policy or answer.headers.get("X-Content-Type-Options") != "nosniff":
            wrong.append((name_of(row), policy))
        elsewhere = [name for name, _value in answer.headers if name.startswith("Access-Control-")]
        if elsewhere or answer.headers.get("Cross-Origin-Resource-Policy") != "same-origin":
            wrong.append((name_of(row), f"read elsewhere {elsewhere}"))
        if answer.data and "charset" not in answer.content_type and answer.mimetype.startswith("text/"):
            wrong.append((name_of(row), answer.content_type))
        kept = answer.headers.get("Cache-Control", "")
        if role != "visitor" and row["at"] not in KEPT and kept != "no-store":
            wrong.append((f"{name_of(row)} as {role}", kept))
    assert wrong == [], wrong
    assert len(rows) > 100


# The same for everybody: files of the look, and the state of the process.
KEPT = {"static_files.serve GET"}


def test_strings_sent_to_every_route_break_no_page_and_nothing_is_fetched(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every field that a form or a call sends, and unknown ones; what comes back is reviewed as any page."""
    stage.restored()
    called: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, to: called.append(to))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *to, **_how: called.append(to))
    strings, sent_fields, broken = itertools.cycle(corpus()), 0, []
    for row in writes():
        role = who_may(row)
        names = real(stage, row)
        method, path = row["at"].split()[1], told(row["path"], names)
        if row["at"] in ENDS:
            continue
        sent = {key: _hostile(value, strings) for key, value in row.get("send", {}).items()}
        sent_fields += len(sent)
        if path.startswith("/api/"):
            answer = stage.api_client(role).open(path, method=method, json=sent)
            if answer.data and answer.mimetype not in ("application/json", "application/problem+json"):
                broken.append((name_of(row), answer.mimetype))
        else:
            client = stage.page_client(role)
            sent = {**sent, "next": next(strings), "csrf_token": client.token()}
            try:
                answer = client.open(path, method=method, data=sent)
            except AssertionError as error:
                broken.append((name_of(row), str(error)))
                continue
            if answer.location and not answer.location.startswith("/"):
                broken.append((name_of(row), answer.location))
        if answer.status_code >= 500:
            broken.append((name_of(row), str(answer.status_code)))
    assert (broken, called) == ([], []), broken
    assert sent_fields > 100


ENDS = {"accounts.sign_out POST", "accounts.sign_out_everywhere POST", "accounts.leave POST"}


def _hostile(value: Any, strings: Iterator[str]) -> Any:
    """A string in the place of each text; what is a number or a box stays, so that the rest is read."""
    if isinstance(value, str):
        return next(strings)
    return [_hostile(each, strings) for each in value] if isinstance(value, list) else value
