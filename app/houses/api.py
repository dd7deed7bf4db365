"""The JSON door of houses: public."""

from typing import Any

from app.core.errors import Invalid
from app.houses.models import House
from app.houses.queries import list_houses as read_houses
from app.web.api import Answer, List, Nested, PageQuery, String, blueprint, decode_cursor, paged
from app.web.guard import public

bp = blueprint("houses")


class HouseOut(Answer):
    """A place of the network."""

    slug = String()
    name = String()
    kind = String()
    timezone = String()
    country = String()
    languages = List(String())
    address = String()
    phone = String()
    access = String()


class HousesOut(Answer):
    """A page of houses."""

    items = List(Nested(HouseOut))
    next_cursor = String(allow_none=True)


@bp.get("/houses")
@bp.input(PageQuery, location="query")
@bp.output(HousesOut)
@bp.doc(summary="Houses of the network")
@public
def list_houses(query_data: dict[str, Any]) -> dict[str, Any]:
    """Every house, the main one first."""
    after, limit = decode_cursor(query_data.get("cursor")), query_data["limit"]
    houses = read_houses()
    slugs = [house.slug for house in houses]
    if after is not None and after not in slugs:
        raise Invalid("cursor_invalid", field="cursor")
    start = 0 if after is None else slugs.index(after) + 1
    return paged(houses[start : start + limit + 1], limit, lambda house: house.slug, _shown)


def _shown(house: House) -> dict[str, Any]:
    return {name: getattr(house, name) for name in HouseOut._declared_fields}
