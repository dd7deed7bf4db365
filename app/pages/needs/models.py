"""What helped: a number for each need and each kind of answer. No account, no moment, no address."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class NeedHelp(Base):
    """How often a kind of answer helped with a need."""

    __tablename__ = "need_help"

    need: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    times: Mapped[int] = mapped_column(default=0)
