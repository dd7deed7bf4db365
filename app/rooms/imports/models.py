"""Calendars that were brought into a room, and which closures came of each."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime


class RoomImport(Base):
    """One file, of which nothing is kept but the times that the room is taken."""

    __tablename__ = "room_import"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ImportedClosure(Base):
    """A closure that came of a file. entry_hash: of the entry's id and times, so that it comes once into its room."""

    __tablename__ = "imported_closure"
    __table_args__ = (UniqueConstraint("room_id", "entry_hash"),)

    closure_id: Mapped[str] = mapped_column(ForeignKey("closure.id", ondelete="CASCADE"), primary_key=True)
    import_id: Mapped[str] = mapped_column(ForeignKey("room_import.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    entry_hash: Mapped[str] = mapped_column(String(64))
