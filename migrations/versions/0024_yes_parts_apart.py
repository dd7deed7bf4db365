"""a yes to a proposal may outlive its account, until its own moment"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

FOREIGN = "fk_backer_account_id"


def upgrade() -> None:
    _rule(nullable=True, ondelete="SET NULL")


def downgrade() -> None:
    op.execute("DELETE FROM backer WHERE account_id IS NULL")
    _rule(nullable=False, ondelete="CASCADE")


def _rule(*, nullable: bool, ondelete: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("backer", "account_id", nullable=nullable)
        op.drop_constraint(FOREIGN, "backer", type_="foreignkey")
        op.create_foreign_key(FOREIGN, "backer", "account", ["account_id"], ["id"], ondelete=ondelete)
        return
    # SQLite makes the table anew. Nothing refers to it.
    op.execute("ALTER TABLE backer RENAME TO backer_before")
    op.execute("DROP INDEX ix_backer_account_id")
    op.create_table(
        "backer",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("proposal_id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=nullable),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("name_key", sa.String(200), nullable=False),
        sa.Column("consent_version", sa.String(12), nullable=False),
        sa.Column("seen", sa.String(64), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("position IN (0, 1, 2)", name=op.f("ck_backer_position")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f(FOREIGN), ondelete=ondelete),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_backer_proposal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backer")),
        sa.UniqueConstraint("proposal_id", "position", name=op.f("uq_backer_proposal_id_position")),
        sa.UniqueConstraint("proposal_id", "account_id", name=op.f("uq_backer_proposal_id_account_id")),
        sa.UniqueConstraint("proposal_id", "name_key", name=op.f("uq_backer_proposal_id_name_key")),
    )
    op.execute("INSERT INTO backer SELECT * FROM backer_before")
    op.drop_table("backer_before")
    op.create_index(op.f("ix_backer_account_id"), "backer", ["account_id"])
