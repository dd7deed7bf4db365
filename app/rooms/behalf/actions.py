"""Verbs of the team for a club, because its people came in or phoned: claim a slot, give one back, exchange two."""

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app.clubs import live
from app.clubs.models import Club
from app.core.actor import Actor
from app.core.db import transaction
from app.core.errors import DomainError, Gone, NotFound, Taken
from app.houses.journal import note
from app.rooms.actions import Wish, checked_words, take_slot
from app.rooms.behalf import notices
from app.rooms.behalf.queries import AtDesk, claim_at_desk, slot_at_desk, swap_at_desk
from app.rooms.claims import set_free
from app.rooms.draw.queries import clubs_of_house
from app.rooms.models import Claim
from app.rooms.queries import Slot, find_slot
from app.rooms.refusals import explained, why_not
from app.rooms.series import swaps
from app.rooms.series.history import DESK
from app.rooms.series.swap_queries import side_of
from app.rooms.spans import Overlaps
from app.rooms.staff.queries import Standing


def claim_for_club(actor: Actor, slot_id: str, slug: str, size: int) -> Claim:
    """One of the team takes a free slot for a club of the house, by every rule that its leads have, quota included.

    Asked again it is the same claim. Raises NotFound, Taken, Invalid, Gone, QuotaReached.
    """
    try:
        with transaction():
            return _claim(actor, slot_id, slug, size)
    except Overlaps:
        raise _explained(actor, slot_id, slug, size, None) from None
    except DomainError as error:
        raise _explained(actor, slot_id, slug, size, error) from None


def _claim(actor: Actor, slot_id: str, slug: str, size: int) -> Claim:
    club = _club(slot_at_desk(actor, slot_id), slug)
    live.hold(club.id)
    slot = find_slot(slot_id)
    if slot.claim is not None and slot.claim.club_id == club.id:
        return slot.claim
    with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
        title = _("Rencontre")
    said = checked_words(Wish(slot_id, slug, title, size=size), slot.room, club)
    claim = take_slot(slot, club, DESK, said)
    _write_down(actor, AtDesk(Standing(claim, slot.room, club), slot.house), "claimed")
    return claim


def _club(slot: Slot, slug: str) -> Club:
    club = next((each for each in clubs_of_house(slot.house) if each.slug == slug), None)
    if club is None:
        raise NotFound()
    return club


def _explained(actor: Actor, slot_id: str, slug: str, size: int, error: DomainError | None) -> DomainError:
    if isinstance(error, NotFound):
        return error
    slot = slot_at_desk(actor, slot_id)
    return explained(error or Taken("slot_taken", why_not(slot)), slot, size, _club(slot, slug))


def _write_down(actor: Actor, found: AtDesk, done: str) -> None:
    note(f"claim:desk-{done}", actor, house_id=found.house.id, club_id=found.club.id, subject_id=found.claim.id)
    notices.acted(found, done)


def release_for_club(actor: Actor, claim_id: str) -> None:
    """One of the team gives a slot back for the club that has it: it is free for everyone at once."""
    with transaction():
        found = claim_at_desk(actor, claim_id, lock=True)
        set_free(found.claim, found.room, DESK)
        _write_down(actor, found, "released")


def ask_swap_for_club(actor: Actor, claim_id: str, slot_id: str) -> None:
    """One of the team proposes an exchange for a club; the other club's leads answer. Raises as ``ask_swap``."""
    with transaction():
        found = claim_at_desk(actor, claim_id)
        slot_at_desk(actor, slot_id)
        swaps.propose(found.claim, slot_id, lambda: None)
        _write_down(actor, found, "asked")


def answer_swap_for_club(actor: Actor, swap_id: str, *, yes: bool) -> None:
    """One of the team says yes or no to an exchange for the club that was asked. Raises as ``accept_swap``."""
    try:
        with transaction():
            swap, found = swap_at_desk(actor, swap_id, "theirs")
            if yes:
                swaps.exchange(swap, lambda: None, DESK)
            else:
                swaps.end(swap, "refused", lambda: None)
            stands = side_of(found.claim)
            _write_down(actor, AtDesk(Standing(stands.claim, stands.room, stands.club), stands.house), "answered")
    except Overlaps:
        raise Gone("swap_changed", swaps.CHANGED) from None


def withdraw_swap_for_club(actor: Actor, swap_id: str) -> None:
    """One of the team takes a proposal back for the club that made it."""
    with transaction():
        swap, found = swap_at_desk(actor, swap_id, "ours")
        swaps.end(swap, "withdrawn", lambda: None)
        _write_down(actor, found, "answered")
