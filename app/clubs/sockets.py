"""The socket door of clubs: watch, unwatch."""

from typing import Any

from app.clubs import live
from app.clubs.queries import member_club_for
from app.core import realtime
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.core.limits import WATCH, spend
from app.web.sockets import on, sid, text_of, whole_of


@on("club:watch")
def watch_club(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Subscribe first, read second, so that nothing falls between."""
    club, membership = member_club_for(actor, text_of(data, "club"))
    since = whole_of(data, "since")
    spend(WATCH, actor.account_id)
    live.watch(sid(), club, membership)
    try:
        # What ended while we subscribed has found nobody to tell.
        db.session.rollback()
        club, membership = member_club_for(actor, club.slug)
    except NotFound:
        realtime.leave(sid(), live.room_of(club.id))
        raise
    if since is None:
        return {"seq": live.head_of(club.id), "changes": [], "more": False, "gap": False}
    return live.changes_since(club, membership, since)


@on("club:unwatch")
def unwatch_club(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Stop hearing a club."""
    club, _membership = member_club_for(actor, text_of(data, "club"))
    realtime.leave(sid(), live.room_of(club.id))
    return {}
