"""A page acts only for the session that it was drawn for.

Its script says which one that was (``X-Session``). On a device for several people the cookie may be somebody else's by
now: the page of the person before must then close, not go on.
"""

from flask import Flask, request

from app.core.actor import Actor
from app.core.errors import NotSignedIn
from app.core.sealed import keyed_hash
from app.web.guard import actor_or_none, wants_json


def page_session(actor: Actor | None) -> str:
    """The mark by which a page knows its session again; it lets nobody in. Empty for a visitor's page."""
    return keyed_hash("page", actor.credential)[:16] if actor else ""


def outbox_key(actor: Actor, membership_id: str) -> str:
    """Seals what a device keeps until it is sent (``live/kept.js``), 32 bytes in hexadecimal.

    For one membership and one session: when either ends, what is left on the device can be read by nobody. Empty on a
    device for several people: nothing is kept there.
    """
    return "" if actor.shared else keyed_hash("outbox", f"{actor.credential}\n{membership_id}")


def init_same_session(app: Flask) -> None:
    @app.before_request
    def refuse_page_of_another() -> None:
        told = request.headers.get("X-Session")
        if told is not None and wants_json() and told != page_session(actor_or_none()):
            raise NotSignedIn()
