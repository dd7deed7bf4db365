"""The description of the JSON door: valid OpenAPI 3.1, every route and no other, and every answer as it says.

Schemathesis makes the calls from the description, with a fixed seed, as a visitor, a member, a lead and staff; half of
them name real objects of the club Tilleul. None may end in an error of ours, or in anything the description leaves out.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.web.guard import is_open
from tests.rules.stage import Stage
from tests.support import application, databases
from tests.support.factories import PASSWORD

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
QUICK = settings(
    max_examples=6,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
REAL = {
    "slug": ("tilleul", "glycine", "romarin", "canal"),
    "thread_id": ("thread",),
    "message_id": ("mine", "theirs"),
    "emoji": ("🙏", "🚀"),
    "slot_id": ("slot",),
    "claim_id": ("claim", "open_claim"),
    "request_id": ("request",),
    "membership_id": ("member_ship", "lead_ship"),
    "token_id": ("their_key",),
    "report_id": ("report",),
}
MOST = 4
BODIES: dict[str, dict[str, Any]] = {
    "report_message": {"reason": "hurt"},
    "decide_report": {"outcome": "hide", "rule": "1", "reason": "Cela blesse."},
    "make_token": {"email": "bruno@demo.example", "password": PASSWORD, "label": "essai"},
    "join_club": {"name": "Zélie"},
    "decide_request": {"accept": True},
    "set_role": {"role": "lead"},
    "open_thread": {"title": "Titre", "body": "Bonjour.", "client_id": "8f14e45f-ceea-467f-a9d1-0b1f4f3b9a11"},
    "post_message": {"body": "Bonjour.", "client_id": "8f14e45f-ceea-467f-a9d1-0b1f4f3b9a12"},
    "edit_message": {"body": "Bonsoir."},
    "claim_slot": {"club": "tilleul", "title": "Titre"},
}


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    made = application.make_app(databases.new_database("sqlite"), LIMIT_FACTOR=1000)
    yield Stage(made).keep()
    databases.close(made)


@pytest.fixture(scope="module")
def spec(stage: Stage) -> dict[str, Any]:
    found: dict[str, Any] = stage.app.test_client().get("/api/v1/openapi.json").json
    return found


@pytest.fixture(scope="module")
def described(stage: Stage) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", stage.app)


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, of_path in spec["paths"].items():
        for method, operation in of_path.items():
            if method != "parameters":
                yield method.upper(), path, operation


def routes(app: Flask) -> dict[tuple[str, str], str]:
    """Every route under /api/v1 but the description itself, as the description writes addresses."""
    found = {}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/") and rule.endpoint != "openapi.spec":
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            found |= {(method, path): rule.endpoint for method in rule.methods - {"HEAD", "OPTIONS"}}
    return found


def test_it_is_valid(described: Any, spec: dict[str, Any]) -> None:
    described.validate()
    assert (spec["openapi"], spec["info"]["title"]) == ("3.1.0", "Pépinière")


def test_every_route_is_in_it_and_no_other(stage: Stage, spec: dict[str, Any]) -> None:
    assert {(method, path) for method, path, _ in operations(spec)} == set(routes(stage.app))
    assert [path for path in spec["paths"] if not path.startswith("/api/v1/")] == []
    assert len(routes(stage.app)) >= 25


def test_every_operation_has_a_name_of_its_own_and_a_summary(spec: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(spec)]
    assert len(set(names)) == len(names)
    assert [path for _, path, operation in operations(spec) if not operation.get("summary")] == []


def test_it_says_how_one_is_known(stage: Stage, spec: dict[str, Any]) -> None:
    schemes = spec["components"]["securitySchemes"]
    assert {name: (s["type"], s.get("in")) for name, s in schemes.items()} == {
        "bearer": ("http", None),
        "cookie": ("apiKey", "cookie"),
        "csrf": ("apiKey", "header"),
    }
    assert (schemes["cookie"]["name"], schemes["csrf"]["name"]) == ("session", "X-CSRFToken")
    for method, path, operation in operations(spec):
        cookie = {"cookie": []} if method == "GET" else {"cookie": [], "csrf": []}
        known = [{"bearer": []}, cookie]
        public = is_public(stage.app, routes(stage.app)[method, path])
        expected = [] if path == "/api/v1/tokens" and public else ([{}, *known] if public else known)
        assert (path, operation["security"]) == (path, expected)


def is_public(app: Flask, endpoint: str) -> bool:
    with app.app_context():
        return is_open(endpoint)


def test_refusals_are_problems(spec: dict[str, Any]) -> None:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    seen = 0
    for _, path, operation in operations(spec):
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                seen += 1
                assert (path, status, answer["content"]) == (path, status, problem)
    assert seen > 100
    required = spec["components"]["schemas"]["Problem"]["required"]
    assert required == ["type", "title", "status", "detail", "code"]


def test_who_must_wait_is_told_how_long(spec: dict[str, Any]) -> None:
    for _, path, operation in operations(spec):
        for status, answer in operation["responses"].items():
            assert (path, "Retry-After" in answer.get("headers", {})) == (path, status in ("429", "503"))


def test_answers_say_what_they_hold(spec: dict[str, Any]) -> None:
    """No answer with a body is left undescribed, and what is always there is required."""
    for _, path, operation in operations(spec):
        for status, answer in operation["responses"].items():
            if status.startswith("2") and status != "204":
                if path in FILES:
                    assert answer["content"] == {FILES[path]: {"schema": {"type": "string", "format": "binary"}}}
                else:
                    schema = answer["content"]["application/json"]["schema"]
                    assert (path, status, list(schema)) == (path, status, ["$ref"])
    out = {name: schema for name, schema in spec["components"]["schemas"].items() if not name.endswith("In")}
    partly = {name: sorted(set(s["properties"]) - set(s.get("required", []))) for name, s in out.items()}
    assert {name: left for name, left in partly.items() if left} == {
        "AuthorOut": ["former_name"],
        "ClaimOut": ["occurrences"],
        "ClubOut": ["membership"],
        "HolderOut": ["club", "door_word", "id", "public", "title"],
        "MessageOut": ["body", "hidden", "html"],
        "OccurrenceOut": ["claim", "code"],
        "ReportOut": ["note", "reporter"],
        "Problem": ["alternatives", "errors", "field", "retry_after"],
        "SlotOut": ["claim", "held_until"],
    }


@pytest.mark.parametrize("role", ["visitor", "member", "lead", "facilitator"])
def test_every_answer_is_as_described(stage: Stage, described: Any, role: str) -> None:
    statuses: dict[str, set[int]] = {}
    for result in described.get_all_operations():
        operation = result.ok()
        names = {**stage.restored().names_for(role), "their_key": "a" * 26}
        secret = getattr(stage.api_client(role), "secret", "")
        headers = {"Accept-Encoding": "identity", **({"Authorization": f"Bearer {secret}"} if secret else {})}
        statuses[operation.label] = tried(operation, names, headers)
    assert len(statuses) >= 25
    answered = {status for seen in statuses.values() for status in seen}
    assert answered >= EXPECTED[role]


FILES = {"/api/v1/me/archive": "application/zip"}
EXPECTED = {
    "visitor": {200, 401, 404, 422},
    "member": {200, 201, 204, 403, 404, 422},
    "lead": {200, 201, 204, 403, 404, 422},
    "facilitator": {200, 403, 404, 422},
}


def tried(operation: Any, names: dict[str, str], headers: dict[str, str]) -> set[int]:
    """The answers to calls that make sense, then to others; each is checked."""
    seen: set[int] = set()

    def check(case: Any) -> None:
        if case.query and "wait" in case.query:
            case.query["wait"] = 0
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)
        seen.add(answer.status_code)

    @seed(20261102)
    @QUICK
    @given(case=operation.as_strategy(), real=st.booleans(), pick=st.integers(0, MOST - 1))
    def try_others(case: Any, real: bool, pick: int) -> None:
        if real:
            case.path_parameters = real_place(operation, names, pick)
        check(case)

    for pick in range(MOST if "{slug}" in operation.path else 1):
        body = BODIES.get(operation.definition.raw["operationId"])
        said = {"body": body, "media_type": "application/json"} if body else {}
        check(operation.Case(path_parameters=real_place(operation, names, pick), **said))
    try_others()
    return seen


def real_place(operation: Any, names: dict[str, str], pick: int) -> dict[str, str]:
    """What the address names, of the objects that are there."""
    chosen = {key: REAL[key][pick % len(REAL[key])] for key in re.findall(r"{(\w+)}", operation.path)}
    return {key: names.get(value, value) for key, value in chosen.items()}


def test_a_message_says_what_it_needs(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    needed = {name: sorted(schemas[name].get("required", [])) for name in ("MessageIn", "ThreadIn", "BodyIn")}
    assert needed == {
        "MessageIn": ["body", "client_id"],
        "ThreadIn": ["body", "client_id", "title"],
        "BodyIn": ["body"],
    }
    assert [name for name in schemas if name[-1].isdigit()] == []
