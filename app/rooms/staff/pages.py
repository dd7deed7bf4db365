"""What every page of the team about rooms does: find its house, be drawn, lead back to the list."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.houses.models import House
from app.houses.queries import house_of_staff
from app.web.filters import use_zone
from app.web.guard import actor


def house_here(slug: str) -> House:
    """A house that the actor works in, on whose clock the page then stands. Raises NotFound."""
    house = house_of_staff(actor(), slug)
    use_zone(house.timezone)
    return house


def page(template: str, house: House, status: int = 200, **values: Any) -> Any:
    """template: ``<folder>/<name>``, without its ending."""
    back = url_for("staff.show_rooms", slug=house.slug)
    return render_template(f"{template}.html", place=house, back=back, nav_current="rooms", **values), status


def back_to_rooms(house: House, said: str) -> Response:
    """To the rooms of the house, where it is said what was done."""
    flash(said, "done")
    return redirect(url_for("staff.show_rooms", slug=house.slug), 303)
