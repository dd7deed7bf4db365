"""Who is on their way to a meeting, while it lasts."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.privacy import declare


class Arrival(Base):
    """A member who comes is on their way, or late. There is no hour: when somebody set out is nobody's business."""

    __tablename__ = "arrival"
    __table_args__ = (Index(None, "membership_id"),)

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    late: Mapped[bool] = mapped_column(default=False)


declare("arrival", "membership_id", "that the person is on their way to a meeting of a club")
