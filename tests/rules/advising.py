"""Partners in the house of the stage: Bruno gives advice for one, Amina has an hour of another, a slip is out."""

from datetime import timedelta

from app.core.clock import now
from app.houses.advice.actions import book_at_desk, book_hour
from app.houses.partners.advisers import make_code
from app.houses.partners.models import Partner
from app.houses.partners.queries import advisers_of
from app.houses.shelf.actions import ItemSaid, add_item
from tests.houses.partners import advise, hour, partner
from tests.support.cast import Cast


def prepare(cast: Cast) -> dict[str, str]:
    """The ids that the rows about partners name."""
    own, other = partner(cast.elise), partner(cast.elise, "Permanence juridique")
    advise(cast.bruno, cast.elise, own)
    free, slip = hour(cast.denis, own), hour(cast.denis, own, starts="15:00")
    booked = hour(cast.denis, other)
    book_hour(cast.amina.actor, booked, "Dame du jeudi")
    words = {"purpose": "Pour savoir par où commencer.", "language": "fr", "needs": ["job"]}
    sheet = add_item(cast.denis.actor, "canal", ItemSaid("Une fiche", body="Un texte.", **words))
    link = add_item(cast.denis.actor, "canal", ItemSaid("Un site", link="https://www.service-public.fr/", **words))
    return {
        "sheet": sheet.id,
        "shelf_link": link.id,
        "partner": own,
        "adviser": advisers_of([Partner(id=own)])[own][0].id,
        "adviser_code": make_code(cast.elise.actor, "canal", other),
        "advice": free,
        "booked_advice": booked,
        "slip": book_at_desk(cast.denis.actor, slip)[1],
        "advice_day": (now() + timedelta(days=9)).date().isoformat(),
    }
