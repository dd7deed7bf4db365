"""The JSON door: one blueprint under ``/api/v1``, described by OpenAPI 3.1.

Features register their own blueprints with ``blueprint(name)``; bodies are checked by marshmallow schemas, so that
the description and the check are one thing.
"""

import base64
import binascii
import json
import warnings
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from apiflask import APIBlueprint, APIFlask, FileSchema, Schema
from apiflask.fields import Boolean, Integer, List, Nested, String
from apiflask.schema_adapters.marshmallow import parser
from apiflask.validators import Length, Range
from flask import Request, request

from app.core.clock import to_the_minute
from app.core.errors import DomainError, Invalid
from app.web.description import INTRODUCTION, NEEDED, complete

T = TypeVar("T")
PREFIX = "/api/v1"
MAX_LIMIT = 100
SETTINGS = {
    "OPENAPI_VERSION": "3.1.0",
    "SPEC_FORMAT": "json",
    "VALIDATION_ERROR_STATUS_CODE": 422,
    "AUTO_404_RESPONSE": False,
    "AUTO_VALIDATION_ERROR_RESPONSE": False,
    "AUTO_AUTH_ERROR_RESPONSE": False,
    "DESCRIPTION": INTRODUCTION,
    "LICENSE": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
    "SERVERS": [{"url": "/"}],
}


class YesOrNo(Boolean):
    """``true`` or ``false``, and nothing that Python takes for them: 0 is no answer."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class PageQuery(Schema):
    """Every list is paged."""

    cursor = String(metadata={"description": "next_cursor of the page before"})
    limit = Integer(load_default=50, validate=Range(1, MAX_LIMIT))


class Answer(Schema):
    """What an answer holds is always there, but for fields that say ``metadata={"sometimes": True}``."""

    def on_bind_field(self, field_name: str, field_obj: Any) -> None:
        field_obj.required = not field_obj.metadata.get("sometimes", False)


SOMETIMES = {"sometimes": True}


def blueprint(name: str) -> APIBlueprint:
    """A feature's part of the JSON door."""
    return APIBlueprint(f"{name}_api", f"app.{name}.api", url_prefix=PREFIX, tag=name.capitalize())


@parser.location_loader("json")
def load_json(asked: Request, schema: Any) -> Any:
    """The body of a request. Raises DomainError for one nested too deep, or with a number too long to be read."""
    try:
        found = parser.load_json(asked, schema)
        return _encodable(found) if asked.is_json and b"\\ud" in asked.get_data().lower() else found
    except (RecursionError, ValueError) as error:
        raise DomainError() from error


def _encodable(found: Any) -> Any:
    # Half a surrogate pair can be written in JSON, and in no database.
    return json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "ignore"))


def paged(items: Sequence[T], limit: int, cursor_of: Callable[[T], str], show: Callable[[T], Any]) -> dict[str, Any]:
    """``{items, next_cursor}`` from at most ``limit + 1`` rows."""
    page = list(items[:limit])
    more = len(items) > limit
    return {
        "items": [show(row) for row in page],
        "next_cursor": encode_cursor(cursor_of(page[-1])) if more else None,
    }


def encode_cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> str | None:
    """What the cursor holds. Raises Invalid for one that we did not give."""
    if not cursor:
        return None
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError) as error:
        raise Invalid("cursor_invalid", field="cursor") from error


def stamp(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the minute."""
    return None if moment is None else to_the_minute(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def init_api(app: APIFlask) -> None:
    app.config.from_mapping(SETTINGS)
    app.spec_processor(complete)
    # One schema in several answers is meant; the description refers to it once.
    warnings.filterwarnings("ignore", message=".*already been added to the spec", module="apispec")


__all__ = [
    "NEEDED", "SOMETIMES", "Answer", "FileSchema", "Integer", "Length", "List", "Nested", "PageQuery", "Schema",
    "String", "YesOrNo", "blueprint", "decode_cursor", "encode_cursor", "paged", "request", "stamp",
]  # fmt: skip
