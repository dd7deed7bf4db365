"""an hour of advice with a place that is free again, until who gives the advice is told"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("advice_hour", sa.Column("freed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("advice_hour", "freed_at")
