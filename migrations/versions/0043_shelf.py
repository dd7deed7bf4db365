"""what lies on the shelf of a house, and who told that a link is dead"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shelf_item",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("house_id", sa.String(26), nullable=False),
        sa.Column("partner_id", sa.String(26), nullable=True),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("purpose", sa.String(160), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("trade", sa.String(20), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'shown', 'hidden')", name=op.f("ck_shelf_item_state")),
        sa.CheckConstraint("(link = '') <> (body = '')", name=op.f("ck_shelf_item_link_or_sheet")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_shelf_item_house_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_shelf_item_partner_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelf_item")),
    )
    op.create_index(op.f("ix_shelf_item_house_id"), "shelf_item", ["house_id"])
    op.create_index(op.f("ix_shelf_item_partner_id"), "shelf_item", ["partner_id"])
    op.create_table(
        "dead_link",
        sa.Column("item_id", sa.String(26), nullable=False),
        sa.Column("from_hash", sa.String(64), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["shelf_item.id"], name=op.f("fk_dead_link_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", "from_hash", name=op.f("pk_dead_link")),
    )


def downgrade() -> None:
    op.drop_table("dead_link")
    op.drop_table("shelf_item")
