"""The pages of the shelf: for everybody, for the team that keeps it, for an adviser."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import Invalid, NotFound
from app.houses.advice.queries import partner_planned_by
from app.houses.models import House
from app.houses.needs import BY_NAME, NEEDS
from app.houses.queries import house_of_staff
from app.houses.shelf import actions, queries
from app.houses.shelf.files import file_words
from app.houses.shelf.forms import ItemForm
from app.houses.shelf.models import ShelfItem
from app.houses.shelf.reasons import REASONS
from app.houses.shelf.writing import Writing, file_answer
from app.houses.trades import TRADES
from app.web.bodies import takes_a_file
from app.web.filters import use_zone
from app.web.guard import actor, actor_or_none, public
from app.web.pictures import qr_of
from app.web.reading import NAMES

bp = Blueprint("shelf", __name__)


def _page(template: str, status: int = 200, **values: Any) -> Response:
    known = {"needs": BY_NAME, "trades": TRADES, "is_stale": queries.is_stale, "nav_current": "home"}
    known["file_words"] = file_words
    return make_response(render_template(f"shelf/{template}.html", **known, **values), status)


def _asked(name: str, known: Any) -> str:
    """One of a few closed words of the address; anything else is no filter."""
    word = request.args.get(name, "")
    return word if word in known else ""


@bp.get("/shelf")
@public
def show_shelf() -> Response:
    """What lies there, by need, trade and language."""
    need, trade, language = _asked("need", BY_NAME), _asked("trade", TRADES), _asked("language", NAMES)
    found = queries.shown_items(need, "" if trade == "tous" else trade, language)
    chosen = {"need": need, "trade": trade, "language": language}
    choices = {"need": [(one.name, one.label) for one in NEEDS], "trade": TRADES.items(), "language": NAMES.items()}
    return _page("show_shelf", found=found, chosen=chosen, choices=choices)


@bp.get("/shelf/<item_id>")
@public
def show_item(item_id: str) -> Response:
    """A sheet to read and print, or a link with its address."""
    item = queries.shown_item(item_id)
    qr, partner = qr_of(item.link) if item.link else None, queries.partner_beside(item)
    known = {"own_text": queries.has_own_text(item), "signed": actor_or_none() is not None}
    return _page("show_item", item=item, qr=qr, partner=partner, **known)


@bp.get("/shelf/<item_id>/file")
@public
def get_file(item_id: str) -> Response:
    """The file beside a sheet, to keep."""
    return _file_of(queries.shown_item(item_id))


def _file_of(item: ShelfItem) -> Response:
    if item.file is None:
        raise NotFound()
    return file_answer(item.file)


@bp.post("/shelf/<item_id>/dead")
def tell_dead(item_id: str) -> Response:
    """It does not open."""
    actions.tell_dead(actor(), item_id)
    flash(_("C’est noté, sans votre nom. L’équipe regarde."), "done")
    return redirect(url_for("shelf.show_item", item_id=item_id), 303)


@bp.get("/houses/<slug>/shelf")
def keep_shelf(slug: str) -> Response:
    """All of a house: what is proposed, told dead or stale comes first."""
    house = house_of_staff(actor(), slug)
    return _page("keep_shelf", place=house, found=queries.items_of(house), reasons=REASONS)


@bp.get("/houses/<slug>/shelf/<item_id>/file")
def read_file(slug: str, item_id: str) -> Response:
    """The file of what is proposed or hidden, for who decides."""
    return _file_of(queries.item_in(house_of_staff(actor(), slug), item_id))


@bp.route("/houses/<slug>/shelf/new", methods=["GET", "POST"])
@takes_a_file
def add_item(slug: str) -> Response:
    """Something new, by the team."""
    house = house_of_staff(actor(), slug)
    form = ItemForm(data={"language": house.languages[0]})
    writing = Writing(form, house.id, _kept(house))
    return writing.answer(lambda said: actions.add_item(actor(), slug, said), _("C’est enregistré."))


@bp.route("/partners/<partner_id>/shelf/new", methods=["GET", "POST"])
@takes_a_file
def add_for_partner(partner_id: str) -> Response:
    """Something new, by who gives advice for a partner."""
    partner, house = partner_planned_by(actor(), partner_id)
    form = ItemForm(data={"language": partner.languages[0], "needs": partner.needs})
    writing = Writing(form, house.id, _of(partner_id))
    return writing.answer(lambda said: actions.add_for_partner(actor(), partner_id, said), _("C’est enregistré."))


def _of(partner_id: str) -> str:
    return url_for("shelf.keep_for_partner", partner_id=partner_id)


@bp.get("/partners/<partner_id>/shelf")
def keep_for_partner(partner_id: str) -> Response:
    """What a partner put there, for who plans its hours: to change it, or to take it back."""
    partner, house = partner_planned_by(actor(), partner_id)
    use_zone(house.timezone)
    return _page("keep_for_partner", partner=partner, place=house, found=queries.items_of_partner(partner))


@bp.route("/partners/<partner_id>/shelf/<item_id>/edit", methods=["GET", "POST"])
@takes_a_file
def change_for_partner(partner_id: str, item_id: str) -> Response:
    """What is said of something, by who gives advice for the partner that put it there."""
    partner, house = partner_planned_by(actor(), partner_id)
    writing = _changing(queries.item_of_partner(partner, item_id), house, _of(partner_id))

    def act(said: actions.ItemSaid) -> None:
        actions.change_for_partner(actor(), partner_id, item_id, said)

    return writing.answer(act, _("C’est enregistré."))


def _changing(item: ShelfItem, house: House, back: str) -> Writing:
    """The form of something that is there."""
    form = ItemForm(obj=item)
    if request.method == "GET" and not queries.has_own_text(item):
        form.body.data = ""
    return Writing(form, house.id, back, item=item)


@bp.post("/partners/<partner_id>/shelf/<item_id>/withdraw")
def withdraw_for_partner(partner_id: str, item_id: str) -> Response:
    """Nobody sees it any more."""
    actions.withdraw_for_partner(actor(), partner_id, item_id)
    flash(_("Ce n’est plus affiché."), "done")
    return redirect(_of(partner_id), 303)


@bp.route("/houses/<slug>/shelf/<item_id>/edit", methods=["GET", "POST"])
@takes_a_file
def change_item(slug: str, item_id: str) -> Response:
    """What is said of something."""
    house = house_of_staff(actor(), slug)
    writing = _changing(queries.item_in(house, item_id), house, _kept(house))
    return writing.answer(lambda said: actions.change_item(actor(), slug, item_id, said), _("C’est enregistré."))


def _kept(house: House) -> str:
    return url_for("shelf.keep_shelf", slug=house.slug)


@bp.post("/houses/<slug>/shelf/<item_id>/show")
def place_item(slug: str, item_id: str) -> Response:
    """Show it or not (``shown`` is 1 or 0); what was proposed and is not wanted goes, with a ``reason``."""
    house, shown = house_of_staff(actor(), slug), request.form.get("shown") == "1"
    try:
        actions.show_item(actor(), slug, item_id, shown=shown, reason=request.form.get("reason", ""))
    except Invalid as error:
        flash(str(error.detail), "warning")
        return redirect(_kept(house), 303)
    flash(_("C’est affiché.") if shown else _("Ce n’est plus affiché."), "done")
    return redirect(_kept(house), 303)


@bp.post("/houses/<slug>/shelf/<item_id>/remove")
def remove_item(slug: str, item_id: str) -> Response:
    """Erase what is hidden."""
    house = house_of_staff(actor(), slug)
    actions.remove_item(actor(), slug, item_id)
    flash(_("C’est effacé."), "done")
    return redirect(_kept(house), 303)


@bp.post("/houses/<slug>/shelf/<item_id>/check")
def check_item(slug: str, item_id: str) -> Response:
    """Looked at today."""
    house = house_of_staff(actor(), slug)
    actions.check_item(actor(), slug, item_id)
    flash(_("Vérifié aujourd’hui."), "done")
    return redirect(_kept(house), 303)
