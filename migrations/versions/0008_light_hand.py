"""pauses, reports, decisions, help requests, visits"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _what_stops_harm()
    _reports()
    _decisions()
    _help()


def _what_stops_harm() -> None:
    for name in ("paused_until", "visit_until"):
        op.add_column("membership", sa.Column(name, MOMENT, nullable=True))
    op.add_column("message", sa.Column("hidden_at", MOMENT, nullable=True))
    op.add_column("message", sa.Column("hidden_by", sa.String(8), nullable=True))
    op.add_column("message", sa.Column("hidden_rule", sa.String(120), nullable=True))
    op.create_table(
        "pause",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("person_key", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("name_sealed", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('pause', 'removal')", name=op.f("ck_pause_kind")),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_pause_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_index(op.f("ix_pause_club_id_person_key"), "pause", ["club_id", "person_key"])
    op.create_index(op.f("ix_pause_until"), "pause", ["until"])


def _reports() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("message_id", sa.String(26), nullable=False),
        sa.Column("reporter_id", sa.String(26), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("danger", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("escalates_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_report_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_report_message_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["membership.id"], name=op.f("fk_report_reporter_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("message_id", "reporter_id", name=op.f("uq_report_message_id_reporter_id")),
    )
    op.create_index(op.f("ix_report_club_id_decided_at"), "report", ["club_id", "decided_at"])
    op.create_table(
        "reported_message",
        sa.Column("report_id", sa.String(26), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.String(26), nullable=False),
        sa.Column("target", sa.Boolean(), nullable=False),
        sa.Column("letter", sa.String(1), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("posted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_reported_message_message_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_reported_message_report_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("report_id", "position", name=op.f("pk_reported_message")),
    )
    op.create_index(op.f("ix_reported_message_message_id"), "reported_message", ["message_id"])


def _decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("report_id", sa.String(26), nullable=True),
        sa.Column("message_id", sa.String(26), nullable=True),
        sa.Column("membership_id", sa.String(26), nullable=True),
        sa.Column("pause_id", sa.String(26), nullable=True),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("rule", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("for_good", sa.Boolean(), nullable=False),
        sa.Column("objection_until", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("by_role", sa.String(12), nullable=False),
        sa.Column("by_membership_id", sa.String(26), nullable=True),
        sa.Column("by_account_id", sa.String(26), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "outcome IN ('keep', 'hide', 'restore', 'pause', 'remove')", name=op.f("ck_decision_outcome")
        ),
        sa.CheckConstraint(
            "outcome IN ('keep', 'restore') OR objection_until IS NOT NULL", name=op.f("ck_decision_objection")
        ),
        sa.CheckConstraint("(until IS NULL) = for_good", name=op.f("ck_decision_duration")),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_decision_reason")),
        sa.CheckConstraint("length(trim(rule)) > 0", name=op.f("ck_decision_rule")),
        sa.ForeignKeyConstraint(
            ["by_account_id"], ["account.id"], name=op.f("fk_decision_by_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["by_membership_id"], ["membership.id"], name=op.f("fk_decision_by_membership_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_decision_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_decision_membership_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_decision_message_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["pause_id"], ["pause.id"], name=op.f("fk_decision_pause_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_decision_report_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_membership_id"), "decision", ["membership_id"])
    op.create_index(op.f("ix_decision_message_id"), "decision", ["message_id"])
    op.create_index(op.f("ix_decision_report_id"), "decision", ["report_id"])
    op.create_table(
        "objection",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("decision_id", sa.String(26), nullable=False),
        sa.Column("body", sa.String(2000), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(10), nullable=True),
        sa.Column("answer", sa.String(500), nullable=True),
        sa.Column("by_account_id", sa.String(26), nullable=True),
        sa.CheckConstraint("outcome IN ('upheld', 'overruled')", name=op.f("ck_objection_outcome")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (outcome IS NULL) AND (answered_at IS NULL) = (answer IS NULL) AND (answer IS NULL OR length(trim(answer)) > 0)",
            name=op.f("ck_objection_answer"),
        ),
        sa.CheckConstraint("length(trim(body)) > 0", name=op.f("ck_objection_body")),
        sa.ForeignKeyConstraint(
            ["by_account_id"], ["account.id"], name=op.f("fk_objection_by_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_objection_decision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_objection_decision_id")),
    )


def _help() -> None:
    op.create_table(
        "help_request",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("opened_by_id", sa.String(26), nullable=True),
        sa.Column("about_id", sa.String(26), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("taken_by_id", sa.String(26), nullable=True),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_help_request_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["membership.id"], name=op.f("fk_help_request_opened_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["about_id"], ["membership.id"], name=op.f("fk_help_request_about_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["account.id"], name=op.f("fk_help_request_taken_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request")),
    )
    op.create_index(op.f("ix_help_request_club_id_closed_at"), "help_request", ["club_id", "closed_at"])
    op.create_table(
        "help_note",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("request_id", sa.String(26), nullable=False),
        sa.Column("by_role", sa.String(5), nullable=False),
        sa.Column("by_membership_id", sa.String(26), nullable=True),
        sa.Column("by_account_id", sa.String(26), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("by_role IN ('lead', 'staff')", name=op.f("ck_help_note_by_role")),
        sa.ForeignKeyConstraint(
            ["by_account_id"], ["account.id"], name=op.f("fk_help_note_by_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["by_membership_id"], ["membership.id"], name=op.f("fk_help_note_by_membership_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["help_request.id"], name=op.f("fk_help_note_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_note")),
    )
    op.create_index(op.f("ix_help_note_request_id"), "help_note", ["request_id"])
    op.create_table(
        "visit",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("invited_by_id", sa.String(26), nullable=True),
        sa.Column("membership_id", sa.String(26), nullable=True),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("invited_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("began_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_visit_account_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_visit_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["membership.id"], name=op.f("fk_visit_invited_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_visit_membership_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_account_id"), "visit", ["account_id"])
    op.create_index(op.f("ix_visit_club_id"), "visit", ["club_id"])


def downgrade() -> None:
    for table in (
        "visit",
        "help_note",
        "help_request",
        "objection",
        "decision",
        "reported_message",
        "report",
        "pause",
    ):
        op.drop_table(table)
    for name in ("hidden_rule", "hidden_by", "hidden_at"):
        op.drop_column("message", name)
    for name in ("visit_until", "paused_until"):
        op.drop_column("membership", name)
