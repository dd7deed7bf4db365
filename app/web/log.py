"""Logs: events by name, never a message, a club, a name, an address or a path."""

import logging

from flask import Flask

from app.core.log import write_from


def init_log(app: Flask) -> None:
    """From the chosen level up. No access log."""
    write_from(str(app.config["LOG_LEVEL"]))
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
