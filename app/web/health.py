"""Is the process alive, and can it work? For whoever watches over the server; says nothing of people."""

from typing import Any

from flask import Blueprint, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.core import jobs
from app.core.db import db, is_sqlite
from app.web.api import stamp
from app.web.guard import public

bp = Blueprint("health", __name__)
bp.enable_openapi = False  # type: ignore[attr-defined]  # read by APIFlask: nothing outside /api/v1 is described


@bp.get("/healthz")
@public
def show_health() -> Response:
    """The process lives: asks nothing of the database."""
    return jsonify({"status": "ok"})


@bp.get("/readyz")
@public
def show_readiness() -> tuple[Response, int]:
    """The database answers; when due jobs were last looked for."""
    ready = _database_answers()
    body: dict[str, Any] = {
        "status": "ok" if ready else "unavailable",
        "database": "sqlite" if is_sqlite() else "postgresql",
        "queue": "none",
        "jobs_at": stamp(jobs.last_run()),
    }
    return jsonify(body), 200 if ready else 503


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT 1 FROM account LIMIT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True
