"""What the managers add to the legal pages: paragraphs for each page and language, and who answers for the site."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime

PAGES = ("privacy", "rules", "legal", "accessibility")
CONTACTS = ("publisher", "director", "email", "host")
MAX_BODY = 8000
MAX_CONTACT = 300


class HouseText(Base):
    """Light Markdown shown at the end of a legal page, to who reads in that language."""

    __tablename__ = "house_text"
    __table_args__ = (CheckConstraint("page IN ('privacy', 'rules', 'legal', 'accessibility')", name="page"),)

    page: Mapped[str] = mapped_column(String(16), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HouseContact(Base):
    """One line of who answers for the site: publisher, director, e-mail or host."""

    __tablename__ = "house_contact"
    __table_args__ = (CheckConstraint("name IN ('publisher', 'director', 'email', 'host')", name="name"),)

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    text: Mapped[str] = mapped_column(String(MAX_CONTACT))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
