"""Logs: events by name, never a message, a club, a name, an address or a path."""

import logging
import sys

import structlog
from flask import Flask


def init_log(app: Flask) -> None:
    """One JSON object a line on standard error, from the chosen level up. No access log."""
    level = getattr(logging, str(app.config["LOG_LEVEL"]).upper())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries may put a path, an address or a statement's values into what they log.
    for name in (
        app.logger.name,
        "werkzeug",
        "sqlalchemy",
        "socketio",
        "engineio",
        "socketio.server",
        "engineio.server",
    ):
        logging.getLogger(name).setLevel(logging.CRITICAL)
