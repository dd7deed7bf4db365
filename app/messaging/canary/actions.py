"""The canary's place: made when it is not there, and emptied of what is an hour old."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from app.accounts.actions import make_token
from app.accounts.models import Account, Token
from app.clubs.models import Change, Club, Membership
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.houses.models import House
from app.houses.queries import SERVICE, main_house
from app.messaging.actions import Draft, open_thread
from app.messaging.models import Message

KEPT = timedelta(hours=1)
NAMES = ("canari", "oreille")


@dataclass(frozen=True)
class Perch:
    """Where the canary sits. secrets: of who writes, and of who listens."""

    club_id: str
    slug: str
    thread: str
    secrets: tuple[str, str]


def settle() -> Perch | None:
    """Find the canary's place, or make it, with two new keys; None where there is no house yet."""
    if main_house() is None:
        db.session.rollback()
        return None
    with transaction():
        club = _club() or _build()
        members = [_member(club, name) for name in NAMES]
        accounts = [str(member.account_id) for member in members]
        # Those of an hour: another machine of the house may sing with its own in turn.
        db.session.execute(delete(Token).where(Token.account_id.in_(accounts), Token.created_at < now() - KEPT))
        writes, listens = (make_token(account, "canari", house_reason="canari")[1] for account in accounts)
        return Perch(club.id, club.slug, _thread(club, members[0]), (writes, listens))


def _club() -> Club | None:
    return db.session.scalars(select(Club).join(House, House.id == Club.house_id).where(House.slug == SERVICE)).first()


def _build() -> Club:
    house = House(
        id=new_id(), slug=SERVICE, name="", position=2**15, timezone="UTC", country="", languages=[], hours=[],
        open_evenings=[],
    )  # fmt: skip
    db.session.add(house)
    db.session.flush()
    club = Club(
        id=new_id(), slug=new_id(), house_id=house.id, name="", plant=new_id(), about=[], charter=[], door="discreet",
        tile="leaves", hue="pine", languages=[], history="joining", keep_months=1, created_at=now(),
    )  # fmt: skip
    db.session.add(club)
    db.session.flush()
    return club


def _thread(club: Club, writes: Membership) -> str:
    """One that holds a message, as all do."""
    found = db.session.scalar(select(Message.thread_id).where(Message.club_id == club.id).limit(1))
    if found is not None:
        return found
    writer = Actor(str(writes.account_id), "canary", "member")
    return open_thread(writer, club.slug, "canari", Draft(str(uuid.uuid4()), ".")).thread.id


def _member(club: Club, name: str) -> Membership:
    here = select(Membership).where(
        Membership.club_id == club.id, Membership.name_key == name, Membership.account_id.is_not(None)
    )
    found = db.session.scalars(here).first()
    if found is not None:
        return found
    moment = now()
    account = Account(id=new_id(), created_at=moment, seen_on=moment)
    db.session.add(account)
    db.session.flush()
    member = Membership(
        id=new_id(), club_id=club.id, account_id=account.id, name=name, name_key=name, consent_version="0",
        asked_at=moment, began_at=moment,
    )  # fmt: skip
    db.session.add(member)
    db.session.flush()
    return member


def forget_old(perch: Perch) -> None:
    """Erase what the canary said more than an hour ago, and the rows of its log."""
    before = now() - KEPT
    with transaction():
        db.session.execute(delete(Message).where(Message.club_id == perch.club_id, Message.posted_at < before))
        old = Change.club_id == perch.club_id, Change.at < before
        last = db.session.scalar(select(func.max(Change.seq)).where(*old))
        if last is not None:
            db.session.execute(delete(Change).where(*old))
            db.session.execute(update(Club).where(Club.id == perch.club_id).values(log_from=last + 1))
