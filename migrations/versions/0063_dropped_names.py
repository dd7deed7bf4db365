"""who took their name off what a meeting notes, so that nobody puts it back"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attendee", sa.Column("dropped", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    # Nobody comes back to a list from which they took themselves off.
    op.execute("DELETE FROM attendee WHERE dropped")
    op.drop_column("attendee", "dropped")
