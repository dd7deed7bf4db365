"""Reports, decisions and objections; help requests; visits. People are memberships, never shown to who decides."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.privacy import declare

MAX_REASON = 500
MAX_RULE = 120


class Report(Base):
    """A member's request that leads or the team look at a message. Open until ``decided_at``.

    reason: one of the four of the form, or words · named: does the reporter show their name to who decides?
    escalates_at: when the team may decide too.
    """

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("message_id", "reporter_id"), Index(None, "club_id", "decided_at"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    reporter_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    named: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(String(1000), default="")
    danger: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    escalates_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReportedMessage(Base):
    """What a report shows: the message, or a neighbour that was enclosed, as it was read; its author as a letter."""

    __tablename__ = "reported_message"

    report_id: Mapped[str] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)
    target: Mapped[bool] = mapped_column(default=False)
    letter: Mapped[str] = mapped_column(String(1))
    body: Mapped[str] = mapped_column(Text)
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Decision(Base):
    """What was decided about a message or a member: which rule, the facts, how long, until when one may object.

    The database keeps no decision that lacks one of them. until: empty means for good, which is said by ``for_good``.
    read_at: when the person opened it, as it is now.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("outcome IN ('keep', 'hide', 'restore', 'pause', 'remove')", name="outcome"),
        CheckConstraint("length(trim(rule)) > 0", name="rule"),
        CheckConstraint("length(trim(reason)) > 0", name="reason"),
        CheckConstraint("(until IS NULL) = for_good", name="duration"),
        CheckConstraint("outcome IN ('keep', 'restore') OR objection_until IS NOT NULL", name="objection"),
        Index(None, "membership_id"),
        Index(None, "message_id"),
        Index(None, "report_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    report_id: Mapped[str | None] = mapped_column(ForeignKey("report.id", ondelete="SET NULL"))
    message_id: Mapped[str | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    membership_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    pause_id: Mapped[str | None] = mapped_column(ForeignKey("pause.id", ondelete="SET NULL"))
    outcome: Mapped[str] = mapped_column(String(8))
    rule: Mapped[str] = mapped_column(String(MAX_RULE))
    reason: Mapped[str] = mapped_column(String(MAX_REASON))
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    for_good: Mapped[bool]
    objection_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_role: Mapped[str] = mapped_column(String(12))
    by_membership_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    by_account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Objection(Base):
    """The one answer that a person may give to a decision about them; somebody else decides it, in writing."""

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint("length(trim(body)) > 0", name="body"),
        CheckConstraint(
            "(answered_at IS NULL) = (outcome IS NULL) AND (answered_at IS NULL) = (answer IS NULL) "
            "AND (answer IS NULL OR length(trim(answer)) > 0)",
            name="answer",
        ),
        CheckConstraint("outcome IN ('upheld', 'overruled')", name="outcome"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id", ondelete="CASCADE"), unique=True)
    body: Mapped[str] = mapped_column(String(2000))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    outcome: Mapped[str | None] = mapped_column(String(10))
    answer: Mapped[str | None] = mapped_column(String(MAX_REASON))
    by_account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class HelpRequest(Base):
    """A lead asks the team for a hand; the leads of the club and the team of its house write to each other.

    about_id: another lead whom it is about. To them the request does not exist, and the team may stop them by it.
    """

    __tablename__ = "help_request"
    __table_args__ = (Index(None, "club_id", "closed_at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(120))
    opened_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    about_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_by_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class HelpNote(Base):
    """What a lead or one of the team wrote in a help request. by_role: ``lead`` or ``staff``."""

    __tablename__ = "help_note"
    __table_args__ = (CheckConstraint("by_role IN ('lead', 'staff')", name="by_role"), Index(None, "request_id"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("help_request.id", ondelete="CASCADE"))
    by_role: Mapped[str] = mapped_column(String(5))
    by_membership_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    by_account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Visit(Base):
    """One of the team in a club for a time: invited by a lead, begun by who was invited, over at ``until`` at latest.

    While it lasts it hangs on ``membership_id``, a membership with an end, so that every door judges it alike.
    """

    __tablename__ = "visit"
    __table_args__ = (Index(None, "club_id"), Index(None, "account_id"))

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    invited_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    membership_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


declare("report", "reporter_id", "the messages that the person reported")
declare("decision", "membership_id", "what was decided about the person in a club")
declare("decision", "by_membership_id", "what the person decided as a lead")
declare("decision", "by_account_id", "what one of the team decided")
declare("objection", "by_account_id", "the objections that one of the team answered")
declare("help_request", "opened_by_id", "the help that the person asked for a club")
declare("help_request", "about_id", "that the team was asked for help about the person, as a lead")
declare("help_request", "taken_by_id", "the help requests that one of the team takes care of")
declare("help_note", "by_membership_id", "what the person wrote to the team as a lead")
declare("help_note", "by_account_id", "what one of the team wrote to leads")
declare("visit", "account_id", "the visits of one of the team")
declare("visit", "invited_by_id", "the visits that the person invited to as a lead")
declare("visit", "membership_id", "under what one of the team was in a club")
