"""Every refusal becomes a page in plain words, or a problem object (RFC 9457) at the JSON door."""

from http import HTTPStatus
from typing import Any

import structlog
from apiflask import HTTPError
from flask import Flask, current_app, g, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import BadHost, HTTPException
from werkzeug.wrappers import Response

from app.core import metrics
from app.core.db import AWAY, db
from app.core.errors import DomainError, Full, Invalid, NotFound, TooMany, Unavailable
from app.web.bodies import is_large
from app.web.guard import must_sign_in, typed_text, wants_json
from app.web.reading import reading_context
from app.web.way_back import page_of_form

log = structlog.get_logger()
# A NUL, half a surrogate pair or a number of thirty digits, where something is asked for: no database holds it.
NO_SUCH_TEXT = (DataError, UnicodeEncodeError, OverflowError)
PAGES = frozenset({400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503})


def problem(error: DomainError) -> dict[str, Any]:
    """The problem object of RFC 9457, with our stable ``code``."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": str(error.detail),
        "code": error.code,
        **({"field": error.field} if error.field else {}),
        **error.extra,
    }


def init_errors(app: Flask) -> None:
    app.register_error_handler(DomainError, refusal)
    app.register_error_handler(HTTPError, _api_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(BadHost, _bad_host)
    for away in AWAY:
        app.register_error_handler(away, _database_away)
    for unheard in NO_SUCH_TEXT:
        app.register_error_handler(unheard, _no_such_text)
    app.register_error_handler(Exception, _unforeseen)
    app.after_request(_count)


def _count(answer: Response) -> Response:
    """A refusal by its code, or by its status where a page says it beside the form."""
    if answer.status_code >= 400:
        door = "api" if request.path.startswith("/api/") else "page"
        metrics.REFUSALS.labels(g.pop("refused", None) or f"http_{answer.status_code}", door).inc()
    return answer


def _answer(error: DomainError) -> Response:
    g.refused = error.code
    if wants_json():
        answer = jsonify(problem(error))
        answer.mimetype = "application/problem+json"
    else:
        page = error.status if error.status in PAGES else (500 if error.status >= 500 else 400)
        try:
            answer = make_response(_page(page, error))
        except Exception as broken:  # what is broken may break the page that says so: the plainest one is left
            log.error("error_page_failed", error=type(broken).__name__)
            error = Unavailable()
            answer = make_response(_page(503, error))
    answer.status_code = error.status
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.retry_after)
    if error.status == 503:
        answer.headers["Retry-After"] = "20"
    if error.status == 401 and wants_json():
        # What RFC 9110 asks of a 401; a browser shows no window of its own for it.
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _page(status: int, error: DomainError) -> str:
    if status == 503:
        # No context processor: they read the database, which is what is away.
        known = {"house": current_app.extensions.get("house_shown"), "exit_url": current_app.config["EXIT_URL"]}
        known["why"] = error.detail if isinstance(error, Full) else None
        return current_app.jinja_env.get_template("errors/503.html").render(**reading_context(), **known)
    ways = {"must_sign_in": must_sign_in(), "page_of_form": page_of_form()}
    return render_template(f"errors/{status}.html", error=error, kept=typed_text(), **ways)


def refusal(error: DomainError) -> Response:
    """How a refusal is said: a page, or a problem at the JSON door."""
    return _answer(error)


def _api_error(error: HTTPError) -> Response:
    """What APIFlask refuses by itself: a body that is not JSON, a field of the wrong shape."""
    if error.status_code == 422:
        fields: Any = error.detail
        return _answer(Invalid("invalid", _("Il reste une chose à corriger."), errors=fields))
    return _answer(DomainError("bad_request", status=error.status_code))


def _csrf_error(_error: CSRFError) -> Response:
    return _answer(DomainError("csrf", _("La page est restée ouverte trop longtemps. Rechargez-la, puis recommencez.")))


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status == 404:
        return _answer(NotFound())
    if status == 405:
        answer = _answer(DomainError("method_not_allowed", _("Cette adresse ne fait pas cela."), status=405))
        answer.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or [])
        return answer
    if status == 413:
        return _answer(_too_large())
    return _answer(DomainError("bad_request", status=status))


def _too_large() -> DomainError:
    if is_large(current_app, request.endpoint):
        words = _("Ce fichier est trop gros : 2 Mo au plus. Revenez en arrière, et choisissez-en un plus petit.")
        return DomainError("file_too_large", words, status=413)
    return DomainError("too_large", _("C’est trop gros. Envoyez moins à la fois."), status=413)


def _bad_host(_error: BadHost) -> Response:
    # No page: the links on it need an address.
    said = DomainError()
    return _answer(said) if wants_json() else Response(str(said.detail), said.status, mimetype="text/plain")


def _start_afresh() -> None:
    """PostgreSQL refuses every statement after one that failed, and the page that says so asks for the house's name."""
    try:
        db.session.rollback()
    except SQLAlchemyError as error:
        log.error("rollback_failed", error=type(error).__name__)


def _database_away(error: Exception) -> Response:
    _start_afresh()
    log.error("database_away", error=type(error).__name__)
    return _answer(Unavailable())


def _no_such_text(error: Exception) -> Response:
    log.warning("no_such_text", error=type(error).__name__, endpoint=request.endpoint)
    _start_afresh()
    return _answer(NotFound())


def _unforeseen(error: Exception) -> Response:
    _start_afresh()
    # The type and the place, never the text: it may quote what a person wrote.
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place is not None else ""
    log.error("unforeseen", error=type(error).__name__, where=where, endpoint=request.endpoint)
    return _answer(DomainError("internal", _("Quelque chose s’est cassé chez nous. Rien n’est perdu."), status=500))
