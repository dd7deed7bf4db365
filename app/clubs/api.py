"""The JSON door of clubs."""

import re
from typing import Any

from apiflask.fields import Boolean, Dict, Float
from apiflask.validators import OneOf, Range

from app.accounts.queries import me_parts
from app.clubs import actions, live, policy
from app.clubs.actions import MAX_SENTENCE
from app.clubs.consent import CONSENT_TEXT, CONSENT_VERSION
from app.clubs.diary import Public, diary
from app.clubs.models import DOORS, Club, Membership
from app.clubs.queries import (
    SLUG,
    club_for,
    member_club_for,
    membership_of,
    memberships_of,
    page_of_clubs,
    page_of_members,
    requests_of,
    seat_for,
)
from app.clubs.waiting import waiting_for
from app.core import realtime
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import Invalid, NotSignedIn
from app.core.ids import ID
from app.core.limits import WATCH, spend
from app.web.api import (
    SOMETIMES,
    Answer,
    Integer,
    Length,
    List,
    Nested,
    PageQuery,
    Schema,
    String,
    YesOrNo,
    blueprint,
    decode_cursor,
    paged,
    stamp,
)
from app.web.guard import actor, actor_or_none, public
from app.web.sockets import FOR_ANSWER, doorman, returning

bp = blueprint("clubs")
MAX_WAIT = 25.0
MOMENT = {"format": "date-time"}


class ConsentOut(Answer):
    version = String()
    text = String()


class OwnOut(Answer):
    id = String()
    name = String()
    role = String()


class OpenMeetingOut(Answer):
    """A coming meeting that is open to all."""

    id = String()
    title = String()
    start = String(metadata=MOMENT)
    end = String(metadata=MOMENT)
    house = String()
    room = String()


class ClubOut(Answer):
    """The outside view: no count, no person. ``membership`` is one's own, in one's own clubs."""

    club = String(metadata={"description": "the slug, as everywhere else"})
    slug = String()
    name = String()
    plant = String()
    sentence = String()
    about = List(String())
    charter = List(String())
    door = String(metadata={"enum": list(DOORS)})
    format = String()
    languages = List(String())
    tile = String()
    hue = String()
    meetings = List(Nested(OpenMeetingOut))
    consent = Nested(ConsentOut)
    membership = Nested(OwnOut, metadata=SOMETIMES)


class ClubsOut(Answer):
    items = List(Nested(ClubOut))
    next_cursor = String(allow_none=True)


class JoinIn(Schema):
    name = String(required=True, validate=Length(1, 400))
    sentence = String(load_default="", allow_none=True, validate=Length(0, MAX_SENTENCE))
    consent_version = String(load_default=None, allow_none=True)


class StateOut(Answer):
    state = String()


class MemberOut(Answer):
    id = String()
    name = String()
    role = String()
    former_name = String(allow_none=True, metadata={"description": "shown for seven days"})


class MembersOut(Answer):
    items = List(Nested(MemberOut))
    next_cursor = String(allow_none=True)


class RequestOut(Answer):
    id = String()
    name = String()
    sentence = String(allow_none=True)
    since = String(metadata=MOMENT)


class RequestsOut(Answer):
    items = List(Nested(RequestOut))
    next_cursor = String(allow_none=True)


class DecideIn(Schema):
    accept = YesOrNo(required=True)


class RoleIn(Schema):
    role = String(required=True, validate=OneOf(["member", "lead"]))


class ChangesQuery(Schema):
    since = Integer(load_default=None, validate=Range(0, 2**53))
    limit = Integer(load_default=live.MAX_CHANGES, validate=Range(1))
    wait = Float(load_default=0.0, validate=Range(0), metadata={"description": "seconds, 25 at most"})


class ChangeOut(Answer):
    """A row of the log; what ``data`` holds depends on ``kind``, and there may be others than those known today."""

    club = String()
    seq = Integer()
    kind = String()
    at = String(metadata=MOMENT)
    data = Dict(allow_none=True)


class ChangesOut(Answer):
    """``more``: ask again; ``gap``: read everything anew."""

    seq = Integer()
    changes = List(Nested(ChangeOut))
    more = Boolean()
    gap = Boolean()


@bp.get("/clubs")
@bp.input(PageQuery, location="query")
@bp.output(ClubsOut)
@bp.doc(summary="Listed clubs, and one's own")
@public
def list_clubs(query_data: dict[str, Any]) -> dict[str, Any]:
    limit = query_data["limit"]
    clubs = page_of_clubs(actor_or_none(), _cursor(query_data, SLUG), limit + 1)
    mine = _own_of(actor_or_none())
    meetings = diary.public(clubs[:limit])
    return paged(clubs, limit, lambda club: club.slug, lambda club: _shown(club, meetings, mine.get(club.id)))


@bp.get("/clubs/<slug>")
@bp.output(ClubOut)
@bp.doc(summary="A club, from outside")
@public
def show_club(slug: str) -> dict[str, Any]:
    club = club_for(actor_or_none(), slug)
    own = membership_of(actor_or_none(), club.id)
    return _shown(club, diary.public([club]), own if own and own.active else None)


@bp.post("/clubs/<slug>/join")
@bp.input(JoinIn, location="json")
@bp.output(StateOut)
@bp.doc(summary="Join, or ask to", responses=[202, 403, 409, 429])
def join_club(slug: str, json_data: dict[str, Any]) -> tuple[dict[str, str], int]:
    """Calling it records that the consent sentence of the current version was shown."""
    sentence = json_data["sentence"] or ""
    state = actions.join_club(actor(), slug, json_data["name"], sentence, json_data["consent_version"])
    return {"state": state}, 200 if state == "member" else 202


@bp.post("/clubs/<slug>/leave")
@bp.output({}, status_code=204)
@bp.doc(summary="Leave, or take a request back", responses=[409])
def leave_club(slug: str) -> str:
    own = membership_of(actor(), club_for(actor(), slug).id)
    if own is not None and own.began_at is None:
        actions.withdraw_request(actor(), slug)
    else:
        actions.leave_club(actor(), slug)
    return ""


@bp.get("/clubs/<slug>/members")
@bp.input(PageQuery, location="query")
@bp.output(MembersOut)
@bp.doc(summary="The names used in the club")
def list_members(slug: str, query_data: dict[str, Any]) -> dict[str, Any]:
    club, _membership = member_club_for(actor(), slug)
    limit = query_data["limit"]
    rows = page_of_members(club, _cursor(query_data, ID), limit + 1)
    return paged(rows, limit, lambda row: row.id, _member)


@bp.get("/clubs/<slug>/requests")
@bp.input(PageQuery, location="query")
@bp.output(RequestsOut)
@bp.doc(summary="Who asks to enter", responses=[403])
def list_requests(slug: str, query_data: dict[str, Any]) -> dict[str, Any]:
    club, membership = member_club_for(actor(), slug)
    if not policy.can_read_requests(membership):
        raise actions.not_a_lead()
    limit = query_data["limit"]
    rows = requests_of(club, _cursor(query_data, ID), limit + 1)
    return paged(rows, limit, lambda row: row.id, _request)


@bp.post("/clubs/<slug>/requests/<request_id>")
@bp.input(DecideIn, location="json")
@bp.output(StateOut)
@bp.doc(summary="Accept or refuse a request", responses=[403])
def decide_request(slug: str, request_id: str, json_data: dict[str, Any]) -> dict[str, str]:
    if json_data["accept"]:
        actions.accept_request(actor(), slug, request_id)
        return {"state": "member"}
    actions.refuse_request(actor(), slug, request_id)
    return {"state": "refused"}


@bp.put("/memberships/<membership_id>/role")
@bp.input(RoleIn, location="json")
@bp.output(MemberOut)
@bp.doc(summary="Name a lead, or let one step down", responses=[403, 409])
def set_role(membership_id: str, json_data: dict[str, Any]) -> dict[str, Any]:
    return _member(actions.set_role(actor(), membership_id, json_data["role"]))


@bp.get("/clubs/<slug>/changes")
@bp.input(ChangesQuery, location="query")
@bp.output(ChangesOut)
@bp.doc(summary="The club's log, after a number", responses=[429])
def list_changes(slug: str, query_data: dict[str, Any]) -> dict[str, Any]:
    """With ``wait`` the answer is held until something happens, or a right ends; then rights are asked again."""
    seat = seat_for(actor(), slug)
    since = query_data["since"]
    if since is None:
        return live.changes_since(seat, since)
    spend(WATCH, actor().account_id)
    limit, seconds = min(query_data["limit"], live.MAX_CHANGES), min(query_data["wait"], MAX_WAIT)
    grants = (actor().credential, f"account:{actor().account_id}", seat.grant)
    with waiting_for(seat.club_id) as waiter, realtime.hanging_on(grants, waiter.wake):
        # Waiting first, reading second, so that nothing falls between.
        with returning.one(FOR_ANSWER):
            found = live.changes_since(seat_for(actor(), slug), since, limit)
        if found["changes"] or found["gap"] or not seconds:
            return found
        waiter.head, credential = found["seq"], actor().credential
        db.session.remove()
        waiter.wait(seconds)
    return _asked_again(credential, slug, since, limit)


def _asked_again(credential: str, slug: str, since: int, limit: int) -> dict[str, Any]:
    still = doorman.actor_of(credential)
    if still is None:
        raise NotSignedIn()
    return live.changes_since(seat_for(still, slug), since, limit)


def _cursor(query_data: dict[str, Any], kind: re.Pattern[str]) -> str | None:
    cursor = decode_cursor(query_data.get("cursor"))
    if cursor is not None and not kind.fullmatch(cursor):
        raise Invalid("cursor_invalid", field="cursor")
    return cursor


def _own_of(found: Actor | None) -> dict[str, Membership]:
    return {club.id: membership for club, membership in memberships_of(found)} if found else {}


def _memberships(found: Actor) -> list[dict[str, Any]]:
    rows = memberships_of(found)
    return [{"id": row.id, "club": club.slug, "name": row.name, "role": row.role} for club, row in rows]


me_parts["memberships"] = _memberships


def _shown(club: Club, meetings: Public, own: Membership | None) -> dict[str, Any]:
    said = {
        "club": club.slug,
        **{key: getattr(club, key) for key in ("slug", "name", "plant", "sentence", "about", "charter", "door")},
        **{key: getattr(club, key) for key in ("format", "languages", "tile", "hue")},
        "meetings": meetings.get(club.id, []),
        "consent": {"version": CONSENT_VERSION, "text": str(CONSENT_TEXT)},
    }
    if own is not None:
        said["membership"] = {"id": own.id, "name": own.name, "role": own.role}
    return said


def _member(row: Membership) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "role": row.role, "former_name": row.shown_former_name}


def _request(row: Membership) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "sentence": row.sentence, "since": stamp(row.asked_at)}
