"""The winner becomes a meeting: what was kept becomes the claim, the others go back, all in one transaction."""

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE, IN_CLUB, house_of
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, NotAllowed, NotFound, Taken
from app.core.limits import Window, spend
from app.houses.models import House
from app.meetings.actions import Plan, plan_meeting
from app.meetings.models import Rsvp
from app.meetings.places.queries import pattern_of
from app.meetings.polls.actions import OVER, end_poll
from app.meetings.polls.holds import KIND, give_back, holds_of
from app.meetings.polls.models import Poll, PollAnswer, PollDate
from app.meetings.polls.notices import tell_who_can_come
from app.meetings.polls.policy import can_choose_date
from app.meetings.polls.queries import date_of, my_poll
from app.rooms.actions import NOT_A_LEAD, take_slot
from app.rooms.claims import drop_own_holds
from app.rooms.models import SIZES, Claim, Room
from app.rooms.queries import find_slot
from app.rooms.slot_ids import slot_id
from app.rooms.spans import Overlaps, lock_rooms

CHOOSE = Window("choose-date", 20, 60)
NO_MORE = _l("Ce moment n’est plus gardé, et un autre club l’a pris. Choisissez une autre date.")
PASSED = _l("Cette date est passée. Choisissez-en une autre.")


def choose_date(actor: Actor, poll_id: str, date_id: str) -> PollDate:
    """A lead turns a date into a meeting, during the vote or after it; the vote is over by that.

    Between what was kept and the claim there is no moment at which somebody else could take the room.
    """
    try:
        with transaction():
            poll, club, me = my_poll(actor, poll_id)
            if not can_choose_date(me):
                raise NotAllowed("not_a_lead", NOT_A_LEAD)
            if poll.outcome not in (None, "over"):
                raise Gone("poll_over", OVER)
            date = date_of(poll, date_id)
            if date.starts_at <= now():
                raise Gone("date_past", PASSED)
            spend(CHOOSE, me.id)
            _choose(actor, poll, club, me, date)
            return date
    except Overlaps:
        raise Taken("slot_taken", NO_MORE) from None


def _choose(actor: Actor, poll: Poll, club: Club, me: Membership, date: PollDate) -> None:
    people = who_can_come(date)
    kept = holds_of(poll.id)
    room = db.session.get_one(Room, date.room_id) if date.room_id else None
    # Once, with every room that is written to.
    lock_rooms([*(each for _date, _hold, each in kept), *([room] if room else [])])
    give_back(each for each in kept if each[0].id != date.id)
    claim = _claim(poll, club, me, date, room, len(people)) if room else None
    date.hold_id, date.chosen_at = None, now()
    date.meeting_id = claim.id if claim else _plan(actor, poll, club, date)
    db.session.flush()
    _say_yes(date, people, room.capacity if room else len(people))
    end_poll(poll, "chosen")
    house = db.session.get_one(House, room.house_id if room else club.house_id)
    tell_who_can_come(date, people, claim, house)


def _claim(poll: Poll, club: Club, me: Membership, date: PollDate, room: Room, people: int) -> Claim:
    """By every rule of a claim, its own hold out of the way. The caller holds the club and the room."""
    try:
        slot = find_slot(slot_id(room.number, date.starts_at, date.ends_at))
    except NotFound:
        raise Taken("slot_taken", _l("La salle n’ouvre plus à ce moment. Choisissez une autre date.")) from None
    if slot.hold is not None and slot.hold.id == date.hold_id:
        drop_own_holds(club, slot.stretch, (KIND,))
    size = max(each for each in SIZES if each <= max(1, min(people, room.capacity)))
    # The title stays with who wrote it, whoever books.
    return take_slot(slot, club, me, {"title": poll.title, "title_by_id": poll.opened_by_id, "size": size})


def who_can_come(date: PollDate) -> list[tuple[Membership, str]]:
    """Who said yes or if need be, by name."""
    rows = db.session.execute(
        select(Membership, PollAnswer.answer)
        .join(PollAnswer, PollAnswer.membership_id == Membership.id)
        .where(PollAnswer.date_id == date.id, PollAnswer.answer != "no", ACTIVE, IN_CLUB)
        .order_by(Membership.name, Membership.id)
    )
    return [(member, answer) for member, answer in rows]


def _plan(actor: Actor, poll: Poll, club: Club, date: PollDate) -> str:
    """A meeting elsewhere or online, where the date said; its words stay with who wrote them, whoever plans."""
    online = date.kind == "online" and bool(pattern_of(house_of(club)))
    meeting = plan_meeting(
        actor, club.slug, Plan(poll.title, date.starts_at, date.ends_at, area=_area(date, online), online=online)
    )
    meeting.made_by_id = poll.opened_by_id
    meeting.area_by_id = date.added_by_id if date.place else None
    return meeting.id


def _area(date: PollDate, online: bool) -> str:
    """A house without links of its own says that it is online; the leads say how."""
    if date.kind == "elsewhere" or online:
        return date.place
    with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
        return str(_("En ligne"))


def _say_yes(date: PollDate, people: list[tuple[Membership, str]], places: int) -> None:
    """Who said yes comes, or waits for a place when there are more of them; who said if need be is asked."""
    coming = [member for member, answer in people if answer == "yes"]
    for number, member in enumerate(coming):
        answer = "yes" if number < places else "waiting"
        db.session.add(Rsvp(meeting_id=date.meeting_id, membership_id=member.id, answer=answer, at=now()))
    db.session.flush()
