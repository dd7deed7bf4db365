"""PostgreSQL keeps no sample of what people write

It plans by samples of its columns. Those of a text would outlive the person who wrote it: a table that is emptied keeps
its last ones for good. No query looks for the exact words of anybody, so that nothing is lost.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

WRITTEN = [
    ("backer", "name"), ("claim", "title"), ("decision", "rule"), ("decision", "reason"), ("help_note", "body"),
    ("help_request", "title"), ("membership", "name"), ("membership", "former_name"), ("membership", "sentence"),
    ("message", "body"), ("message", "hidden_rule"), ("objection", "body"), ("objection", "answer"),
    ("passkey", "label"), ("proposal", "name"), ("proposal", "sentence"), ("proposal", "note"), ("proposal", "charter"),
    ("proposal", "reason"), ("report", "reason"), ("report", "note"), ("reported_message", "body"),
    ("staff_post", "name"), ("thread", "title"), ("token", "label"), ("token", "house_reason"), ("visit", "reason"),
]  # fmt: skip


def upgrade() -> None:
    _sample("0")


def downgrade() -> None:
    _sample("-1")


def _sample(target: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, column in WRITTEN:
        op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET STATISTICS {target}')
