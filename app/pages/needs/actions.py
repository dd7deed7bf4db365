"""The one verb of needs: say what helped."""

from typing import Any

from app.core.db import db, transaction, upsert
from app.core.errors import Invalid
from app.core.limits import Window, spend
from app.houses.needs import BY_NAME
from app.pages.needs.models import NeedHelp
from app.pages.needs.order import DESK, KINDS

# The kiosk of the hall and a house's own network speak for many people.
HELPED = Window("needs:helped", 30, 60)


def say_helped(need: Any, kind: Any, place: str) -> None:
    """Whoever asked says which kind of answer helped: one more in a number, nothing else. place: their network."""
    if need not in BY_NAME or kind not in (*KINDS, DESK):
        raise Invalid()
    spend(HELPED, place)
    with transaction():
        row = upsert(NeedHelp).values(need=need, kind=kind, times=1)
        one_more = {"times": NeedHelp.times + 1}
        db.session.execute(row.on_conflict_do_update(index_elements=["need", "kind"], set_=one_more))
