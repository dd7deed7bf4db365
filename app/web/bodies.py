"""How much a request may bring: a form is small; a few addresses, each marked so, take a file too.

A file stays in memory until it is dealt with: nothing of it is laid down on the disk on its way.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

from flask import Flask, request
from flask import Request as FlaskRequest
from werkzeug.exceptions import HTTPException

F = TypeVar("F", bound=Callable[..., Any])

FORM_BYTES = 128 * 1024
FILE_BYTES = 2_000_000
# The file and the fields around it.
LARGE_BYTES = FILE_BYTES + FORM_BYTES


class Request(FlaskRequest):
    """Werkzeug would write a larger file into a temporary one."""

    def _get_file_stream(self, *_args: Any, **_kwargs: Any) -> BytesIO:
        return BytesIO()


def takes_a_file(view: F) -> F:
    """The form here may bring a file of 2 MB."""
    view.takes_a_file = True  # type: ignore[attr-defined]
    return view


def is_large(app: Flask, endpoint: str | None) -> bool:
    """Does a form here bring a file?"""
    return getattr(app.view_functions.get(endpoint or ""), "takes_a_file", False)


def most_at(app: Flask, method: str, path: str) -> int:
    """How many bytes a request to this address may bring, before anything of it is read."""
    try:
        endpoint, _values = app.url_map.bind("").match(path, method)
    except HTTPException:
        return FORM_BYTES
    return LARGE_BYTES if is_large(app, endpoint) else FORM_BYTES


def init_bodies(app: Flask) -> None:
    app.request_class = Request

    @app.before_request
    def let_a_file_in() -> None:
        if is_large(app, request.endpoint):
            request.max_content_length = LARGE_BYTES
