"""reading in an emergency, keys that the house made for somebody"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

# What has begun stays, and so does what the club will read of it. A club that is no more takes it along; a person of
# the team who is no more leaves it without their key.
FIXED = ("club_id", "ground", "reason", "hours", "later_ground", "notice_days", "began_at", "until", "notice_at")
SQLITE_UPDATE = f"""
CREATE TRIGGER break_glass_stays_update BEFORE UPDATE ON break_glass
WHEN OLD.began_at IS NOT NULL AND ({" OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FIXED)}
  OR (NEW.asked_by_id IS NOT OLD.asked_by_id AND NEW.asked_by_id IS NOT NULL)
  OR (NEW.confirmed_by_id IS NOT OLD.confirmed_by_id AND NEW.confirmed_by_id IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'break_glass_stays'); END
"""
SQLITE_DELETE = """
CREATE TRIGGER break_glass_stays_delete BEFORE DELETE ON break_glass
WHEN OLD.began_at IS NOT NULL AND EXISTS (SELECT 1 FROM club WHERE club.id = OLD.club_id)
BEGIN SELECT RAISE(ABORT, 'break_glass_stays'); END
"""
POSTGRESQL = f"""
CREATE FUNCTION break_glass_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.began_at IS NULL THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM club WHERE club.id = OLD.club_id) THEN
      RAISE EXCEPTION 'break_glass_stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF {" OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FIXED)}
    OR (NEW.asked_by_id IS DISTINCT FROM OLD.asked_by_id AND NEW.asked_by_id IS NOT NULL)
    OR (NEW.confirmed_by_id IS DISTINCT FROM OLD.confirmed_by_id AND NEW.confirmed_by_id IS NOT NULL) THEN
    RAISE EXCEPTION 'break_glass_stays' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER break_glass_stays BEFORE UPDATE OR DELETE ON break_glass
FOR EACH ROW EXECUTE FUNCTION break_glass_stays();
"""


def upgrade() -> None:
    op.create_table(
        "break_glass",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("asked_by_id", sa.String(26), nullable=True),
        sa.Column("confirmed_by_id", sa.String(26), nullable=True),
        sa.Column("ground", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("later_ground", sa.String(12), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("began_at", MOMENT, nullable=True),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("notice_at", MOMENT, nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("confirmed_by_id <> asked_by_id", name=op.f("ck_break_glass_two_people")),
        sa.CheckConstraint("ground IN ('danger', 'crime', 'law')", name=op.f("ck_break_glass_ground")),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_break_glass_reason")),
        sa.CheckConstraint("hours BETWEEN 1 AND 24", name=op.f("ck_break_glass_hours")),
        sa.CheckConstraint("later_ground IN ('', 'lead', 'law')", name=op.f("ck_break_glass_later_ground")),
        sa.CheckConstraint(
            "notice_days BETWEEN 0 AND 30 AND (notice_days = 0) = (later_ground = '')",
            name=op.f("ck_break_glass_notice_days"),
        ),
        sa.CheckConstraint(
            "(began_at IS NULL) = (until IS NULL) AND (began_at IS NULL) = (notice_at IS NULL) "
            "AND until > began_at AND notice_at >= began_at AND (began_at IS NOT NULL OR confirmed_by_id IS NULL)",
            name=op.f("ck_break_glass_begun"),
        ),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_break_glass_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_break_glass_asked_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_break_glass_confirmed_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
    )
    op.add_column("token", sa.Column("house_reason", sa.String(300), nullable=False, server_default=""))
    still_open = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_break_glass_open", "break_glass", ["club_id"], unique=True,
        sqlite_where=still_open, postgresql_where=still_open,
    )  # fmt: skip
    op.create_index(op.f("ix_break_glass_club_id_notice_at"), "break_glass", ["club_id", "notice_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
        return
    op.execute(SQLITE_UPDATE)
    op.execute(SQLITE_DELETE)


def downgrade() -> None:
    op.drop_column("token", "house_reason")
    op.drop_table("break_glass")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION break_glass_stays")
