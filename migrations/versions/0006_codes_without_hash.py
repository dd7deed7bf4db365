"""codes without the hash of their address"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in_code") as table:
        table.drop_index(op.f("ix_sign_in_code_email_hash"))
        table.drop_column("email_hash")


def downgrade() -> None:
    op.execute("DELETE FROM sign_in_code")
    with op.batch_alter_table("sign_in_code") as table:
        table.add_column(sa.Column("email_hash", sa.String(64), nullable=False))
        table.create_index(op.f("ix_sign_in_code_email_hash"), ["email_hash"])
