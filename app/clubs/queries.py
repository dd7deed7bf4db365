"""Reads of clubs, always for someone: what is not theirs does not exist."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Boolean, ColumnElement, Select, and_, bindparam, false, func, or_, select, tuple_

from app.clubs.models import FORMER_NAME_SHOWN, Change, Club, Membership, Pause
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import NOW, UtcDateTime, db
from app.core.errors import NotFound
from app.core.ids import ID
from app.core.questions import Question
from app.core.sealed import keyed_hash
from app.houses.models import House

SLUG = re.compile(r"[a-z0-9-]{1,40}")
IN_CLUB = and_(Membership.began_at.is_not(None), Membership.ended_at.is_(None), Membership.visit_until.is_(None))
# There now, on pause or not, as a member or on a visit.
THERE = and_(
    Membership.began_at.is_not(None),
    Membership.ended_at.is_(None),
    or_(Membership.visit_until.is_(None), Membership.visit_until > NOW),
)
# May read and act now: no pause holds them, and a visit is not over.
ACTIVE = and_(THERE, or_(Membership.paused_until.is_(None), Membership.paused_until <= NOW))
LEADS = and_(ACTIVE, Membership.role == "lead")
ASKED = and_(Membership.began_at.is_(None), Membership.ended_at.is_(None))


# Between leads the team decides: making a lead a simple member first changes nothing.
LATELY = timedelta(weeks=4)
LATELY_FROM: BindParameter[datetime] = bindparam("lately", callable_=lambda: now() - LATELY, type_=UtcDateTime)


def led_lately(member: Any = Membership) -> ColumnElement[bool]:
    """Does somebody lead, or did they within four weeks? The log knows whose role changed, and when."""
    changed = select(Change.seq).where(
        Change.club_id == member.club_id,
        Change.kind == "membership:role",
        Change.subject_id == member.id,
        Change.at > LATELY_FROM,
    )
    return or_(member.role == "lead", changed.correlate(member).exists())


def rows_since(club: Club, kind: str, ids: Collection[str], there: Collection[tuple[str, int]]) -> dict[str, int]:
    """From which row of the log on each may be read of: there says so; of what is gone, the row that made it does."""
    known = dict(there)
    rows = select(Change.subject_id, func.min(Change.seq)).where(Change.club_id == club.id, Change.kind == kind)
    if gone := set(ids) - known.keys():
        found = db.session.execute(rows.where(Change.subject_id.in_(gone)).group_by(Change.subject_id))
        known |= dict(found.all())
    return known


def has_led_lately(membership: Membership) -> bool:
    """As ``led_lately``, of one."""
    return db.session.scalar(select(Membership.id).where(Membership.id == membership.id, led_lately())) is not None


def membership_of(actor: Actor | None, club_id: str) -> Membership | None:
    """The actor's living membership of a club, asked or begun."""
    if actor is None:
        return None
    return db.session.scalars(
        select(Membership).where(
            Membership.club_id == club_id,
            Membership.account_id == actor.account_id,
            Membership.ended_at.is_(None),
        )
    ).first()


def club_for(actor: Actor | None, slug: str) -> Club:
    """A club that the actor may see from outside: listed, or their own. Raises NotFound."""
    # One question, whatever the answer: a second one for a discreet club would tell by the clock that it exists.
    seen = select(Club).where(Club.slug == slug, _visible_to(actor))
    club = db.session.scalars(seen).first() if SLUG.fullmatch(slug) else None
    if club is None:
        raise NotFound()
    return club


def member_club_for(actor: Actor | None, slug: str) -> tuple[Club, Membership]:
    """A club from inside: only for its members, who find their membership with it. Raises NotFound."""
    return _member_club(actor, _ACTIVE_BY_SLUG, _known(slug))


def member_club_by_id(actor: Actor | None, club_id: str) -> tuple[Club, Membership]:
    """As ``member_club_for``, from a club's id held by another row. Raises NotFound."""
    return _member_club(actor, _ACTIVE_BY_ID, club_id)


def settled_club_for(actor: Actor | None, slug: str) -> tuple[Club, Membership]:
    """As ``member_club_for``, for who belongs to the club: not on a visit. Raises NotFound."""
    return _member_club(actor, _SETTLED_BY_SLUG, _known(slug))


def own_club_for(actor: Actor | None, slug: str) -> tuple[Club, Membership]:
    """As ``member_club_for``, for who is on pause too: of a club they still know that it is theirs. Raises NotFound."""
    return _member_club(actor, _OWN_BY_SLUG, _known(slug))


def own_club_by_id(actor: Actor | None, club_id: str) -> tuple[Club, Membership]:
    """As ``own_club_for``, from a club's id held by another row. Raises NotFound."""
    return _member_club(actor, _OWN_BY_ID, club_id)


# Built once, as at every event and on every page one of them is asked.
_INSIDE = (
    select(Club, Membership)
    .join(Membership, Membership.club_id == Club.id)
    .where(
        Membership.account_id == bindparam("account_id"),
        # One of the team is in a club during a visit, and in no other way.
        Membership.visit_until.is_not(None) == bindparam("visiting", type_=Boolean),
    )
)
_BY_SLUG, _BY_ID = (_INSIDE.where(key == bindparam("which")) for key in (Club.slug, Club.id))
_ACTIVE_BY_SLUG, _ACTIVE_BY_ID = _BY_SLUG.where(ACTIVE), _BY_ID.where(ACTIVE)
_SETTLED_BY_SLUG = _BY_SLUG.where(ACTIVE, IN_CLUB)
_OWN_BY_SLUG, _OWN_BY_ID = _BY_SLUG.where(IN_CLUB), _BY_ID.where(IN_CLUB)


def _member_club(actor: Actor | None, inside: Select[Club, Membership], which: str) -> tuple[Club, Membership]:
    asked = {"account_id": actor.account_id, "visiting": actor.is_staff, "which": which} if actor else None
    found = db.session.execute(inside, asked).first() if asked else None
    if found is None:
        raise NotFound()
    return found[0], found[1]


@dataclass(frozen=True)
class Seat:
    """Where a member hears a club: the numbers that its log goes from and to, and from which they may read."""

    club_id: str
    slug: str
    head: int
    kept: int
    membership_id: str
    first_seq: int
    visit_until: datetime | None

    @property
    def grant(self) -> str:
        """On what it hangs that one hears the club: see ``realtime.revoke``."""
        return f"membership:{self.membership_id}"


# The same rights as ``member_club_for``, for who only hears: no row of the two tables is made an object.
_SEAT = Question(
    _ACTIVE_BY_SLUG.with_only_columns(
        Club.id, Club.slug, Club.seq, Club.log_from, Membership.id, Membership.first_seq, Membership.visit_until
    )
)


def seat_for(actor: Actor, slug: str) -> Seat:
    """As ``member_club_for``, for who hears a club. Raises NotFound."""
    found = _SEAT.first(account_id=actor.account_id, visiting=actor.is_staff, which=_known(slug))
    if found is None:
        raise NotFound()
    return Seat(*found)


def _known(slug: str) -> str:
    if not SLUG.fullmatch(slug):
        raise NotFound()
    return slug


def memberships_of(actor: Actor) -> list[tuple[Club, Membership]]:
    """The actor's clubs, by plant name."""
    rows = db.session.execute(
        select(Club, Membership)
        .join(Membership, Membership.club_id == Club.id)
        .where(
            Membership.account_id == actor.account_id,
            ACTIVE,
        )
        .order_by(Club.plant)
    )
    return [(club, membership) for club, membership in rows]


def renamed_elsewhere(actor: Actor, club: Club) -> bool:
    """Has the actor changed their name in another of their clubs within seven days?"""
    others = select(Membership.id).where(
        Membership.account_id == actor.account_id,
        Membership.club_id != club.id,
        Membership.renamed_at > now() - FORMER_NAME_SHOWN,
        THERE,
    )
    return db.session.scalar(others.limit(1)) is not None


def visible_clubs(actor: Actor | None, limit: int | None = None) -> list[Club]:
    """Listed clubs, and one's own, by name; the first of them if there is a limit."""
    return list(db.session.scalars(select(Club).where(_visible_to(actor)).order_by(Club.name).limit(limit)))


def known_to(actor: Actor, club_ids: Collection[str]) -> set[str]:
    """Of some clubs, those that the actor may see. Who is no more in one that is not listed never reads its name."""
    return set(db.session.scalars(select(Club.id).where(Club.id.in_(club_ids), _visible_to(actor))))


def _visible_to(actor: Actor | None) -> ColumnElement[bool]:
    listed = Club.door != "discreet"
    if actor is None:
        return listed
    # Who is on pause still knows that their club exists, also when it is not listed.
    return or_(listed, Club.id.in_(clubs_of(actor, THERE)))


def clubs_of(actor: Actor | None, there: ColumnElement[bool] = ACTIVE) -> Select[str]:
    """The ids of the actor's clubs, to ask for what is in them; none of a visitor's.

    In the statement that looks for the thing itself: one more for what is there would tell by the clock that it is.
    """
    if actor is None:
        return select(Membership.club_id).where(false())
    return select(Membership.club_id).where(Membership.account_id == actor.account_id, there).correlate(None)


def person_key(club_id: str, account_id: str) -> str:
    """Under which a club remembers whom it keeps out; nobody reads from it who it is."""
    return keyed_hash("pause", f"{club_id}:{account_id}")


def kept_out(account_id: str, club_id: str) -> Pause | None:
    """What keeps a person out of a club now, whether they are still in it or not: of two, what lasts longer."""
    lasting = select(Pause).where(
        Pause.club_id == club_id, Pause.person_key == person_key(club_id, account_id), Pause.until > NOW
    )
    return db.session.scalars(lasting.order_by(Pause.until.desc()).limit(1)).first()


def house_of(club: Club) -> House:
    """The house that a club meets in."""
    return db.session.get_one(House, club.house_id)


def members_of(club: Club) -> list[Membership]:
    """Everyone in a club, leads first; the caller has proved to be a member."""
    return list(
        db.session.scalars(
            select(Membership).where(Membership.club_id == club.id, IN_CLUB).order_by(Membership.role, Membership.name)
        )
    )


def visitors_in(club: Club) -> list[Membership]:
    """Who of the team is on a visit now; the caller has proved to be in the club."""
    visiting = select(Membership).where(Membership.club_id == club.id, ACTIVE, Membership.visit_until.is_not(None))
    return list(db.session.scalars(visiting.order_by(Membership.visit_until, Membership.id)))


def members_in(club: Club) -> int:
    """How many are in a club; the caller has proved to be one of them."""
    return int(db.session.scalar(select(func.count()).where(Membership.club_id == club.id, IN_CLUB)) or 0)


def leads_of(club: Club) -> list[str | None]:
    """The names of who leads a club; the caller has proved to be a member."""
    leading = select(Membership.name).where(Membership.club_id == club.id, Membership.role == "lead", ACTIVE)
    return list(db.session.scalars(leading.order_by(Membership.name)))


def page_of_clubs(actor: Actor | None, after: str | None, limit: int) -> list[Club]:
    """Visible clubs in the order of their slugs, from the one after ``after``."""
    query = select(Club).where(_visible_to(actor)).order_by(Club.slug).limit(limit)
    return list(db.session.scalars(query.where(Club.slug > after) if after else query))


def membership_in(actor: Actor, membership_id: str) -> Membership:
    """A living member of a club that is also the actor's. Raises NotFound."""
    # One question too: who has left must not learn by the clock who is still there.
    shared = select(Membership).where(Membership.id == membership_id, IN_CLUB, Membership.club_id.in_(clubs_of(actor)))
    target = db.session.scalars(shared).first() if ID.fullmatch(membership_id) else None
    if target is None:
        raise NotFound()
    return target


def name_in_use(club: Club, key: str, but: str | None = None) -> bool:
    """Does somebody in the club, or who asks to enter it, bear a name of this key? ``but``: a membership left out."""
    found = db.session.scalar(select(Membership.id).where(Membership.club_id == club.id, Membership.name_key == key))
    return found not in (None, but)


def request_in(club: Club, request_id: str) -> Membership:
    """A request that waits in a club, held until the transaction ends. Raises NotFound."""
    if not ID.fullmatch(request_id):
        raise NotFound()
    asked = db.session.get(Membership, request_id, with_for_update=True)
    if asked is None or asked.club_id != club.id or asked.began_at is not None or asked.ended_at is not None:
        raise NotFound()
    return asked


def requests_of(club: Club, after: str | None = None, limit: int = 100) -> list[Membership]:
    """Who asks to enter, the first first; the caller has proved to lead. ``after``: the id of the last one read."""
    query = select(Membership).where(Membership.club_id == club.id, ASKED)
    if after is not None:
        last = db.session.get(Membership, after)
        if last is None or last.club_id != club.id:
            return []
        query = query.where(tuple_(Membership.asked_at, Membership.id) > (last.asked_at, last.id))
    return list(db.session.scalars(query.order_by(Membership.asked_at, Membership.id).limit(limit)))


def page_of_members(club: Club, after: str | None, limit: int) -> list[Membership]:
    """Members in the order of their ids, which says nothing of who came when; the caller has proved to be one."""
    query = select(Membership).where(Membership.club_id == club.id, IN_CLUB).order_by(Membership.id).limit(limit)
    return list(db.session.scalars(query.where(Membership.id > after) if after else query))


def colleagues_of(membership: Membership) -> tuple[int, int]:
    """How many other leads and how many other members the club has."""
    others = select(Membership.role).where(
        Membership.club_id == membership.club_id, Membership.id != membership.id, ACTIVE, IN_CLUB
    )
    roles = list(db.session.scalars(others))
    return roles.count("lead"), len(roles)


def waiting_requests_for(actor: Actor) -> list[tuple[Club, datetime]]:
    """The clubs that the actor leads and where somebody waits, each with since when."""
    rows = db.session.execute(
        select(Club, func.min(Membership.asked_at))
        .join(Membership, Membership.club_id == Club.id)
        .where(Club.id.in_(clubs_of(actor, LEADS)), ASKED)
        .group_by(Club.id)
        .order_by(Club.plant)
    )
    return [(club, since) for club, since in rows]


def own_requests_of(actor: Actor) -> list[tuple[Club, Membership]]:
    """What the actor asked of listed clubs and nobody has answered."""
    rows = db.session.execute(
        select(Club, Membership)
        .join(Membership, Membership.club_id == Club.id)
        .where(Membership.account_id == actor.account_id, ASKED, Club.door != "discreet")
        .order_by(Club.plant)
    )
    return [(club, membership) for club, membership in rows]


def hidden_requests_of(actor: Actor) -> list[Membership]:
    """What the actor asked of clubs that have turned discreet meanwhile: which ones is not theirs to see."""
    discreet = select(Club.id).where(Club.door == "discreet")
    asked = select(Membership).where(Membership.account_id == actor.account_id, ASKED, Membership.club_id.in_(discreet))
    return list(db.session.scalars(asked.order_by(Membership.id)))
