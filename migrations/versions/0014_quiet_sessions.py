"""sessions that end when nobody moves"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("login_session", sa.Column("quiet_minutes", sa.Integer(), nullable=True))
    op.add_column("login_session", sa.Column("quiet_until", MOMENT, nullable=True))
    op.add_column("login_session", sa.Column("device_id", sa.String(26), nullable=True))
    op.add_column("login_session", sa.Column("assisted_by", sa.String(26), nullable=True))
    op.add_column("login_session", sa.Column("proved_at", MOMENT, nullable=True))
    op.create_index(op.f("ix_login_session_device_id"), "login_session", ["device_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_login_session_device_id"), table_name="login_session")
    for column in ("proved_at", "assisted_by", "device_id", "quiet_until", "quiet_minutes"):
        op.drop_column("login_session", column)
