"""One history for both engines, which ends where the models are."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import inspect

from app.core.db import db
from tests.support import databases
from tests.support.application import make_app


@pytest.fixture
def grown(engine: str) -> Flask:
    """An empty database, upgraded to today."""
    app = make_app(databases.empty_database(engine))
    with app.app_context():
        upgrade()
    return app


def test_the_migrations_end_where_the_models_are(grown: Flask) -> None:
    with grown.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_every_table_is_made_from_nothing(grown: Flask) -> None:
    with grown.app_context():
        assert set(inspect(db.engine).get_table_names()) == {*db.metadata.tables, "alembic_version"}


def test_upgrading_again_changes_nothing(grown: Flask) -> None:
    with grown.app_context():
        upgrade()
        assert set(inspect(db.engine).get_table_names()) == {*db.metadata.tables, "alembic_version"}


def test_there_is_one_history() -> None:
    scripts = ScriptDirectory("migrations")
    assert [script.revision for script in scripts.walk_revisions()] == ["0006", "0005", "0004", "0003", "0002", "0001"]


def test_migrations_do_not_know_the_application() -> None:
    scripts = ScriptDirectory("migrations")
    importing = [s.revision for s in scripts.walk_revisions() if "from app" in Path(s.path).read_text()]
    assert importing == []
