"""Ask for a club's archive, confirm, cancel, keep out, fetch. Seven days lie between its announcement and itself."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.accounts.notices import notify
from app.clubs import live
from app.clubs.actions import not_a_lead
from app.clubs.models import Club, Membership
from app.clubs.queries import IN_CLUB, member_club_for
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction, upsert
from app.core.errors import DomainError, Gone, NotAllowed, NotFound, Taken
from app.core.ids import new_id
from app.core.limits import Window, spend
from app.houses.journal import note
from app.messaging.archives import policy
from app.messaging.archives.jobs import FETCHED
from app.messaging.archives.models import ArchiveRefusal, ClubArchive
from app.messaging.archives.queries import archive_for

ANNOUNCED = timedelta(days=7)
# Each writes to the whole club.
ASK = Window("ask-archive", 3, 24 * 60)


def ask_archive(actor: Actor, slug: str) -> ClubArchive:
    """A lead asks; every member is told. In a discreet club another lead confirms first. One at a time."""
    try:
        with transaction():
            club, me = member_club_for(actor, slug)
            if not policy.can_ask_archive(me):
                raise not_a_lead()
            spend(ASK, me.id)
            archive = ClubArchive(id=new_id(), club_id=club.id, asked_by_id=me.id, asked_at=now())
            db.session.add(archive)
            db.session.flush()
            note("archive:asked", actor, role="lead", house_id=club.house_id, club_id=club.id, subject_id=archive.id)
            live.record(club.id, "archive:asked", archive.id)
            if not needs_two(club):
                _tell(club, archive)
            return archive
    except IntegrityError as error:
        raise Taken("already_asked", _l("L’archive de ce club est déjà demandée.")) from error


def needs_two(club: Club) -> bool:
    """What a discreet club said leaves it only if two leads want it."""
    return not club.listed


def confirm_archive(actor: Actor, archive_id: str) -> None:
    """Another lead than who asked says yes: from now on the seven days run. Twice is once."""
    with transaction():
        archive, club, me = _held(actor, archive_id)
        if archive.told_at is not None:
            return
        if not policy.can_confirm_archive(me, archive.asked_by_id):
            raise not_a_lead() if not me.leads else _same_lead()
        archive.confirmed_by_id = me.id
        note("archive:confirmed", actor, role="lead", house_id=club.house_id, club_id=club.id, subject_id=archive.id)
        _tell(club, archive)
        live.record(club.id, "archive:asked", archive.id)


def cancel_archive(actor: Actor, archive_id: str) -> None:
    """A lead takes it back, at any moment: what was not fetched is not any more."""
    with transaction():
        archive, club, me = _held(actor, archive_id)
        if not policy.can_cancel_archive(me):
            raise not_a_lead()
        note("archive:cancelled", actor, role="lead", house_id=club.house_id, club_id=club.id, subject_id=archive.id)
        db.session.execute(delete(ClubArchive).where(ClubArchive.id == archive.id))
        live.record(club.id, "archive:over", archive.id)


def keep_out(actor: Actor, archive_id: str, out: bool) -> None:
    """A member keeps their messages out, or lets them in again, until the day. Nobody else learns it."""
    with transaction():
        archive, _club, me = archive_for(actor, archive_id)
        if archive.opens_at is None:
            raise NotFound()
        if archive.opens_at <= now():
            raise Gone("archive_open", _l("Les sept jours sont passés : l’archive est prête."))
        mine = {"archive_id": archive.id, "membership_id": me.id}
        if out:
            row = upsert(ArchiveRefusal).values(**mine, at=now())
            db.session.execute(row.on_conflict_do_nothing(index_elements=list(mine)))
        else:
            db.session.execute(delete(ArchiveRefusal).filter_by(**mine))


def open_archive(actor: Actor, archive_id: str) -> tuple[ClubArchive, Club, Membership]:
    """A lead fetches it, in its fourteen days, never on a device for several people. The club's journal says so.

    With their membership: what is in it begins where they may read.
    """
    with transaction():
        archive, club, me = _held(actor, archive_id)
        if not policy.can_fetch_archive(me):
            raise not_a_lead()
        if not actor.on_own_device:
            detail = _l("Cet appareil sert à plusieurs personnes : l’archive n’y vient pas. Prenez le vôtre.")
            raise NotAllowed("shared_device", detail)
        if archive.opens_at is None or archive.opens_at > now() or (needs_two(club) and not archive.confirmed_by_id):
            raise DomainError("archive_not_ready", _l("L’archive n’est pas encore prête."), status=409)
        if archive.until is None or archive.until <= now():
            raise NotFound()
        note("archive:fetched", actor, role="lead", house_id=club.house_id, club_id=club.id, subject_id=archive.id)
        return archive, club, me


def _held(actor: Actor, archive_id: str) -> tuple[ClubArchive, Club, Membership]:
    """For who is active in the club, which is held until the transaction ends."""
    archive, club, me = archive_for(actor, archive_id)
    live.hold(club.id)
    for row in (archive, club, me):
        db.session.refresh(row)
    if not me.active:
        raise NotFound()
    return archive, club, me


def _tell(club: Club, archive: ClubArchive) -> None:
    archive.told_at = now()
    archive.opens_at = archive.told_at + ANNOUNCED
    archive.until = FETCHED.after(archive.opens_at)
    told = select(Membership.account_id).where(Membership.club_id == club.id, IN_CLUB).order_by(Membership.id)
    for account_id in db.session.scalars(told).all():
        if account_id is not None:
            subject = _l("Une archive se prépare")
            notify(account_id, "archive", subject, "archive", path=f"/archives/{archive.id}", until=archive.opens_at)


def _same_lead() -> NotAllowed:
    return NotAllowed("same_lead", _l("Il faut l’accord d’une autre personne responsable."))
