"""One region of a page, asked again by the script: ``X-Fragment: <id>`` names the block that is wanted."""

from collections.abc import Mapping
from typing import Any

from flask import make_response, render_template, request
from werkzeug.wrappers import Response


def render_page(template: str, fragments: Mapping[str, str] | None = None, **context: Any) -> Response:
    """The page, or only the block asked for. fragments: element id → the partial that draws it (and it alone).

    The context is the same for both, so rights and words are too; an unknown id gets the whole page.
    """
    wanted = request.headers.get("X-Fragment", "")
    answer = make_response(render_template((fragments or {}).get(wanted, template), **context))
    answer.vary.add("X-Fragment")
    return answer
