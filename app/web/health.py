"""Is the process alive, and can it work? For whoever watches over the server; says nothing of people."""

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.core import bus, jobs
from app.core.clockwork import CANARY, last_ran
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
    """The database answers; whether the processes of the house hear each other; when due jobs were last looked for."""
    ready = _database_answers()
    body: dict[str, Any] = {
        "status": "ok" if ready else "unavailable",
        "database": "sqlite" if is_sqlite() else "postgresql",
        "queue": "redis" if bus.connected() else "none",
        "jobs_at": stamp(_jobs_at() if ready else None),
        "canary_at": stamp(last_ran(CANARY) if ready else None),
    }
    return jsonify(body), 200 if ready else 503


def _jobs_at() -> datetime | None:
    return jobs.noted_run() if current_app.extensions["settings"].redis_url else jobs.last_run()


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT 1 FROM account LIMIT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True
