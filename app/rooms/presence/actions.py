"""Verbs of presence: say that a club is there; give back what nobody uses; the desk undoes that."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, select

from app.clubs import live
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotAllowed, NotFound, Taken
from app.core.limits import Window, give_back, spend
from app.houses.journal import note
from app.houses.models import House
from app.houses.queries import houses_of_staff
from app.rooms.claims import set_free, take_back
from app.rooms.doors.codes import is_door_code
from app.rooms.doors.queries import WORKING, rooms_with_a_door
from app.rooms.models import Claim, Room
from app.rooms.presence import notices
from app.rooms.presence.policy import can_check_in
from app.rooms.presence.queries import AFTER, claims_with_word, is_asked, judged_before, standing_at
from app.rooms.spans import Overlaps, lock_rooms
from app.rooms.waiting.offers import withdraw_offers

# A little before the start: the clock comes once a minute, and a claim is judged on time.
WATCHED_BEFORE = timedelta(minutes=2)
CODES = Window("door-codes", 10, 10)
WORDS = Window("door-words", 20, 10)
NOT_NOW = _l("On le dit à partir de 15 minutes avant le début, et tant que la salle est à vous.")
WRONG_CODE = _l("Ce ne sont pas les chiffres de l’écran. Ils changent chaque minute : regardez-le de nouveau.")
WRONG_WORD = _l("Ce mot ne va avec aucune rencontre d’ici, maintenant. Regardez votre agenda, ou demandez à l’accueil.")


def check_in(actor: Actor | None, claim_id: str, code: str = "", *, place: str = "") -> None:
    """Somebody at the door says that the club is there: a member by a tap, anybody by the code of this minute.

    place: whose tries are counted. A wrong code and a claim that does not exist are answered alike.
    """
    found = standing_at(actor, claim_id)
    if found is not None and found.me is not None:
        if not can_check_in(found.me):
            raise NotAllowed()
    else:
        spend(CODES, place)
        if found is None or not is_door_code(found.room.id, code, now()) or not is_asked(found.claim):
            raise Invalid("code_wrong", WRONG_CODE, field="code")
        give_back(CODES, place)
    with transaction():
        _note_there(claim_id)


def say_word(house: House, word: str, *, place: str) -> None:
    """At a kiosk of the house: the door word of a meeting of now. Which one it is, is not said."""
    spend(WORDS, place)
    found = claims_with_word(house, word)
    if not found:
        raise Invalid("word_wrong", WRONG_WORD, field="word")
    give_back(WORDS, place)
    with transaction():
        for claim_id in found:
            _note_there(claim_id)


def _note_there(claim_id: str) -> Claim:
    """Once: who comes later changes nothing."""
    claim = _locked(claim_id)
    if not is_asked(claim):
        raise Gone("not_now", NOT_NOW)
    if claim.checked_in_at is None:
        claim.checked_in_at = now()
    return claim


def _locked(claim_id: str) -> Claim:
    wanted = select(Claim).where(Claim.id == claim_id).with_for_update().execution_options(populate_existing=True)
    claim = db.session.scalars(wanted).first()
    if claim is None:
        raise NotFound()
    return claim


def they_are_here(actor: Actor, claim_id: str) -> bool:
    """One of the team sees that a club is there: noted, or what was given back is undone.

    Returns whether it was undone. Raises Taken once another club has the room.
    """
    with transaction():
        houses = {house.id: house for house in houses_of_staff(actor)}
        if not houses:
            raise NotFound()
        claim = _locked(claim_id)
        room = db.session.get_one(Room, claim.room_id)
        if room.house_id not in houses:
            raise NotFound()
        house = houses[room.house_id]
        facts = {"house_id": house.id, "club_id": claim.club_id, "subject_id": claim.id}
        if claim.unused_at is None:
            _note_there(claim_id)
            note("claim:checked-in", actor, **facts)
            return False
        _undo(claim, room, house)
        note("claim:taken-back", actor, **facts)
        return True


def _undo(claim: Claim, room: Room, house: House) -> None:
    if claim.ends_at <= now():
        raise Gone("claim_past", _l("Cette rencontre est passée."))
    live.hold(claim.club_id)
    lock_rooms([room])
    withdraw_offers(room, claim.starts_at, claim.ends_at + timedelta(minutes=room.buffer_minutes))
    try:
        take_back(claim, room, house)
    except Overlaps:
        raise Taken("slot_taken", _l("Un autre club a pris la salle entre-temps.")) from None
    claim.checked_in_at = now()


def watch_doors() -> None:
    """Note since when somebody could say, without a break, that they are there. Unknown time counts as a break."""
    moment = now()
    begun = select(Claim.id).where(_unseen(), Claim.starts_at <= moment + WATCHED_BEFORE)
    if db.session.scalars(begun.limit(1)).first() is None:
        return
    with transaction():
        claims = list(db.session.scalars(select(Claim).where(Claim.id.in_(begun)).order_by(Claim.id).with_for_update()))
        rooms = db.session.scalars(select(Room).where(Room.id.in_({claim.room_id for claim in claims})))
        working = rooms_with_a_door(rooms)
        for claim in claims:
            if claim.room_id not in working:
                claim.watched_since = claim.watched_at = None
                continue
            if claim.watched_at is None or moment - claim.watched_at > WORKING:
                claim.watched_since = moment
            claim.watched_at = moment


def _unseen() -> ColumnElement[bool]:
    return and_(Claim.released_at.is_(None), Claim.checked_in_at.is_(None), Claim.ends_at > now())


def give_back_unused() -> None:
    """15 minutes after its start, a claim that nobody checked in is given back, if a door worked all that time."""
    judged = select(Claim.id).where(_unseen(), Claim.starts_at <= judged_before(), Claim.watched_since.is_not(None))
    for claim_id in db.session.scalars(judged.order_by(Claim.starts_at)).all():
        with transaction():
            _judge(claim_id)


def _judge(claim_id: str) -> None:
    claim = _locked(claim_id)
    unseen = claim.released_at is None and claim.checked_in_at is None
    if not unseen or claim.watched_since is None or now() - claim.watched_since < AFTER:
        return
    room = db.session.get_one(Room, claim.room_id)
    if not rooms_with_a_door([room]):
        return
    live.hold(claim.club_id)
    lock_rooms([room])
    # First what it is: the rest of such a slot is for who takes it.
    claim.unused_at = now()
    set_free(claim, room)
    note("claim:unused", None, house_id=room.house_id, club_id=claim.club_id, subject_id=claim.id)
    notices.given_back(claim, room, db.session.get_one(House, room.house_id))
