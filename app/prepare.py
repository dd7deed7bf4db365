"""Before the server: compile the translations, migrate, fill the demo house.

The demo is made only when the database is empty, nobody else can reach it, and DEMO is not off.
"""

from flask import Flask
from flask_migrate import upgrade

from app.config import Settings
from app.web.catalogues import compile_catalogues


def prepare(app: Flask, settings: Settings) -> None:
    """Bring translations and database to the present state of the code."""
    compile_catalogues()
    with app.app_context():
        upgrade()
        if settings.loopback and settings.demo:
            from app.demo.load import load_demo_if_empty

            load_demo_if_empty()
