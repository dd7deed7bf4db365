"""The clock's door of discussions: what the day's summary says of them."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts import digests
from app.core.actor import Actor
from app.messaging import leaving as leaving
from app.messaging.unread import MANY, unread_total


def messages_line(actor: Actor) -> list[Any]:
    """How many new messages wait in all of somebody's clubs; beyond nine no number."""
    number = unread_total(actor)
    if number >= MANY:
        return [_("plus de 9 nouveaux messages")]
    return [ngettext("%(num)s nouveau message", "%(num)s nouveaux messages", number)] if number else []


digests.waiting.append(messages_line)
