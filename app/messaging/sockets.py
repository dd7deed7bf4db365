"""The socket door of discussions: post, say that one is typing."""

from typing import Any

from app.core.actor import Actor
from app.core.limits import Bucket, spend
from app.messaging.actions import Draft, post_message
from app.messaging.live import tell_typing
from app.messaging.queries import place_for
from app.messaging.shapes import message_json
from app.web.sockets import on, text_of

TYPING = Bucket("typing", 60, 20)
MAY_STAND = ("reply_to", "membership")


@on("message:post", writes=True)
def on_post_message(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Acknowledged after the commit."""
    reply_to, membership = (text_of(data, name) if data.get(name) is not None else None for name in MAY_STAND)
    draft = Draft(data.get("client_id"), data.get("body"), reply_to, live=True, membership=membership)
    posted = post_message(actor, text_of(data, "thread"), draft)
    return {"message": message_json(posted.message, posted.author)}


@on("thread:typing")
def on_typing(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Told to the others who watch, never stored."""
    spend(TYPING, actor.account_id)
    tell_typing(place_for(actor, text_of(data, "thread")))
    return {}
