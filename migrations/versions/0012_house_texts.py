"""texts of the house, sizes in bands, cues"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # The desk asks for what was given up each time it is opened.
    op.create_index(op.f("ix_job_parked_at"), "job", ["parked_at"])
    op.create_table(
        "house_text",
        sa.Column("page", sa.String(16), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "page IN ('privacy', 'rules', 'legal', 'accessibility')", name=op.f("ck_house_text_page")
        ),
        sa.PrimaryKeyConstraint("page", "language", name=op.f("pk_house_text")),
    )
    op.create_table(
        "house_contact",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "name IN ('publisher', 'director', 'email', 'host')", name=op.f("ck_house_contact_name")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_house_contact")),
    )
    op.create_table(
        "club_size",
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("next_band", sa.Integer(), nullable=True),
        sa.Column("next_since", sa.Date(), nullable=True),
        sa.CheckConstraint("band IN (1, 5, 10, 20)", name=op.f("ck_club_size_band")),
        sa.CheckConstraint("next_band IN (1, 5, 10, 20)", name=op.f("ck_club_size_next_band")),
        sa.CheckConstraint("(next_band IS NULL) = (next_since IS NULL)", name=op.f("ck_club_size_next")),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_club_size_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("club_id", name=op.f("pk_club_size")),
    )
    op.create_table(
        "club_cue",
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('unanswered', 'no_lead', 'quiet')", name=op.f("ck_club_cue_kind")),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_club_cue_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("club_id", "kind", name=op.f("pk_club_cue")),
    )


def downgrade() -> None:
    op.drop_table("club_cue")
    op.drop_table("club_size")
    op.drop_table("house_contact")
    op.drop_table("house_text")
    op.drop_index(op.f("ix_job_parked_at"), table_name="job")
