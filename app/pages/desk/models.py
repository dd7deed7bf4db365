"""What the desk remembers of a club from one day to the next: the size that it shows, and what calls for a hand."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base

CUES = ("unanswered", "no_lead", "quiet")


class ClubSize(Base):
    """The band of a club's size as the team sees it, by its lower bound.

    next_band, next_since: the band that the club is in now, if it is another one, and since which day.
    """

    __tablename__ = "club_size"
    __table_args__ = (
        CheckConstraint("band IN (1, 5, 10, 20)", name="band"),
        CheckConstraint("next_band IN (1, 5, 10, 20)", name="next_band"),
        CheckConstraint("(next_band IS NULL) = (next_since IS NULL)", name="next"),
    )

    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"), primary_key=True)
    band: Mapped[int]
    next_band: Mapped[int | None]
    next_since: Mapped[date | None]


class ClubCue(Base):
    """A club could use a hand: yes, since which day; without a row, no. Nothing finer than the day, and no number."""

    __tablename__ = "club_cue"
    __table_args__ = (CheckConstraint("kind IN ('unanswered', 'no_lead', 'quiet')", name="kind"),)

    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    since: Mapped[date]
