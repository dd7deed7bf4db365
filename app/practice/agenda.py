"""What stands in somebody's agenda of their rehearsals: when, where, and nothing of the other."""

from flask import url_for
from flask_babel import gettext as _

from app.core.actor import Actor
from app.meetings.agenda import Entry, sources
from app.practice.queries import Seen, rehearsals_for_agenda


def rehearsals_in_agenda(actor: Actor) -> list[Entry]:
    """Those that stand, with whomever."""
    return [_entry_of(one) for one in rehearsals_for_agenda(actor)]


def _entry_of(one: Seen) -> Entry:
    here = one.row.way == "house"
    return Entry(
        one.start, one.end, "rehearsal", _("Entretien d’essai"), one.house.name if here else _("Par téléphone"),
        url_for("practice.show_rehearsal", rehearsal_id=one.id), "yes", house=one.house.name if here else "",
        tag=(_("Vous venez"), "pine", "check"), icon="map-pin" if here else "smartphone", ref=one.id,
    )  # fmt: skip


sources.append(rehearsals_in_agenda)
