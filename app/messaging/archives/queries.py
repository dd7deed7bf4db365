"""Reads of archives, always for somebody who belongs to the club, on pause or not."""

from collections.abc import Sequence

from sqlalchemy import select

from app.clubs.models import Club, Membership
from app.clubs.queries import IN_CLUB
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.core.sealed import keyed_hash
from app.messaging.archives.models import ArchiveRefusal, ClubArchive


def archive_for(actor: Actor, archive_id: str) -> tuple[ClubArchive, Club, Membership]:
    """An archive of one's own club, with one's membership. Raises NotFound."""
    row = db.session.execute(
        select(ClubArchive, Club, Membership)
        .join(Club, Club.id == ClubArchive.club_id)
        .join(Membership, Membership.club_id == Club.id)
        .where(ClubArchive.id == archive_id, Membership.account_id == actor.account_id, IN_CLUB)
    ).first()
    # Who is on pause still says what becomes of their words; one that nobody announced yet is for who is active.
    if row is None or not ID.fullmatch(archive_id) or (row[0].told_at is None and not row[2].active):
        raise NotFound()
    return row[0], row[1], row[2]


def archive_of(club: Club) -> ClubArchive | None:
    """What is asked of a club now; the caller has proved to belong to it."""
    return db.session.scalars(select(ClubArchive).where(ClubArchive.club_id == club.id)).first()


def keeps_out(archive: ClubArchive, membership: Membership) -> bool:
    """Does this member keep their messages out?"""
    return db.session.get(ArchiveRefusal, (archive.id, membership.id), populate_existing=True) is not None


def authors_in(archive: ClubArchive) -> list[Membership]:
    """Whose messages are in it: who is in the club now, was told in time, and does not keep out. In an order by chance.

    The order is another one for each archive, and tells nothing of who joined when. Whom the club still shows until its
    own moment after they have left for good is in it as they were: two clubs whose archives lose somebody at the same
    moment could be joined up.
    """
    refused = select(ArchiveRefusal.membership_id).where(ArchiveRefusal.archive_id == archive.id)
    those = select(Membership).where(
        Membership.club_id == archive.club_id,
        IN_CLUB,
        Membership.began_at <= archive.told_at,
        Membership.id.not_in(refused),
    )
    found = db.session.scalars(those).all()
    return sorted(found, key=lambda one: keyed_hash("archive-number", f"{archive.id} {one.id}"))


def names_in(club_id: str) -> Sequence[Membership]:
    """Everybody who bears a name in the club, to leave no name in what others wrote."""
    bearing = select(Membership).where(Membership.club_id == club_id, Membership.name.is_not(None))
    return db.session.scalars(bearing).all()
