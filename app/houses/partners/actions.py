"""Verbs of managers: add a partner, change what is said of it, hide it and show it again."""

from dataclasses import asdict, dataclass, field

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.houses.journal import note
from app.houses.models import House
from app.houses.partners.models import Partner
from app.houses.partners.policy import can_keep_partners
from app.houses.partners.queries import partner_in
from app.houses.queries import house_of_staff
from app.houses.team.actions import not_a_manager


@dataclass(frozen=True)
class PartnerSaid:
    """What is said of a partner. See ``Partner``."""

    name: str
    sentence: str
    about: str = ""
    place: str = ""
    link: str = ""
    needs: list[str] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)


def kept_house(actor: Actor, slug: str) -> House:
    """The house, for who keeps its partners. Raises NotFound, NotAllowed."""
    house = house_of_staff(actor, slug)
    if not can_keep_partners(actor):
        raise not_a_manager()
    return house


def add_partner(actor: Actor, slug: str, said: PartnerSaid) -> Partner:
    """A manager adds a partner; everybody sees it at once."""
    with transaction():
        house = kept_house(actor, slug)
        partner = Partner(id=new_id(), house_id=house.id, **asdict(said))
        db.session.add(partner)
        note("partner:added", actor, house_id=house.id, subject_id=partner.id)
        return partner


def change_partner(actor: Actor, slug: str, partner_id: str, said: PartnerSaid) -> None:
    """A manager changes what is said of a partner."""
    with transaction():
        house = kept_house(actor, slug)
        partner = partner_in(house, partner_id)
        changed = [name for name, value in asdict(said).items() if getattr(partner, name) != value]
        for name in changed:
            setattr(partner, name, getattr(said, name))
        if changed:
            note("partner:changed", actor, house_id=house.id, subject_id=partner.id, what=changed)


def hide_partner(actor: Actor, slug: str, partner_id: str, *, hidden: bool) -> None:
    """A manager hides a partner with its hours, or shows it again; what was booked stays, and can be cancelled."""
    with transaction():
        house = kept_house(actor, slug)
        partner = partner_in(house, partner_id)
        if (partner.hidden_at is not None) is not hidden:
            partner.hidden_at = now() if hidden else None
            note("partner:hidden" if hidden else "partner:shown", actor, house_id=house.id, subject_id=partner.id)
