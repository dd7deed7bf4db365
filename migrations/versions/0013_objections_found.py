"""the objections that wait are found by an index"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_objection_answered_at"), "objection", ["answered_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_objection_answered_at"), table_name="objection")
