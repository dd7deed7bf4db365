"""Partners in the house of the stage: Bruno gives advice for one, Amina has an hour of another, a slip is out."""

from datetime import timedelta

from app.core.clock import now
from app.core.db import transaction
from app.core.ids import new_id
from app.houses.advice.actions import book_at_desk, book_hour
from app.houses.partners.advisers import make_code
from app.houses.partners.models import Partner
from app.houses.partners.queries import advisers_of
from app.houses.shelf.actions import ItemSaid, add_for_partner, add_item, show_item
from app.houses.shelf.models import ShelfFile
from tests.houses.partners import advise, hour, partner
from tests.support import factories as make
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
    paper = add_item(cast.denis.actor, "canal", ItemSaid("Un papier", body="Ce qu’il dit.", **words))
    hidden = add_item(cast.denis.actor, "canal", ItemSaid("Une vieille fiche", body="Un texte.", **words))
    with transaction():
        told = {"kind": "pdf", "pages": 3, "size": 240_000, "content": b"%PDF-1.7 a few pages"}
        make.add(ShelfFile(id=new_id(), house_id=paper.house_id, item_id=paper.id, **told))
    show_item(cast.denis.actor, "canal", hidden.id, shown=False)
    link = add_item(cast.denis.actor, "canal", ItemSaid("Un site", link="https://www.service-public.fr/", **words))
    theirs = add_for_partner(
        cast.bruno.actor, own, ItemSaid("Leur site", link="https://www.francetravail.fr/", **words)
    )
    return {
        "partner_link": theirs.id,
        "sheet": sheet.id,
        "shelf_link": link.id,
        "shelf_paper": paper.id,
        "hidden_sheet": hidden.id,
        "partner": own,
        "adviser": advisers_of([Partner(id=own)])[own][0].id,
        "adviser_code": make_code(cast.elise.actor, "canal", other),
        "advice": free,
        "booked_advice": booked,
        "slip": book_at_desk(cast.denis.actor, slip)[1],
        "advice_day": (now() + timedelta(days=9)).date().isoformat(),
    }
