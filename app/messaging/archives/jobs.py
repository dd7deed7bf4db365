"""The clock's door of archives: what was asked and never confirmed, and what could be fetched for long enough, goes."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select

from app.core.retention import Lasting, by_key
from app.messaging.archives.models import ClubArchive

FETCHED = Lasting(days=14)
UNCONFIRMED = timedelta(days=14)


def _over(moment: datetime) -> Select[Any]:
    alone = and_(ClubArchive.told_at.is_(None), ClubArchive.asked_at < moment - UNCONFIRMED)
    return select(ClubArchive.id).where(or_(ClubArchive.until < moment, alone))


by_key("archives:over", ("club_archive", "archive_refusal"), FETCHED, ClubArchive.id, _over)
