"""Verbs of draws: open the next one, wish in it, draw it."""

import secrets
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from app.clubs import live
from app.clubs.models import Club
from app.core import jobs
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotFound, QuotaReached
from app.core.ids import new_id
from app.core.sealed import seal, unseal
from app.houses.journal import note
from app.houses.models import House
from app.houses.queries import house_of_staff
from app.rooms.claims import place_claim
from app.rooms.draw.models import Draw, DrawBid
from app.rooms.draw.notices import tell_leads
from app.rooms.draw.queries import bid_of, clubs_of_house, coming_draw, label_of, led_club_for, scarce_slots
from app.rooms.draw.record import Record, record_of, results_in
from app.rooms.draw.rule import Bid, hash_of
from app.rooms.draw.standings import standings
from app.rooms.draw.weeks import closes_at, next_week
from app.rooms.draw.words import sentence
from app.rooms.live import wall_stamp
from app.rooms.models import OpeningWindow, Room
from app.rooms.queries import Slot, rooms_of
from app.rooms.quota import check_quota
from app.rooms.spans import lock_rooms
from app.rooms.week import week_of

MOST_WISHES = 5


def open_draws() -> None:
    """Each house with scarce slots has its next draw, with the hash of a seed that nobody reads before it is drawn."""
    scarce = select(Room.house_id).join(OpeningWindow, OpeningWindow.room_id == Room.id).where(OpeningWindow.scarce)
    with transaction():
        for house in db.session.scalars(select(House).where(House.id.in_(scarce)).order_by(House.id)).all():
            week = next_week(house)
            there = select(Draw.id).where(Draw.house_id == house.id, Draw.week == week)
            if db.session.scalar(there) is None and scarce_slots(house, week):
                _open(house)


def _open(house: House) -> None:
    seed, week = secrets.token_hex(32), next_week(house)
    draw = Draw(
        id=new_id(), house_id=house.id, week=week, closes_at=closes_at(house, week),
        seed_sealed=seal(seed), seed_hash=hash_of(seed), made_at=now(),
    )  # fmt: skip
    db.session.add(draw)
    db.session.flush()
    jobs.enqueue("draw:hold", {"draw": draw.id}, draw.closes_at)


def rank_wishes(actor: Actor, slug: str, wishes: Sequence[str]) -> DrawBid:
    """A lead says which scarce slots the club would like, best first; until the close it may be said anew.

    No wish at all takes the club out of the draw. Raises Gone, Invalid.
    """
    with transaction():
        club, _membership = led_club_for(actor, slug)
        return _rank(club, wishes, on_paper=False)


def type_wishes(actor: Actor, house_slug: str, club_slug: str, wishes: Sequence[str]) -> DrawBid:
    """One of the team types what a club wrote on paper; the club reads in its journal that it was so."""
    with transaction():
        house = house_of_staff(actor, house_slug)
        club = next((each for each in clubs_of_house(house) if each.slug == club_slug), None)
        if club is None:
            raise NotFound()
        bid = _rank(club, wishes, on_paper=True)
        note("draw:typed", actor, house_id=house.id, club_id=club.id, subject_id=bid.draw_id)
        return bid


def _rank(club: Club, wishes: Sequence[str], *, on_paper: bool) -> DrawBid:
    house = db.session.get_one(House, club.house_id)
    draw = coming_draw(house)
    if draw is not None:
        # Whoever draws waits here, or has drawn.
        db.session.refresh(draw, with_for_update=True)
    if draw is None or draw.drawn_at is not None:
        raise Gone("draw_closed", _l("Aucun tirage n’est ouvert. Le prochain paraît ici."))
    if len(wishes) > MOST_WISHES:
        raise Invalid("too_many_wishes", _l("Classez cinq moments au plus."), field="wish1")
    if len(set(wishes)) < len(wishes):
        raise Invalid("wish_twice", _l("Vous avez choisi deux fois le même moment."), field="wish1")
    if set(wishes) - {slot.id for slot in scarce_slots(house, draw.week)}:
        raise Invalid("wish_unknown", _l("Ce moment n’est plus au tirage. Choisissez-en un autre."), field="wish1")
    bid = bid_of(draw, club.id)
    if bid is None:
        bid = DrawBid(draw_id=draw.id, club_id=club.id, label=label_of(draw, club.id))
        db.session.add(bid)
    bid.wishes, bid.on_paper, bid.changed_at = list(wishes), on_paper, now()
    db.session.flush()
    return bid


def hold_draw(draw_id: str) -> None:
    """Draw what a house has for one week: every slot at once, or nothing. Run again it finds that it is done.

    The seed, the wishes and what each club had are the same at every try, so the result is too.
    """
    with transaction():
        draw = db.session.scalars(select(Draw).where(Draw.id == draw_id).with_for_update()).first()
        if draw is None or draw.drawn_at is not None or draw.closes_at > now():
            return
        house = db.session.get_one(House, draw.house_id)
        rows = db.session.scalars(select(DrawBid).where(DrawBid.draw_id == draw.id).order_by(DrawBid.label)).all()
        wished = {bid.label: bid for bid in rows if bid.wishes}
        for club_id in sorted(bid.club_id for bid in wished.values()):
            live.hold(club_id)
        lock_rooms(rooms_of(house))
        slots = {slot.id: slot for slot in scarce_slots(house, draw.week)}
        draw.record = _drawn(draw, house, wished, slots)
        draw.drawn_at = now()
        db.session.flush()
        _give(draw, house, wished, slots)


def let_draw_go(draw_id: str) -> None:
    """A draw that nobody can hold any more goes, with its wishes: its slots would wait for it until they are over."""
    with transaction():
        db.session.execute(delete(Draw).where(Draw.id == draw_id, Draw.drawn_at.is_(None)))


def _drawn(draw: Draw, house: House, wished: dict[str, DrawBid], slots: dict[str, Slot]) -> Record:
    seed = unseal(draw.seed_sealed)
    if seed is None:
        raise jobs.GiveUp("SeedLost")
    head = {"house": house.slug, "week": week_of(draw.week), "closes_at": wall_stamp(draw.closes_at, house)}
    listed = [
        {
            "id": slot.id, "room": slot.room.slug,
            "start": wall_stamp(slot.start, house), "end": wall_stamp(slot.end, house),
        }
        for slot in slots.values()
    ]  # fmt: skip
    record = record_of(head, seed, listed, _bids(draw, house, wished, slots))
    with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
        for told, result in zip(record["results"], results_in(record), strict=True):
            told["sentence"] = sentence(result)
    return record


def _bids(draw: Draw, house: House, wished: dict[str, DrawBid], slots: dict[str, Slot]) -> list[Bid]:
    labels = {bid.club_id: label for label, bid in wished.items()}
    had = standings(house, list(labels), draw.week)
    found = []
    for label, bid in wished.items():
        mine = had[bid.club_id]
        together = sorted(labels[club] for club in mine.party if club in labels)
        barred = barred_for(bid.club_id, [slots[wish] for wish in bid.wishes if wish in slots])
        found.append(
            Bid(
                label, tuple(bid.wishes), mine.streak, mine.minutes, mine.waited,
                together[0] if len(together) > 1 else "", tuple(barred),
            )
        )  # fmt: skip
    return found


def barred_for(club_id: str, slots: Sequence[Slot]) -> list[str]:
    """Which of these a club's quota does not let it have now."""
    club = db.session.get_one(Club, club_id)
    return [slot.id for slot in slots if not _may_have(club, slot)]


def _may_have(club: Club, slot: Slot) -> bool:
    try:
        check_quota(club, slot.stretch)
    except QuotaReached:
        return False
    return True


def _give(draw: Draw, house: House, wished: dict[str, DrawBid], slots: dict[str, Slot]) -> None:
    """Each winner has its claim, each club that took part its answer."""
    with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
        title = _("Rencontre")
    for result in results_in(draw.record or {}):
        bid = wished[result.label]
        bid.outcome = result.outcome
        slot = slots.get(result.slot)
        if slot is not None:
            club = db.session.get_one(Club, bid.club_id)
            bid.claim_id = place_claim(slot.stretch, house, club, None, title=title).id
        db.session.flush()
        tell_leads(bid, house, ZoneInfo(house.timezone), slot)
