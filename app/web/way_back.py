"""The page on which a refused form stood, to lead back to it."""

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

# A GET of these does something: none of them is a page to go back to.
NOT_PAGES = frozenset({"accounts.leave", "reading.choose_language"})


def page_of_form() -> str:
    """The form's own address when that can be opened, else the page of ours that sent it; empty when there is none.

    Without the query: anybody may have written it.
    """
    if request.method != "POST" or request.path.startswith("/api/"):
        return ""
    return next((path for path in (request.path, _sender()) if _is_page(path)), "")


def _sender() -> str:
    try:
        said = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    return said.path if f"{said.scheme}://{said.netloc}" in current_app.config["ORIGINS"] else ""


def _is_page(path: str) -> bool:
    if not path.startswith("/") or path.startswith(("//", "/api/")):
        return False
    try:
        endpoint, _values = current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except (HTTPException, RoutingException):
        return False
    return endpoint not in NOT_PAGES
