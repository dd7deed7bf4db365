"""Hours of advice on the page of their partner; one's own appointments above the list of all partners."""

from app.core.actor import Actor
from app.houses.advice.queries import advice_for_agenda, hours_ahead
from app.houses.partners.models import Partner
from app.houses.partners.parts import above_partners, below_partner
from app.houses.partners.queries import partners_advised_by
from app.houses.queries import houses_of_staff
from app.houses.ways import ICONS, WAYS
from app.web.parts import Part


def hours_part(actor: Actor | None, partner: Partner) -> Part:
    """What is ahead, free or not, the same for everybody; for the team of the house also the way to plan it."""
    works_here = actor is not None and partner.house_id in {house.id for house in houses_of_staff(actor)}
    told = {"hours": hours_ahead(partner), "ways": WAYS, "icons": ICONS}
    return Part("advice/_hours.html", {**told, "plan": partner.id if works_here else ""})


def own_part(actor: Actor | None) -> Part | None:
    """What somebody has booked, and the partners for whom they give advice."""
    if actor is None or actor.is_staff:
        return None
    booked, advised = advice_for_agenda(actor), [partner for partner, _house in partners_advised_by(actor)]
    return Part("advice/_own.html", {"booked": booked, "advised": advised}) if booked or advised else None


below_partner.append(hours_part)
above_partners.append(own_part)
