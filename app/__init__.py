"""Pépinière: the online side of a house that hosts self-organising clubs."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The application. Raises SettingError when a setting is wrong."""
    # Not at the top: Python loads this package before app.server, which must patch threads and sockets before
    # anything else is imported. A lock made earlier would stop the whole loop instead of one request.
    from app.factory import build

    return build(settings)
