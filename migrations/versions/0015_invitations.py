"""invitations to a club"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("made_by_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("once", sa.Boolean(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('link', 'word', 'desk')", name=op.f("ck_invitation_kind")),
        sa.CheckConstraint("uses <= 1 OR NOT once", name=op.f("ck_invitation_used_once")),
        sa.ForeignKeyConstraint(
            ["club_id"], ["club.id"], name=op.f("fk_invitation_club_id_club"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["membership.id"], name=op.f("fk_invitation_made_by_id_membership"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invitation_secret_hash")),
    )
    for column in ("club_id", "made_by_id", "until"):
        op.create_index(op.f(f"ix_invitation_{column}"), "invitation", [column])
    op.create_table(
        "invitation_request",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("invitation_id", sa.String(26), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("answer", sa.String(3), nullable=True),
        sa.Column("word_sealed", sa.String(200), nullable=True),
        sa.CheckConstraint("answer IN ('yes', 'no')", name=op.f("ck_invitation_request_answer")),
        sa.CheckConstraint(
            "(answer = 'yes') = (word_sealed IS NOT NULL)", name=op.f("ck_invitation_request_word")
        ),
        sa.ForeignKeyConstraint(
            ["club_id"], ["club.id"], name=op.f("fk_invitation_request_club_id_club"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"],
            name=op.f("fk_invitation_request_invitation_id_invitation"), ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_request")),
    )  # fmt: skip
    for column in ("club_id", "invitation_id", "until"):
        op.create_index(op.f(f"ix_invitation_request_{column}"), "invitation_request", [column])


def downgrade() -> None:
    op.drop_table("invitation_request")
    op.drop_table("invitation")
