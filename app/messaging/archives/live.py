"""What the club's log says of its archive, read when it is sent."""

from collections.abc import Sequence

from sqlalchemy import select

from app.clubs.live import Shown, renders
from app.clubs.models import Club
from app.core.db import db
from app.messaging.archives.models import ClubArchive
from app.web.api import stamp


@renders("archive:asked")
def _asked(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    rows = db.session.scalars(select(ClubArchive).where(ClubArchive.id.in_(ids), ClubArchive.club_id == club.id))
    return {one.id: Shown({"archive": one.id, "opens_at": stamp(one.opens_at)}) for one in rows}


@renders("archive:over")
def _over(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    return {archive_id: Shown({"archive": archive_id}) for archive_id in ids}
