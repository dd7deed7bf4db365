"""founding a club"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

# The address of a club that turned discreet is never given again, to a club or in a draw.
SQLITE = """
CREATE TRIGGER {table}_slug_retired_{when} BEFORE {when} ON {table}
WHEN EXISTS (SELECT 1 FROM retired_slug WHERE slug = NEW.slug)
BEGIN SELECT RAISE(ABORT, 'slug_retired'); END
"""
POSTGRESQL = """
CREATE FUNCTION slug_retired() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM retired_slug WHERE slug = NEW.slug) THEN
    RAISE EXCEPTION 'slug_retired' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER club_slug_retired BEFORE INSERT OR UPDATE OF slug ON club
FOR EACH ROW EXECUTE FUNCTION slug_retired();
CREATE TRIGGER plant_hold_slug_retired BEFORE INSERT OR UPDATE OF slug ON plant_hold
FOR EACH ROW EXECUTE FUNCTION slug_retired();
"""


def upgrade() -> None:
    _proposals()
    _plants()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
        return
    for table in ("club", "plant_hold"):
        for when in ("INSERT", "UPDATE"):
            op.execute(SQLITE.format(table=table, when=when))


def _proposals() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("house_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("sentence", sa.String(200), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("format", sa.String(10), nullable=False),
        sa.Column("kit", sa.String(12), nullable=False),
        sa.Column("door", sa.String(12), nullable=True),
        sa.Column("history", sa.String(10), nullable=False),
        sa.Column("charter", sa.JSON(), nullable=False),
        sa.Column("plant", sa.String(40), nullable=True),
        sa.Column("tile", sa.String(12), nullable=True),
        sa.Column("hue", sa.String(12), nullable=True),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=True),
        sa.Column("code_sealed", sa.String(200), nullable=True),
        sa.Column("code_until", MOMENT, nullable=True),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("touched_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.CheckConstraint("door IN ('open', 'on_request', 'discreet')", name=op.f("ck_proposal_door")),
        sa.CheckConstraint("history IN ('all', 'joining')", name=op.f("ck_proposal_history")),
        sa.CheckConstraint(
            "sent_at IS NULL OR (door IS NOT NULL AND plant IS NOT NULL AND tile IS NOT NULL AND hue IS NOT NULL)",
            name=op.f("ck_proposal_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_proposal_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_proposal_house_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("account_id", name=op.f("uq_proposal_account_id")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_proposal_code_hash")),
    )
    op.create_index(op.f("ix_proposal_house_id_sent_at"), "proposal", ["house_id", "sent_at"])
    op.create_table(
        "backer",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("proposal_id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("name_key", sa.String(200), nullable=False),
        sa.Column("consent_version", sa.String(12), nullable=False),
        sa.Column("seen", sa.String(64), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.CheckConstraint("position IN (0, 1, 2)", name=op.f("ck_backer_position")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_backer_account_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_backer_proposal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backer")),
        sa.UniqueConstraint("proposal_id", "position", name=op.f("uq_backer_proposal_id_position")),
        sa.UniqueConstraint("proposal_id", "account_id", name=op.f("uq_backer_proposal_id_account_id")),
        sa.UniqueConstraint("proposal_id", "name_key", name=op.f("uq_backer_proposal_id_name_key")),
    )
    op.create_index(op.f("ix_backer_account_id"), "backer", ["account_id"])


def _plants() -> None:
    op.create_table(
        "plant_hold",
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("plant", sa.String(40), nullable=False),
        sa.Column("proposal_id", sa.String(26), nullable=True),
        sa.Column("club_id", sa.String(26), nullable=True),
        sa.Column("held_at", MOMENT, nullable=False),
        sa.CheckConstraint("(proposal_id IS NULL) <> (club_id IS NULL)", name=op.f("ck_plant_hold_holder")),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_plant_hold_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_plant_hold_proposal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_plant_hold")),
    )
    op.create_index(op.f("ix_plant_hold_club_id"), "plant_hold", ["club_id"])
    op.create_index(op.f("ix_plant_hold_proposal_id"), "plant_hold", ["proposal_id"])
    op.create_table(
        "plant_draw",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("drawer_key", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plant_draw")),
    )
    op.create_index(op.f("ix_plant_draw_drawer_key_at"), "plant_draw", ["drawer_key", "at"])
    op.create_table(
        "retired_slug",
        sa.Column("slug", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_retired_slug")),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER club_slug_retired ON club")
    else:
        for when in ("INSERT", "UPDATE"):
            op.execute(f"DROP TRIGGER club_slug_retired_{when}")
    for table in ("plant_hold", "plant_draw", "backer", "proposal", "retired_slug"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION slug_retired")
