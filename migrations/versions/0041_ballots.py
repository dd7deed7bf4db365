"""what clubs decide: questions, answers with a name, and the sum of those without"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _make_ballot()
    _make_voice()
    _make_box()
    if op.get_bind().dialect.name == "postgresql":
        # What a person wrote leaves no sample behind.
        for table, columns in (("ballot", ("question", "body", "options")), ("ballot_voice", ("reason", "proposal"))):
            for column in columns:
                op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET STATISTICS 0')


def _make_ballot() -> None:
    op.create_table(
        "ballot",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("question", sa.String(140), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("several", sa.Boolean(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.String(26), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("amended_at", MOMENT, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(8), nullable=True),
        sa.Column("counts", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("seed_sealed", sa.String(400), nullable=True),
        sa.Column("seed_hash", sa.String(64), nullable=True),
        sa.Column("record", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("way IN ('sense', 'choice', 'consent', 'lots')", name=op.f("ck_ballot_way")),
        sa.CheckConstraint(
            "outcome IN ('told', 'chosen', 'tie', 'reached', 'objected', 'drawn', 'silent', 'few', 'lost')",
            name=op.f("ck_ballot_outcome"),
        ),
        sa.CheckConstraint("way IN ('sense', 'choice') OR NOT secret", name=op.f("ck_ballot_secret")),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_ballot_closed")),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_ballot_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["membership.id"], name=op.f("fk_ballot_opened_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
    )
    op.create_index(op.f("ix_ballot_club_id_closed_at"), "ballot", ["club_id", "closed_at"])
    op.create_index(op.f("ix_ballot_opened_by_id"), "ballot", ["opened_by_id"])


def _make_voice() -> None:
    op.create_table(
        "ballot_voice",
        sa.Column("ballot_id", sa.String(26), nullable=False),
        sa.Column("membership_id", sa.String(26), nullable=False),
        sa.Column("picks", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_voice_ballot_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_ballot_voice_membership_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ballot_id", "membership_id", name=op.f("pk_ballot_voice")),
    )
    op.create_index(op.f("ix_ballot_voice_membership_id"), "ballot_voice", ["membership_id"])


def _make_box() -> None:
    """Who has voted without a name, unnumbered by SQLite, and one sealed sum."""
    op.create_table(
        "ballot_voter",
        sa.Column("ballot_id", sa.String(26), nullable=False),
        sa.Column("person_key", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_voter_ballot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ballot_id", "person_key", name=op.f("pk_ballot_voter")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot_box",
        sa.Column("ballot_id", sa.String(26), nullable=False),
        sa.Column("sum_sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_box_ballot_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ballot_id", name=op.f("pk_ballot_box")),
    )


def downgrade() -> None:
    for table in ("ballot_box", "ballot_voter", "ballot_voice", "ballot"):
        op.drop_table(table)
