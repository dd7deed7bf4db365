"""What the page of components shows: examples, in every state that a part has.

It is for those who build the house. A house that others can reach does not have it.
"""

from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template
from flask.blueprints import BlueprintSetupState
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice

from app.clubs.founding.forms import DRAWN_HUES, TILE_WORDS, as_choices
from app.clubs.models import HUES, TILES
from app.core.clock import now
from app.web.filters import wall
from app.web.forms import Form
from app.web.guard import public
from app.web.reading import NAMES

# Two moments a day: each state of a slot once.
WEEK = (("past", "claimed"), ("free", "closed"), ("claimed", "mine"), ("held", "wait"), ("free", "free"))


class ExampleForm(Form):
    """One field of each kind."""

    title = StringField(_l("Titre"), description=_l("Court et simple."))
    people = StringField(_l("Nombre de personnes"))
    story = TextAreaField(_l("Votre message"))
    place = RadioField(
        _l("Un seul choix"), choices=[SelectChoice("here", _l("Sur place")), SelectChoice("online", _l("En ligne"))]
    )
    size = RadioField(
        _l("Combien de personnes ?"),
        choices=[
            SelectChoice("1", _l("Moins de 5")),
            SelectChoice("5", _l("5 à 9")),
            SelectChoice("10", _l("10 à 19")),
            SelectChoice("20", _l("20 et plus")),
        ],
    )
    consent = BooleanField(_l("Oui, j’accepte"))
    plant = RadioField(
        _l("Choisissez un nom"),
        choices=[SelectChoice("aubepine", "Club Aubépine"), SelectChoice("fenouil", "Club Fenouil")],
    )
    tile = RadioField(_l("Choisissez un carreau"), choices=as_choices(TILE_WORDS))
    language = RadioField(
        _l("On se parle en"), choices=[SelectChoice("fr", NAMES["fr"]), SelectChoice("ar", NAMES["ar"])]
    )


def open_page(state: BlueprintSetupState) -> None:
    """Only on this machine: nobody who comes to a real house needs it."""
    if state.app.extensions["settings"].loopback:
        state.add_url_rule("/components", view_func=components)


@public
def components() -> str:
    """Every part of the interface together."""
    form = ExampleForm(
        formdata=None, data={"place": "here", "size": "1", "plant": "fenouil", "tile": "ring", "language": "fr"}
    )
    form.refuse("people", _l("Écrivez un nombre."))
    monday = wall(now()).replace(hour=18, minute=30)
    return render_template(
        "pages/components.html",
        example=form,
        hues=list(zip(HUES, TILES, strict=True)),
        drawn_hues=DRAWN_HUES,
        moment=monday,
        later=monday + timedelta(hours=2),
        days=example_week(monday),
    )


def example_week(first: datetime) -> list[dict[str, Any]]:
    """Five days of a room, as ``week`` draws them."""
    return [_example_day(first + timedelta(days=number), states) for number, states in enumerate(WEEK)]


def _example_day(day: datetime, states: tuple[str, str]) -> dict[str, Any]:
    starts = (day.replace(hour=10, minute=0), day)
    slots = [_example_slot(state, start, start.hour >= 18) for state, start in zip(states, starts, strict=True)]
    date_of: date = day.date()
    return {"date": date_of, "today": states == WEEK[0], "free": states.count("free"), "slots": slots}


def _example_slot(state: str, start: datetime, evening: bool) -> dict[str, Any]:
    href = "#main" if state == "free" else ""
    more = _l("mot : %(word)s", word="Boussole") if state == "mine" else ""
    end = start + timedelta(hours=2)
    return {"state": state, "start": start, "end": end, "evening": evening, "href": href, "more": more}
