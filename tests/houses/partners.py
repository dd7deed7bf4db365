"""Partners, advisers and hours for tests, made by the real actions."""

from datetime import date, time, timedelta

from app.accounts.budgets import Asker
from app.core.clock import now
from app.houses.advice import planning
from app.houses.advice.queries import hours_ahead, partner_planned_by
from app.houses.partners import actions, advisers
from app.houses.partners.actions import PartnerSaid
from tests.support.cast import Person

ASKER = Asker("10.0.0.9")


def said(name: str = "Service de l’emploi") -> PartnerSaid:
    words = {"sentence": "On cherche du travail avec vous.", "about": "Venez comme vous êtes."}
    return PartnerSaid(name, **words, needs=["job"], ways=["here", "phone"], languages=["fr", "ar"])


def partner(manager: Person, name: str = "Service de l’emploi", slug: str = "canal") -> str:
    return actions.add_partner(manager.actor, slug, said(name)).id


def advise(person: Person, manager: Person, partner_id: str, name: str = "Awa", slug: str = "canal") -> None:
    code = advisers.make_code(manager.actor, slug, partner_id)
    advisers.become_adviser(person.actor, code, name, ASKER)


def plan(day: date | None = None, starts: str = "14:00", **more: object) -> planning.Plan:
    base = {"minutes": 30, "way": "here", "room": "Bureau 2", "language": "fr", **more}
    first = day or (now() + timedelta(days=3)).date()
    return planning.Plan(first, time.fromisoformat(starts), **base)  # type: ignore[arg-type]


def hour(by: Person, partner_id: str, **more: object) -> str:
    """The id of the last hour that is published by this."""
    made = planning.publish_hours(by.actor, partner_id, plan(**more))[-1]  # type: ignore[arg-type]
    found, _house = partner_planned_by(by.actor, partner_id)
    return next(one.id for one in hours_ahead(found) if one.start == made)
