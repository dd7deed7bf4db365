"""An address, and the code of a link, both sealed; what links look like in a house."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.privacy import declare


class MeetingPlace(Base):
    """What only those who come may read, while the row is there: the clock deletes it a day after the meeting.

    written_by_id: whose words the address is.
    """

    __tablename__ = "meeting_place"
    __table_args__ = (Index(None, "written_by_id"),)

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    address_sealed: Mapped[str | None] = mapped_column(String(2400))
    written_by_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    code_sealed: Mapped[str | None] = mapped_column(String(400))


class HouseLink(Base):
    """What links of meetings look like in a house, with ``{code}`` where they differ. No row: none are offered."""

    __tablename__ = "house_link"

    house_id: Mapped[str] = mapped_column(ForeignKey("house.id", ondelete="CASCADE"), primary_key=True)
    pattern: Mapped[str] = mapped_column(String(200))


declare("meeting_place", "written_by_id", "the exact address of a meeting that the person wrote")
