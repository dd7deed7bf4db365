"""One history for both engines."""

from alembic import context
from flask import current_app

from app.core.db import UtcDateTime, db

target = db.metadata


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Migrations must not import the application: our UTC type is a plain column there."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            render_item=render_item,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()


assert current_app
run()
