"""while a file of the shelf waits for a yes, a hash tells those of one person from those of another"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shelf_file", sa.Column("from_hash", sa.String(64), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE "shelf_file" ALTER COLUMN "from_hash" SET STATISTICS 0')


def downgrade() -> None:
    op.drop_column("shelf_file", "from_hash")
