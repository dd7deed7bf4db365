"""files that stand beside the sheets of the shelf"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shelf_file",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("house_id", sa.String(26), nullable=False),
        sa.Column("item_id", sa.String(26), nullable=True),
        sa.Column("loose_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('pdf', 'png', 'jpeg')", name=op.f("ck_shelf_file_kind")),
        sa.CheckConstraint("(item_id IS NULL) = (loose_since IS NOT NULL)", name=op.f("ck_shelf_file_loose")),
        sa.CheckConstraint("size > 0 AND pages > 0", name=op.f("ck_shelf_file_numbers")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_shelf_file_house_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["item_id"], ["shelf_item.id"], name=op.f("fk_shelf_file_item_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelf_file")),
    )
    op.create_index(op.f("ix_shelf_file_house_id"), "shelf_file", ["house_id"])
    op.create_index(op.f("ix_shelf_file_item_id"), "shelf_file", ["item_id"], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        # What a picture begins with is of no use to who plans a question.
        op.execute('ALTER TABLE "shelf_file" ALTER COLUMN "content" SET STATISTICS 0')
        # Written anew, it is packed already.
        op.execute('ALTER TABLE "shelf_file" ALTER COLUMN "content" SET STORAGE EXTERNAL')


def downgrade() -> None:
    op.drop_table("shelf_file")
