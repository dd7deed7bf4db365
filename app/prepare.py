"""Before the server: migrate, and fill the demo house when the database is empty and nobody else can reach it."""

from flask import Flask
from flask_migrate import upgrade

from app.config import Settings


def prepare(app: Flask, settings: Settings) -> None:
    """Bring the database to the present state of the tables."""
    with app.app_context():
        upgrade()
        if settings.loopback:
            from app.demo.load import load_demo_if_empty

            load_demo_if_empty()
