"""A club that came out of another bids as one with it for twelve weeks: two halves must not have twice as much.

The team notes it as the leads say; or they do it themselves: a lead of one club gives a word to a lead of the other,
who types it. Neither club is named to the other for it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from app.clubs import live
from app.clubs.invitations.words import new_word, read_secret
from app.clubs.models import Club
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid, NotFound, Taken
from app.core.limits import Window, give_back, spend
from app.core.sealed import keyed_hash
from app.houses.journal import note
from app.houses.models import House
from app.houses.queries import house_of_staff
from app.rooms.draw.models import ClubSplit, SplitWord
from app.rooms.draw.queries import clubs_of_house, led_club_for
from app.rooms.draw.standings import TWELVE_WEEKS

WORD_LASTS = timedelta(days=7)
TRIES = Window("split-words", 5, 60)
WRONG = _l("Ce mot ne va pas, ou son temps est passé. Demandez-en un autre à l’autre club.")


@dataclass(frozen=True)
class Given:
    """A word to pass on, which nobody reads again here."""

    word: str
    until: datetime


def declare_split(actor: Actor, house_slug: str, club_slug: str, from_slug: str) -> ClubSplit:
    """One of the team notes that a club came out of another, as its leads say; both clubs read it in their journal."""
    with transaction():
        house = house_of_staff(actor, house_slug)
        clubs = {club.slug: club for club in clubs_of_house(house)}
        if club_slug not in clubs or from_slug not in clubs:
            raise NotFound()
        if club_slug == from_slug:
            raise Invalid("split_same", _l("Choisissez deux clubs différents."), field="origin")
        return _bind(actor, house.id, clubs[club_slug], clubs[from_slug])


def _bind(actor: Actor, house_id: str, club: Club, origin: Club, role: str = "") -> ClubSplit:
    split = db.session.get(ClubSplit, club.id)
    if split is None:
        split = ClubSplit(club_id=club.id)
        db.session.add(split)
    split.from_id, split.declared_at, split.agreed_at = origin.id, now(), now()
    split.until = now() + TWELVE_WEEKS
    for each in (club, origin):
        note("split:declared", actor, role=role, house_id=house_id, club_id=each.id)
    db.session.flush()
    return split


def give_split_word(actor: Actor, slug: str) -> Given:
    """A lead makes a word for who leads the other half; the word before it is of no use any more."""
    with transaction():
        club, _membership = led_club_for(actor, slug)
        live.hold(club.id)
        word, until = new_word([club.name, club.plant]), now() + WORD_LASTS
        found = db.session.get(SplitWord, club.id)
        if found is None:
            found = SplitWord(club_id=club.id)
            db.session.add(found)
        found.word_hash, found.until = _key(word), until
        db.session.flush()
        return Given(word, until)


def _key(typed: str) -> str:
    return keyed_hash("split-word", read_secret(typed))


def take_split_word(actor: Actor, slug: str, typed: str) -> ClubSplit:
    """A lead types the word of the other half: both bid as one from now on. Raises Invalid alike for any wrong one."""
    club, _membership = led_club_for(actor, slug)
    spend(TRIES, club.id)
    with transaction():
        club, _membership = led_club_for(actor, slug)
        other = _club_of(typed, club)
        for club_id in sorted((club.id, other.id)):
            live.hold(club_id)
        # Asked again behind the locks: of two who type it at once, one is too late.
        word = db.session.get(SplitWord, other.id, populate_existing=True)
        if word is None or word.word_hash != _key(typed):
            raise Invalid("word_wrong", WRONG, field="word")
        # Who is bound already stays so: a new half is no way out of it.
        if _bound(club) or _bound(other):
            raise Taken("split_there", _l("L’un des deux clubs tire déjà avec un autre."), field="word")
        db.session.delete(word)
        older, newer = sorted((club, other), key=lambda each: (each.created_at, each.id))
        made = _bind(actor, club.house_id, newer, older, role="lead")
    give_back(TRIES, club.id)
    return made


def _club_of(typed: str, club: Club) -> Club:
    found = db.session.scalars(
        select(Club)
        .join(SplitWord, SplitWord.club_id == Club.id)
        .where(SplitWord.word_hash == _key(typed), SplitWord.until > now())
        .where(Club.id != club.id, Club.house_id == club.house_id)
    ).first()
    if found is None:
        raise Invalid("word_wrong", WRONG, field="word")
    return found


def _bound(club: Club) -> ClubSplit | None:
    mine = or_(ClubSplit.club_id == club.id, ClubSplit.from_id == club.id)
    living = select(ClubSplit).where(mine, ClubSplit.agreed_at.is_not(None), ClubSplit.until > now())
    return db.session.scalars(living.order_by(ClubSplit.until.desc()).limit(1)).first()


def bound_until(club: Club) -> datetime | None:
    """Until when a club bids as one with another, for its leads; which one is not said."""
    split = _bound(club)
    return split.until if split else None


def splits_in(house: House) -> list[tuple[ClubSplit, Club, Club]]:
    """Which clubs bid as one now; the caller works in the house."""
    clubs = {club.id: club for club in clubs_of_house(house)}
    living = select(ClubSplit).where(ClubSplit.club_id.in_(clubs), ClubSplit.until > now())
    rows = db.session.scalars(living.order_by(ClubSplit.until, ClubSplit.club_id))
    return [(split, clubs[split.club_id], clubs[split.from_id]) for split in rows if split.from_id in clubs]
