"""What every operation of the JSON door has in common, said in its description (OpenAPI 3.1).

Features say what is their own: fields, summary, the refusals that they alone give. Who may call, what can always go
wrong, and that a refusal is a problem object (RFC 9457) follow from the guard and the shape of the operation.
"""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from flask import Flask, current_app

from app.web.guard import SAFE_METHODS, is_exempt, is_open

Operation = dict[str, Any]
JSON = "application/json"
REFUSED = 400
NEEDED = "x-needed"
RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds to wait"}}
WAITS = ("429", "503")
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A refusal (RFC 9457). `code` is stable; `detail` is for the person, in their language.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "field": {"type": "string", "description": "the field to correct"},
        "errors": {"type": "object", "description": "what is wrong, by place and field"},
        "retry_after": {"type": "integer", "description": "seconds to wait"},
        "alternatives": {
            "type": "array",
            "description": "slots that are free at this moment, when one was taken; `online` needs none",
            "items": {
                "type": "object",
                "properties": {
                    "kind": {"type": "string", "enum": ["later", "room", "house", "online"]},
                    "house": {"type": "string"},
                    "slot": {"$ref": "#/components/schemas/SlotOut"},
                },
                "required": ["kind"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
}
INTRODUCTION = """\
Everything that the pages do, for programs. Send `Authorization: Bearer TOKEN` with a token from `POST /tokens`, or the
session cookie (a write then needs `X-CSRFToken`). Refusals are `application/problem+json` (RFC 9457) with a stable
`code`. Lists are `{items, next_cursor}`, paged by `cursor` and `limit`. `club` is a slug, every other id is opaque.
What is not yours is 404, like what does not exist. Answers may gain fields: pass over those you do not know."""


def complete(spec: Any) -> Any:
    """Add to the description what follows from the guard and from the shape of each operation."""
    schemas = spec["components"]["schemas"]
    for generated in ("HTTPError", "ValidationError"):
        schemas.pop(generated, None)
    _name_once(spec)
    for name, schema in schemas.items():
        if name.endswith("Out"):
            # Answers change by addition: what a client does not know it must pass over.
            schema.pop("additionalProperties", None)
        _say_what_is_needed(schema)
    schemas["Problem"] = PROBLEM
    spec["components"]["securitySchemes"] = _ways_to_be_known()
    for method, path, endpoint in _routes(current_app):
        operation = spec["paths"][path][method.lower()]
        operation["operationId"] = endpoint.rpartition(".")[2]
        operation["security"] = _security(method, endpoint)
        operation["responses"] = _answers(method, path, endpoint, operation)
    return spec


def _name_once(spec: Any) -> None:
    """A shape that was met twice has two names: refer to the first."""
    schemas = spec["components"]["schemas"]
    twice = {name: name[:-1] for name in schemas if name[-1].isdigit() and schemas.get(name[:-1]) == schemas[name]}
    for name in twice:
        del schemas[name]
    _refer(spec, {f"#/components/schemas/{name}": f"#/components/schemas/{first}" for name, first in twice.items()})


def _refer(part: Any, instead: dict[str, str]) -> None:
    if isinstance(part, dict):
        if part.get("$ref") in instead:
            part["$ref"] = instead[part["$ref"]]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            _refer(each, instead)


def _say_what_is_needed(schema: Any) -> None:
    """A field that the action itself asks for, in words of its own, looks optional to the checker of shapes."""
    for name, field in schema["properties"].items():
        if field.pop(NEEDED, False):
            kinds = [kind for kind in field["type"] if kind != "null"]
            field["type"] = kinds[0] if len(kinds) == 1 else kinds
            field.pop("default", None)
            schema.setdefault("required", []).append(name)


def _routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/") and not rule.endpoint.startswith("openapi."):
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield method, path, rule.endpoint


def _ways_to_be_known() -> dict[str, Any]:
    return {
        "bearer": {"type": "http", "scheme": "bearer", "description": "a key from `POST /tokens`"},
        "cookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": current_app.config["SESSION_COOKIE_NAME"],
            "description": "the session of a browser; where a token is given too, the cookie does not count",
        },
        "csrf": {
            "type": "apiKey",
            "in": "header",
            "name": "X-CSRFToken",
            "description": 'the token of a page (`<meta name="csrf-token">`), with every write by cookie',
        },
    }


def _security(method: str, endpoint: str) -> list[dict[str, list[str]]]:
    if is_exempt(endpoint):
        return []
    cookie: dict[str, list[str]] = {"cookie": []} if method in SAFE_METHODS else {"cookie": [], "csrf": []}
    known: list[dict[str, list[str]]] = [{"bearer": []}, cookie]
    return [{}, *known] if is_open(endpoint) else known


def _answers(method: str, path: str, endpoint: str, operation: Operation) -> dict[str, Any]:
    said: dict[str, Any] = operation["responses"]
    main = next(answer for status, answer in said.items() if status.startswith("2"))
    for status in _always(method, path, endpoint, operation):
        said.setdefault(status, {})
    return {status: _answer(status, said[status], main) for status in sorted(said)}


def _answer(status: str, said: dict[str, Any], main: dict[str, Any]) -> dict[str, Any]:
    if int(status) < REFUSED:
        # Another good status than the first has the same body.
        return {**said, "content": main["content"]} if "content" in main else said
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    headers = {"headers": RETRY_AFTER} if status in WAITS else {}
    return {"description": HTTPStatus(int(status)).phrase, "content": content, **headers}


def _always(method: str, path: str, endpoint: str, operation: Operation) -> Iterator[str]:
    """What can go wrong whatever the operation does."""
    yield "503"
    if method not in SAFE_METHODS:
        yield from ("400", "413")
    if not is_open(endpoint):
        yield "401"
    if "{" in path:
        yield "404"
    if "requestBody" in operation or any(each["in"] != "path" for each in operation.get("parameters", ())):
        yield "422"
