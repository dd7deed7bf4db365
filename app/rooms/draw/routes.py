"""The pages of draws: what is to be drawn and how it came out, for everyone; wishes, for leads and on paper."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.clubs.parts import beside
from app.clubs.queries import house_of, memberships_of
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import DomainError, Invalid, NotFound, Taken
from app.houses.models import House
from app.houses.queries import house_by_slug
from app.rooms.draw import actions, splits
from app.rooms.draw.forms import DeclareSplitForm, RankWishesForm, SplitWordForm, TypeWishesForm
from app.rooms.draw.models import Draw
from app.rooms.draw.policy import can_rank_wishes
from app.rooms.draw.queries import (
    bid_of,
    bids_of,
    clubs_of_house,
    coming_draw,
    draw_of_week,
    label_of,
    last_bid,
    led_club_for,
    past_draws,
    scarce_slots,
)
from app.rooms.draw.show import shown_results, shown_slots
from app.rooms.draw.standings import standings
from app.rooms.draw.words import own_numbers
from app.rooms.forms import offer_plants
from app.rooms.staff.pages import house_here, page
from app.rooms.week import week_of
from app.web.filters import use_zone
from app.web.guard import actor, actor_or_none, public
from app.web.parts import Part

bp = Blueprint("draw", __name__)


def _url(house: House, draw: Draw) -> str:
    return url_for("draw.show_draw", slug=house.slug, week=week_of(draw.week))


@bp.get("/houses/<slug>/draws/<week>")
@public
def show_draw(slug: str, week: str) -> str:
    """What is to be drawn and the hash of the seed; afterwards the seed, each result and why."""
    house = house_by_slug(slug)
    use_zone(house.timezone)
    draw = draw_of_week(house, week)
    return render_template(
        "draw/show_draw.html",
        place=house,
        draw=draw,
        week=week,
        slots=shown_slots(draw, scarce_slots(house, draw.week)),
        results=shown_results(draw),
        wishers=_wishers(actor_or_none(), draw, house),
        others=[(_url(house, each), each.week) for each in past_draws(house) if each.id != draw.id],
    )


def _wishers(found: Actor | None, draw: Draw, house: House) -> list[tuple[str, str]]:
    """Where a lead ranks the wishes of each of their clubs, while they may; with its plant name."""
    if found is None or coming_draw(house) != draw:
        return []
    led = [club for club, own in memberships_of(found) if can_rank_wishes(own) and club.house_id == house.id]
    return [(url_for(".rank_wishes", slug=club.slug), plant_name(club)) for club in led]


@bp.get("/houses/<slug>/draws/<week>/record.json")
@public
def show_record(slug: str, week: str) -> Response:
    """Everything that went in and came out, for who replays it; there once it is drawn."""
    draw = draw_of_week(house_by_slug(slug), week)
    if draw.record is None:
        raise NotFound()
    return jsonify(draw.record)


@bp.get("/houses/<slug>/draws/<week>/paper")
@public
def show_paper(slug: str, week: str) -> str:
    """A sheet to print: wishes are written by hand and handed in at the desk."""
    house = house_by_slug(slug)
    use_zone(house.timezone)
    draw = draw_of_week(house, week)
    if draw.drawn_at is not None:
        raise NotFound()
    slots = shown_slots(draw, scarce_slots(house, draw.week))
    return render_template("draw/show_paper.html", place=house, draw=draw, week=week, slots=slots)


@bp.route("/clubs/<slug>/draw", methods=["GET", "POST"])
def rank_wishes(slug: str) -> Any:
    """A club's wishes in the draw to come, and what became of the last ones; for its leads."""
    club, _membership = led_club_for(actor(), slug)
    house = house_of(club)
    use_zone(house.timezone)
    draw = coming_draw(house)
    form, status = RankWishesForm(), 200
    slots = scarce_slots(house, draw.week) if draw else []
    barred = actions.barred_for(club.id, slots)
    form.offer(slots, barred)
    bid = bid_of(draw, club.id) if draw else None
    if form.is_submitted():
        try:
            if not form.twice():
                saved = actions.rank_wishes(actor(), slug, form.wishes)
                flash(_("C’est noté.") if saved.wishes else _("Votre club n’est plus dans ce tirage."), "done")
                return redirect(url_for(".rank_wishes", slug=slug), 303)
            status = 422
        except DomainError as error:
            status = error.status
            if error.field and error.field in form:
                form.refuse(error.field, error.detail)
            else:
                flash(str(error.detail), "error")
    else:
        form.start_with(bid.wishes if bid else [])
    values = {
        "club": club, "plant": plant_name(club), "nav_current": "clubs", "place": house, "draw": draw, "slots": slots,
        "week": week_of(draw.week) if draw else "", "label": label_of(draw, club.id) if draw else "", "bid": bid,
        "barred": barred, "last": _last(club, house), "numbers": _numbers(club, house, draw),
        "has_errors": status == 422,
    }  # fmt: skip
    return render_template("draw/rank_wishes.html", form=form, **values), status


def _numbers(club: Club, house: House, draw: Draw | None) -> str:
    """What the rule knows of the club now: the published file says it to nobody."""
    return own_numbers(standings(house, [club.id], draw.week)[club.id]) if draw else ""


def _last(club: Club, house: House) -> dict[str, Any] | None:
    """What became of a club's wishes in the last draw that it took part in."""
    found = last_bid(club.id)
    if found is None:
        return None
    draw, bid = found
    mine = next(one for one in shown_results(draw) if one["label"] == bid.label)
    claim_url = url_for("rooms.show_claim", claim_id=bid.claim_id) if bid.claim_id else ""
    return {**mine, "url": _url(house, draw), "week": draw.week, "claim_url": claim_url}


@bp.route("/houses/<slug>/draws/typed", methods=["GET", "POST"])
def type_wishes(slug: str) -> Any:
    """One of the team types what a club wrote on paper."""
    house = house_here(slug)
    draw = coming_draw(house)
    form, status = TypeWishesForm(), 200
    form.offer(scarce_slots(house, draw.week) if draw else [])
    offer_plants(form.club, clubs_of_house(house))
    if form.is_submitted():
        status = 422
        if form.validate() and not form.twice():
            try:
                actions.type_wishes(actor(), slug, form.club.data, form.wishes)
                flash(_("C’est noté pour ce club."), "done")
                return redirect(url_for(".type_wishes", slug=slug), 303)
            except DomainError as error:
                status = error.status
                form.refuse(error.field if error.field and error.field in form else "club", error.detail)
    bids = [(plant_name(club), bid) for bid, club in bids_of(draw)] if draw else []
    week = week_of(draw.week) if draw else ""
    return page("draw/type_wishes", house, status, form=form, draw=draw, week=week, bids=bids, has_errors=status != 200)


@bp.route("/houses/<slug>/draws/splits", methods=["GET", "POST"])
def declare_split(slug: str) -> Any:
    """One of the team notes that a club came out of another: for twelve weeks both bid as one."""
    house = house_here(slug)
    form, status = DeclareSplitForm(), 200
    for each in (form.club, form.origin):
        offer_plants(each, clubs_of_house(house))
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                splits.declare_split(actor(), slug, form.club.data, form.origin.data)
                flash(_("C’est noté. Ces deux clubs tirent ensemble."), "done")
                return redirect(url_for(".declare_split", slug=slug), 303)
            except DomainError as error:
                status = error.status
                form.refuse(error.field if error.field and error.field in form else "club", error.detail)
    shown = [(plant_name(club), plant_name(origin), one.until) for one, club, origin in splits.splits_in(house)]
    return page("draw/declare_split", house, status, form=form, splits=shown, has_errors=status != 200)


@bp.route("/clubs/<slug>/draw/split", methods=["GET", "POST"])
def agree_split(slug: str) -> Any:
    """A lead types the word that a lead of the other half gave."""
    club, _membership = led_club_for(actor(), slug)
    form, status = SplitWordForm(), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                splits.take_split_word(actor(), slug, form.word.data or "")
                flash(_("C’est noté. Ces deux clubs tirent ensemble."), "done")
                return redirect(url_for(".agree_split", slug=slug), 303)
            except (Invalid, Taken) as error:
                status = error.status
                form.refuse("word", error.detail)
    return _split_page(club, form, status)


@bp.post("/clubs/<slug>/draw/split/word")
def give_split_word(slug: str) -> Any:
    """A word for who leads the other half; it is shown this once."""
    club, _membership = led_club_for(actor(), slug)
    return _split_page(club, SplitWordForm(formdata=None), given=splits.give_split_word(actor(), slug))


def _split_page(club: Club, form: SplitWordForm, status: int = 200, given: splits.Given | None = None) -> Any:
    use_zone(house_of(club).timezone)
    values = {"club": club, "plant": plant_name(club), "nav_current": "clubs", "bound": splits.bound_until(club)}
    page = render_template("draw/agree_split.html", form=form, given=given, has_errors=status != 200, **values)
    return page, status


def wishing(_actor: Actor, club: Club, _me: Membership) -> Part | None:
    """Beside the requests of a club's leads: the draw to come."""
    draw = coming_draw(db.session.get_one(House, club.house_id))
    if draw is None:
        return None
    bid = bid_of(draw, club.id)
    return Part("draw/_beside.html", {"club": club, "draw": draw, "ranked": len(bid.wishes) if bid else 0})


beside.append(wishing)
