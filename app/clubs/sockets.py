"""The socket door of clubs: watch, unwatch."""

import time
from typing import Any

from app.clubs import live
from app.clubs.queries import seat_for
from app.core import realtime
from app.core.actor import Actor
from app.core.limits import WATCH, spend
from app.web.sockets import on, sid, text_of, whole_of


@on("club:watch", in_turn=True)
def watch_club(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """What falls between the question and the subscription is asked again, so that nothing is missed or kept."""
    asked = time.monotonic()
    seat = seat_for(actor, text_of(data, "club"))
    since = whole_of(data, "since")
    spend(WATCH, actor.account_id)
    try:
        sent = live.watch(sid(), seat)
        # What ended while we subscribed has found nobody to tell; what was said, nobody to hear.
        if sent > seat.head or realtime.ended_since(asked, seat.grant):
            seat = seat_for(actor, seat.slug)
    except BaseException:  # not only a no: who could not be asked for their right hears nothing either
        realtime.leave(sid(), live.room_of(seat.club_id))
        raise
    return live.changes_since(seat, since)


@on("club:unwatch")
def unwatch_club(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Stop hearing a club."""
    realtime.leave(sid(), live.room_of(seat_for(actor, text_of(data, "club")).club_id))
    return {}
