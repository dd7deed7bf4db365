"""One history for both engines, which ends where the models are."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import inspect, text

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


def test_the_migrations_end_where_the_models_are(grown: Flask, engine: str) -> None:
    def compared(_object: object, _name: str, kind: str, *_more: object) -> bool:
        # What is read of SQLite leaves out what becomes of a key that stands with its column: see the next test.
        return engine != "sqlite" or kind != "foreign_key_constraint"

    with grown.app_context(), db.engine.connect() as connection:
        opts = {"compare_type": True, "include_object": compared}
        assert compare_metadata(MigrationContext.configure(connection, opts=opts), db.metadata) == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_migrations_end_with_the_keys_of_the_models(grown: Flask) -> None:
    wanted = {
        (table.name, key.parent.name, key.column.table.name, key.column.name, key.ondelete or "NO ACTION")
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
    }
    with grown.app_context(), db.engine.connect() as connection:
        found = {
            (table.name, row["from"], row["table"], row["to"], row["on_delete"])
            for table in db.metadata.sorted_tables
            for row in connection.execute(text(f"PRAGMA foreign_key_list({table.name})")).mappings()
        }
    assert found == wanted


def test_every_table_is_made_from_nothing(grown: Flask) -> None:
    with grown.app_context():
        assert set(inspect(db.engine).get_table_names()) == {*db.metadata.tables, "alembic_version"}


def test_upgrading_again_changes_nothing(grown: Flask) -> None:
    with grown.app_context():
        upgrade()
        assert set(inspect(db.engine).get_table_names()) == {*db.metadata.tables, "alembic_version"}


def test_there_is_one_history() -> None:
    written = len(list(Path("migrations/versions").glob("*.py")))
    scripts = ScriptDirectory("migrations")
    expected = [f"{number:04}" for number in range(written, 0, -1)]
    assert [script.revision for script in scripts.walk_revisions()] == expected


def test_migrations_do_not_know_the_application() -> None:
    scripts = ScriptDirectory("migrations")
    importing = [s.revision for s in scripts.walk_revisions() if "from app" in Path(s.path).read_text()]
    assert importing == []
