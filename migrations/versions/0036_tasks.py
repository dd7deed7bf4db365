"""small things to do in a club"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("made_by_id", sa.String(26), nullable=True),
        sa.Column("holder_id", sa.String(26), nullable=True),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_task_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["membership.id"], name=op.f("fk_task_made_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["membership.id"], name=op.f("fk_task_holder_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    for columns in (["club_id", "done_at"], ["made_by_id"], ["holder_id"]):
        op.create_index(op.f(f"ix_task_{'_'.join(columns)}"), "task", columns)
    if op.get_bind().dialect.name == "postgresql":
        # What a person wrote leaves no sample behind.
        op.execute('ALTER TABLE "task" ALTER COLUMN "text" SET STATISTICS 0')


def downgrade() -> None:
    op.drop_table("task")
