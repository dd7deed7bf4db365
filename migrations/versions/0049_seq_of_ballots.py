"""from which row of the log on a ballot is read; no sample of who voted, nor of a sum, is kept to plan by"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ballot", sa.Column("seq", sa.Integer(), server_default="0", nullable=False))
    if op.get_bind().dialect.name == "postgresql":
        for table, column in (("ballot_voter", "person_key"), ("ballot_box", "sum_sealed")):
            op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET STATISTICS 0')


def downgrade() -> None:
    with op.batch_alter_table("ballot") as batch:
        batch.drop_column("seq")
