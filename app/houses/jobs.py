"""The clock's door of houses: mails are signed with the name of the main house, and leave by its clock."""

from typing import Any

from flask_babel import ngettext

from app.accounts import digests
from app.accounts.mail_choices import house_clock
from app.accounts.notices import letterhead
from app.core.actor import Actor
from app.core.retention import stays
from app.houses import leaving as leaving
from app.houses.desk import cases_for
from app.houses.queries import houses_of_staff, main_house


def mail_name() -> str:
    """Whose name stands under a mail."""
    house = main_house()
    return house.name if house else "Pépinière"


def mail_zone() -> str:
    """On which clock quiet hours are told."""
    house = main_house()
    return house.timezone if house else "Europe/Paris"


def cases_line(actor: Actor) -> list[Any]:
    """How many things wait for the team, for those who work in it."""
    number = len(cases_for(actor, houses_of_staff(actor))) if actor.is_staff else 0
    return [ngettext("%(num)s chose attend l’équipe", "%(num)s choses attendent l’équipe", number)] if number else []


digests.waiting.append(cases_line)
letterhead.name = mail_name
house_clock.zone = mail_zone
stays("house", "it is the house itself, which its managers describe")
stays("staff_post", "it lasts as long as somebody works in the house")
stays("journal_entry", "the journal only grows: triggers refuse a change; ids and keyed hashes, neither text nor name")
stays("setup_code", "it goes when the house is opened")
stays("first_opening", "one row: that the house was opened, and when")
