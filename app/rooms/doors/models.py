"""Which room a paired screen hangs at."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.retention import stays


class Door(Base):
    """A device that is the screen of a room's door: it shows, and writes nothing. Deleted with its device."""

    __tablename__ = "door"

    device_id: Mapped[str] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)


stays("door", "a screen is known until one of the team unpairs it")
