"""What the page of a discussion shows: a stretch of messages with its days and the unread line, as plain values."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from app.clubs.cards import plant_name
from app.clubs.models import Membership
from app.clubs.pinned import Pinned, pinned_in
from app.clubs.queries import members_in, visitors_in
from app.clubs.rules import RULES, rule_line
from app.core.actor import Actor
from app.core.db import db
from app.houses.models import House
from app.messaging import queries
from app.messaging.beside import beside
from app.messaging.links import plain_links
from app.messaging.markdown import excerpt_of, html_of
from app.messaging.models import Message
from app.messaging.queries import Place
from app.messaging.reactions import WORDS
from app.messaging.shapes import author_json, author_name
from app.messaging.unread import mark_of, unread_in
from app.web.filters import day_long, heading_day, hm, use_zone, wall
from app.web.same_session import outbox_key

STRETCH = 50
LONGEST = 200


@dataclass(frozen=True)
class Stretch:
    """Messages that follow one another. unread: how many others wrote since; from the message of number ``line``."""

    rows: list[Any]
    older: int
    unread: int
    line: int | None


def stretch_of(place: Place, before: int | None, mark: int | None) -> Stretch:
    """The last messages, from the unread line on when it lies further back; or those just before a number."""
    if before is not None:
        rows = queries.messages_between(place, 0, before, STRETCH, last=True)
        return Stretch(rows, _older(place, rows), 0, None)
    unread, line = unread_in(place, mark)
    limit = min(LONGEST, max(STRETCH, unread + 10))
    rows = queries.messages_between(place, 0, None, limit, last=True)
    return Stretch(rows, _older(place, rows), unread, line)


def _older(place: Place, rows: Sequence[Any]) -> int:
    return queries.older_than(place, rows[0][0].seq) if rows else 0


def entries_to_read(place: Place, before: int | None) -> tuple[list[dict[str, Any]], int, int]:
    """For who may read and nothing else: days and messages, how many are older, and the number of the first."""
    rows = queries.messages_between(place, 0, before, STRETCH, last=True)
    shown = Stretch(rows, _older(place, rows), 0, None)
    entries = _entries(place, shown, plain=True)
    for entry in entries:
        if entry["kind"] == "message":
            entry["message"] = {**entry["message"], "mine": False, "to_read": True}
    return entries, shown.older, rows[0][0].seq if rows else 0


def thread_page(actor: Actor, place: Place, before: int | None, reply: str | None) -> dict[str, Any]:
    """Everything that the page of a discussion needs."""
    # As it was read first, by the same session: what is said while the rest is read comes to the script as a change.
    # Asked of another connection it could be newer than what SQLite shows here, and the message between would be lost.
    head = place.club.seq
    house = db.session.get_one(House, place.club.house_id)
    use_zone(house.timezone)
    mark = mark_of(place.membership, place.thread)
    shown = stretch_of(place, before, mark)
    visitors, pinned = visitors_in(place.club), pinned_in(place.club)
    return {
        "thread": place.thread,
        "club": place.club,
        "plant": plant_name(place.club),
        "me": place.membership,
        "key": outbox_key(actor, place.membership.id),
        "head": head,
        "mark": mark,
        "zone": house.timezone,
        "at_end": before is None,
        "entries": _entries(place, shown, plain=actor.shared),
        "older": shown.older,
        "oldest": shown.rows[0][0].seq if shown.rows else 0,
        "words": [word.__dict__ for word in WORDS],
        "url": f"/threads/{place.thread.id}/messages/__id__",
        "may_hide": place.membership.leads,
        "rules": {number: rule_line(number) for number in RULES},
        "here": url_for("messaging.show_thread", thread_id=place.thread.id),
        "readers": readers_of(place, visitors, pinned),
        "visitors": visitors,
        "pinned": pinned,
        "reply": _reply(place, reply),
        "client_id": str(uuid.uuid4()),
        "next_meeting": beside.next_meeting(actor, place.club),
        "about": beside.about(place.thread.id),
    }


def readers_of(place: Place, visitors: Sequence[Membership], pinned: Sequence[Pinned] = ()) -> str:
    """Who reads what one writes, above the box: the members, and who of the team is on a visit."""
    number = members_in(place.club)
    said = [ngettext("Personne d’autre ne le lit pour l’instant.", "Lu par les %(num)s membres du club.", number)]
    for one in visitors:
        until = {"day": day_long(one.visit_until), "time": hm(one.visit_until)} if one.visit_until else {}
        said.append(_("Lu aussi par %(name)s, en visite jusqu’au %(day)s, %(time)s.", name=one.name, **until))
    said += [one.reader for one in pinned if one.reader]
    return " ".join(str(each) for each in said[1 if len(said) > 1 and number == 1 else 0 :])


def _entries(place: Place, shown: Stretch, plain: bool) -> list[dict[str, Any]]:
    """Day headings, the unread line and messages, in the order of the page."""
    entries: list[dict[str, Any]] = []
    said = _reactions(place, [row[0].id for row in shown.rows])
    quotes = queries.quoted(place, [row[0].reply_to_id for row in shown.rows if row[0].reply_to_id])
    above: Any = None
    for row in shown.rows:
        message = row[0]
        day = wall(message.posted_at).date()
        if above is None or wall(above.posted_at).date() != day:
            entries.append({"kind": "day", "text": heading_day(message.posted_at), "day": day.isoformat()})
        if shown.line is not None and message.seq >= shown.line and (above is None or above.seq < shown.line):
            entries.append({"kind": "unread", "number": shown.unread})
        follows = bool(entries) and entries[-1].get("author_id") == row.id
        drawn = _message(place, row, said[message.id], quotes.get(message.reply_to_id), plain)
        entries.append({"kind": "message", "author_id": row.id, "message": {**drawn, "next": follows}})
        above = message
    return entries


def _message(place: Place, row: Any, said: dict[str, Any], quote: Any, plain: bool) -> dict[str, Any]:
    message: Message = row[0]
    here, url = message.state == "sent", f"/threads/{message.thread_id}/messages/{message.id}"
    html = html_of(message.id, message.changed_seq, message.body) if here else ""
    return {
        "id": message.id,
        "url": url,
        "author": {**author_json(row), "name": author_name(row)},
        "html": Markup(plain_links(html) if plain else html),  # noqa: S704 cleaned by nh3
        "at": message.posted_at,
        "mine": row.id == place.membership.id,
        "edited": here and message.edited_at is not None,
        "state": message.state,
        "hidden": {"by": message.hidden_by, "rule": rule_line(message.hidden_rule or "")},
        "reply_to": quotation(quote) if quote else None,
        "reply_url": f"?reply={message.id}#composer",
        "report_url": f"{url}/report",
        "hide_url": f"{url}/hide" if may_hide(place.membership, row.role) else "",
        "reactions": [{**word.__dict__, **said.get(word.key, NOBODY)} for word in WORDS],
    }


def may_hide(me: Membership, role: str) -> bool:
    """Is the link to hide a message drawn for this reader? Who may is asked again by the action."""
    return me.leads and role != "lead"


NOBODY = {"names": [], "mine": False}


def _reactions(place: Place, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Who says which word about which message: message id → emoji → ``{names, mine}``."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in queries.reactions_to(ids):
        word = found[row.message_id].setdefault(row.emoji, {"names": [], "mine": False})
        word["names"].append(author_name(row))
        word["mine"] = word["mine"] or row.id == place.membership.id
    return found


def quotation(row: Any) -> dict[str, Any]:
    """Who said what, in a few words."""
    message: Message = row[0]
    return {"name": author_name(row), "excerpt": excerpt_of(message.id, message.changed_seq, message.body)}


def _reply(place: Place, message_id: str | None) -> dict[str, Any] | None:
    """The message that one is answering, if it is one of this discussion that one may read."""
    if not message_id or not queries.is_readable(place, message_id):
        return None
    row = queries.quoted(place, [message_id]).get(message_id)
    if row is None:
        return None
    back = url_for("messaging.show_thread", thread_id=place.thread.id, _anchor="composer")
    return {"id": message_id, **quotation(row), "cancel": back}
