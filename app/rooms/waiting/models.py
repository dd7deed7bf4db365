"""Who waits for a room that is not free."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime


class Waiting(Base):
    """A club's place in the list for one slot of a room; or, without a room, for an evening of the house.

    Of an evening the times are its bounds: any room with enough places will do. size: the lower bound of the band of
    people expected. hold_id: the offer that the club has; its place ends with it, however that ends. A place is the
    club's: no person stands here.
    """

    __tablename__ = "waiting"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("size IN (1, 5, 10, 20)", name="size"),
        Index(None, "house_id", "starts_at"),
        Index(None, "club_id"),
        Index(None, "ends_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    club_id: Mapped[str] = mapped_column(ForeignKey("club.id", ondelete="CASCADE"))
    house_id: Mapped[str] = mapped_column(ForeignKey("house.id", ondelete="CASCADE"))
    room_id: Mapped[str | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    size: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hold_id: Mapped[str | None] = mapped_column(ForeignKey("hold.id", ondelete="CASCADE"), unique=True)
