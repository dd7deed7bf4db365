"""How the application is put together: the only place that knows every feature.

A feature is a package whose doors have fixed names: ``routes.py`` (pages), ``api.py`` (JSON), ``sockets.py``
(Socket.IO), ``jobs.py`` (the clock).
"""

import importlib
import importlib.util
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from apiflask import APIFlask
from flask import Flask
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import ROOT, Settings, load_settings
from app.core.db import engine_options, init_db
from app.core.limits import Limiter
from app.core.realtime import init_realtime
from app.core.shared_limits import SharedLimiter
from app.web.api import PREFIX, init_api
from app.web.assets import init_assets
from app.web.bodies import FORM_BYTES, init_bodies
from app.web.cookie import init_cookie
from app.web.errors import init_errors
from app.web.filters import init_filters
from app.web.guard import init_guard, public
from app.web.headers import init_headers
from app.web.health import bp as health
from app.web.log import init_log
from app.web.reading import init_reading
from app.web.same_session import init_same_session

FEATURES = (
    "accounts", "accounts.mails", "accounts.proofs", "accounts.cards", "accounts.leaving", "houses", "houses.setup",
    "houses.team", "houses.devices", "houses.cards", "houses.locks", "houses.assisted",
    "houses.partners", "houses.advice", "houses.shelf", "clubs", "clubs.invitations",
    "messaging", "messaging.keeping", "messaging.archives", "rooms", "rooms.staff", "rooms.closures",
    "rooms.imports", "rooms.series",
    "rooms.evenings", "rooms.sessions", "rooms.draw", "rooms.waiting", "rooms.doors", "rooms.presence", "rooms.behalf",
    "clubs.founding", "clubs.doors", "clubs.shelf", "meetings", "meetings.today",
    "meetings.calendars", "meetings.places", "meetings.tasks", "meetings.ballots",
    "meetings.programme", "meetings.minutes", "meetings.attendance", "meetings.talks",
    "practice", "practice.cards", "practice.grids",
    "meetings.polls",
    "meetings.paths",
    "facilitation", "facilitation.reports",
    "facilitation.pauses", "facilitation.support", "facilitation.visits", "facilitation.break_glass", "pages",
    "pages.journal", "pages.desk", "pages.legal", "pages.needs", "pages.kept",
)  # fmt: skip
DOORS = ("models", "live", "jobs", "routes", "api", "sockets")
INITS: tuple[Callable[[APIFlask], None], ...] = (
    init_cookie, init_log, init_db, init_api, init_assets, init_errors, init_bodies, init_guard, init_same_session,
    init_reading, init_filters,
)  # fmt: skip


def build(settings: Settings | None = None) -> Flask:
    """See ``app.create_app``."""
    app = _bare(settings or load_settings())
    for init in INITS:
        init(app)
    Compress(app)
    init_headers(app)
    app.register_blueprint(health)
    _open_doors(app)
    public(app.view_functions["openapi.spec"])
    init_realtime(app, app.config["ORIGINS"])
    _add_commands(app)
    return app


def _bare(known: Settings) -> APIFlask:
    """The application with its settings, before anything is plugged in."""
    app = APIFlask(
        "app",
        title="Pépinière",
        version="1",
        spec_path=f"{PREFIX}/openapi.json",
        docs_path=None,
        json_errors=False,
        static_folder=None,  # type: ignore[arg-type]
        instance_path=str(known.instance),
    )
    # A path with two slashes would be answered by an address made of the request's Host.
    app.url_map.merge_slashes = False
    app.config.from_mapping(flask_config(known))
    app.extensions["settings"] = known
    app.extensions["limiter"] = SharedLimiter(known.redis_url) if known.redis_url else Limiter()
    if known.trusted_proxies:
        hops = known.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def flask_config(known: Settings) -> dict[str, Any]:
    """Settings in the names that Flask and its extensions know."""
    return {
        "SECRET_KEY": known.secret_key,
        "SQLALCHEMY_DATABASE_URI": known.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(known.database_url),
        "MIGRATIONS_DIR": ROOT / "migrations",
        "BASE_URL": known.base_url,
        "ORIGINS": known.origins,
        "EXIT_URL": known.exit_url,
        "LIMIT_FACTOR": known.limit_factor,
        "LOG_LEVEL": known.log_level,
        "DEFAULT_LOCALE": known.default_locale,
        "BABEL_DEFAULT_LOCALE": known.default_locale,
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
        "SESSION_COOKIE_NAME": "__Host-session" if known.secure else "session",
        "SESSION_COOKIE_SECURE": known.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=90),
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": True,
        "MAX_CONTENT_LENGTH": FORM_BYTES,
        "MAX_FORM_MEMORY_SIZE": FORM_BYTES,
        "COMPRESS_STREAMS": False,
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _open_doors(app: APIFlask) -> None:
    for feature in FEATURES:
        for door in DOORS:
            name = f"app.{feature}.{door}"
            if not _is_there(name):
                continue
            bp = getattr(importlib.import_module(name), "bp", None)
            if bp is not None:
                if door == "routes":
                    bp.enable_openapi = False
                app.register_blueprint(bp)


def _is_there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _add_commands(app: Flask) -> None:
    from app.cli import register_commands

    register_commands(app)
