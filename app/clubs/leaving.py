"""What leaving for good means in each club, and what a person takes away of their clubs."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from app.accounts.leaving import hooks
from app.accounts.leaving.hooks import Farewell
from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership, Pause
from app.clubs.partings import Messages, plan_partings
from app.clubs.queries import ACTIVE, IN_CLUB, colleagues_of, known_to, person_key
from app.core import jobs
from app.core.actor import Actor
from app.core.db import db
from app.core.privacy import Rows, declare, take_away


def part_from_clubs(account_id: str, messages: Messages, at_once: bool) -> datetime:
    """Each club at a moment of its own; what else waits for a membership is dropped."""
    jobs.forget_about(memberships_of(account_id))
    return plan_partings(account_id, messages, at_once=at_once)


def club_farewells(actor: Actor) -> list[Farewell]:
    """One line for each club; a louder one where nobody else leads."""
    theirs = select(Club, Membership).join(Membership, Membership.club_id == Club.id)
    rows = db.session.execute(theirs.where(Membership.account_id == actor.account_id, IN_CLUB).order_by(Club.plant))
    return [line for club, membership in rows for line in _lines(club, membership)]


def _lines(club: Club, membership: Membership) -> list[Farewell]:
    plant = plant_name(club)
    said = [Farewell("eye-off", _("%(club)s : votre nom « %(name)s » disparaît.", club=plant, name=membership.name))]
    leads, others = colleagues_of(membership)
    if membership.role == "lead" and not leads and others:
        words = _(
            "%(club)s : vous êtes la seule personne responsable. Nommez d’abord quelqu’un d’autre. "
            "Sinon le club continue sans responsable, et personne n’y répond plus aux demandes.",
            club=plant,
        )
        said.append(Farewell("key-round", words, alarm=True))
    return said


def forget_removed_name(account_id: str) -> None:
    """A pause or a removal stays until its time is over, by a hash that leads nowhere; the name it kept goes now."""
    clubs = db.session.scalars(select(Membership.club_id).where(Membership.account_id == account_id))
    keys = [person_key(club_id, account_id) for club_id in set(clubs)]
    db.session.execute(update(Pause).where(Pause.person_key.in_(keys)).values(name_sealed=None))


def club_names(account_id: str) -> dict[str, str]:
    """How a person's clubs are called. One that is not listed, and where they are no more, has no name to them."""
    theirs = select(Club).join(Membership, Membership.club_id == Club.id).where(Membership.account_id == account_id)
    clubs = db.session.scalars(theirs).unique().all()
    known = known_to(Actor(account_id, ""), {club.id for club in clubs})
    return {club.id: club.name if club.id in known else str(_("Un club non affiché")) for club in clubs}


def memberships_of(account_id: str) -> set[str]:
    """All that a person has and had: under these ids stands what they wrote."""
    return set(db.session.scalars(select(Membership.id).where(Membership.account_id == account_id)))


def still_inside(account_id: str) -> set[str]:
    """The memberships by which a person may read a club now. By the others they learn nothing that it does since."""
    theirs = select(Membership.id).where(Membership.account_id == account_id, IN_CLUB, ACTIVE)
    return set(db.session.scalars(theirs))


def ends_of(account_id: str) -> dict[str, datetime | None]:
    """All that a person has and had, each with when it ended."""
    theirs = select(Membership.id, Membership.ended_at).where(Membership.account_id == account_id)
    return dict(db.session.execute(theirs).all())


def was_there(ends: dict[str, datetime | None], moment: datetime | None, *ids: str | None) -> bool:
    """Was it before the end of a membership that it bears? What a club does with their words later is its own."""
    theirs = [ends[each] for each in ids if each in ends]
    return moment is None or any(end is None or moment <= end for end in theirs)


def membership_rows(account_id: str) -> Rows:
    """The clubs of a person: name, role, consent, and when."""
    names = club_names(account_id)
    theirs = select(Membership).where(Membership.account_id == account_id).order_by(Membership.asked_at)
    return [
        {
            "club": names[each.club_id],
            "name": each.name,
            "former_name": each.shown_former_name,
            "role": each.role,
            "sentence": each.sentence,
            "consent": each.consent_version,
            "consent_at": each.asked_at,
            "began": each.began_at,
            "ended": each.ended_at,
        }
        for each in db.session.scalars(theirs)
    ]


hooks.partings.append(part_from_clubs)
hooks.farewells.append(club_farewells)
declare("pause", "person_key", "what keeps a person out of a club for a time, as a hash", erases=forget_removed_name)
take_away("clubs", _l("Mes clubs"), membership_rows, ("membership", "account_id"), ("pause", "person_key"))
