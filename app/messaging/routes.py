"""The HTML door of discussions: read, open, post, change, take back, say a word. All of it plain forms."""

import uuid
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.clubs.queries import member_club_for
from app.core.db import AWAY, db
from app.core.errors import DomainError, Gone, NotFound, NotSignedIn, TooMany, Unavailable
from app.messaging import actions, policy
from app.messaging.actions import Draft
from app.messaging.forms import EditMessageForm, OpenThreadForm
from app.messaging.markdown import excerpt_of
from app.messaging.models import Message
from app.messaging.queries import Place, message_for, place_for
from app.messaging.views import thread_page
from app.web.fragments import render_page
from app.web.guard import actor
from app.web.reading import keeps

bp = Blueprint("messaging", __name__)
FRAGMENTS = {"log": "messaging/_log.html", "visitors": "clubs/_visitors.html"}
RENEWED = ("client_id_reused", "client_id_invalid")


@bp.get("/threads/<thread_id>")
@keeps(before=r"[0-9]{1,19}", reply="[a-z2-7]{26}")
def show_thread(thread_id: str) -> Response:
    """A discussion, opened at the unread line; then the reader's pointer moves."""
    place = place_for(actor(), thread_id)
    seen = place.last_seq
    before = request.args.get("before", type=int)
    page = thread_page(actor(), place, before, request.args.get("reply"))
    answer = render_page("messaging/show_thread.html", FRAGMENTS, **page)
    if before is None and _is_opened() and (page["mark"] or 0) < seen:
        _mark_read(thread_id, seen)
    return answer


@bp.post("/threads/<thread_id>")
def post_message(thread_id: str) -> Any:
    """Say something by form; what was typed comes back when it is refused."""
    sent = request.form
    draft = Draft(sent.get("client_id", ""), sent.get("body", ""), sent.get("reply_to") or None)
    try:
        posted = actions.post_message(actor(), thread_id, draft)
    except (NotFound, NotSignedIn):
        raise
    except DomainError as error:
        return _refused(thread_id, draft, error)
    return _to_message(thread_id, posted.message.id)


@bp.route("/clubs/<slug>/threads/new", methods=["GET", "POST"])
def open_thread(slug: str) -> Any:
    """Open a discussion and name it."""
    club, membership = member_club_for(actor(), slug)
    form = OpenThreadForm()
    if not form.is_submitted():
        form.client_id.data = str(uuid.uuid4())
        return _open_thread_page(club, membership, form)
    try:
        draft = Draft(form.client_id.data, form.body.data)
        posted = actions.open_thread(actor(), slug, form.title.data, draft)
    except (NotFound, NotSignedIn):
        raise
    except DomainError as error:
        if error.code in RENEWED:
            form.client_id.data = str(uuid.uuid4())
        form.refuse("title" if error.field == "title" else "body", error.detail)
        return _open_thread_page(club, membership, form), error.status, _retry(error)
    return _to_message(posted.thread.id, posted.message.id)


@bp.route("/threads/<thread_id>/messages/<message_id>/edit", methods=["GET", "POST"])
def edit_message(thread_id: str, message_id: str) -> Any:
    """Change one's own message."""
    message, place = _own(thread_id, message_id)
    actions.standing(message)
    form = EditMessageForm()
    if not form.is_submitted():
        form.body.data = message.body
        return _message_page("messaging/edit_message.html", message, place, form=form)
    try:
        actions.edit_message(actor(), message_id, form.body.data)
    except (NotFound, NotSignedIn, Gone):
        raise
    except DomainError as error:
        form.refuse("body", error.detail)
        page = _message_page("messaging/edit_message.html", message, place, form=form)
        return page, error.status, _retry(error)
    return _to_message(thread_id, message_id)


@bp.route("/threads/<thread_id>/messages/<message_id>/withdraw", methods=["GET", "POST"])
def withdraw_message(thread_id: str, message_id: str) -> Any:
    """Take one's own message back, after a page that says what happens."""
    message, place = _own(thread_id, message_id)
    if "confirmed" not in request.form:
        if request.method == "POST":
            return redirect(url_for(".withdraw_message", thread_id=thread_id, message_id=message_id), 303)
        return _message_page("messaging/withdraw_message.html", message, place)
    actions.withdraw_message(actor(), message_id)
    return _to_message(thread_id, message_id)


@bp.post("/threads/<thread_id>/messages/<message_id>/reactions")
def react(thread_id: str, message_id: str) -> Response:
    """Say one of the four words."""
    _in_thread(thread_id, message_id)
    actions.react(actor(), message_id, request.form.get("emoji", ""))
    return _back_to_message(thread_id, message_id)


@bp.post("/threads/<thread_id>/messages/<message_id>/reactions/withdraw")
def unreact(thread_id: str, message_id: str) -> Response:
    """Take one's word back."""
    _in_thread(thread_id, message_id)
    actions.unreact(actor(), message_id, request.form.get("emoji", ""))
    return _back_to_message(thread_id, message_id)


def _is_opened() -> bool:
    """Did a person open this page? A browser that fetches ahead, or asks for the headers only, did not read it."""
    return request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", "")


def _mark_read(thread_id: str, seen: int) -> None:
    try:
        actions.mark_read(actor(), thread_id, seen)
    except (Unavailable, *AWAY):
        # The page is there to be read; the pointer moves next time.
        db.session.rollback()


def _refused(thread_id: str, draft: Draft, error: DomainError) -> Any:
    page = thread_page(actor(), place_for(actor(), thread_id), None, draft.reply_to)
    if error.code not in RENEWED:
        page["client_id"] = draft.client_id
    page |= {"typed": draft.body, "error": error.detail, "has_errors": True}
    return render_template("messaging/show_thread.html", **page), error.status, _retry(error)


def _retry(error: DomainError) -> dict[str, str]:
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.retry_after)}
    return {"Retry-After": "20"} if isinstance(error, Unavailable) else {}


def _open_thread_page(club: Club, membership: Membership, form: OpenThreadForm) -> str:
    return render_template("messaging/open_thread.html", club=club, plant=plant_name(club), me=membership, form=form)


def _message_page(template: str, message: Message, place: Place, **more: Any) -> str:
    back = url_for(".show_thread", thread_id=place.thread.id, _anchor=f"m-{message.id}")
    return render_template(
        template,
        club=place.club,
        plant=plant_name(place.club),
        excerpt=excerpt_of(message.id, message.changed_seq, message.body) if message.state == "sent" else "",
        back=back,
        **more,
    )


def _in_thread(thread_id: str, message_id: str) -> tuple[Message, Place]:
    message, place = message_for(actor(), message_id)
    if message.thread_id != thread_id:
        raise NotFound()
    return message, place


def _own(thread_id: str, message_id: str) -> tuple[Message, Place]:
    """One's own message, as long as it was not taken back."""
    message, place = _in_thread(thread_id, message_id)
    if not policy.can_edit_message(place.membership, message):
        raise actions.not_yours()
    if message.state == "withdrawn":
        actions.standing(message)
    return message, place


def _to_message(thread_id: str, message_id: str, before: str | None = None) -> Response:
    return redirect(url_for(".show_thread", thread_id=thread_id, before=before, _anchor=f"m-{message_id}"), 303)


def _back_to_message(thread_id: str, message_id: str) -> Response:
    """To the message, in the stretch that the reader had before them."""
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:
        return _to_message(thread_id, message_id)
    before = parse_qs(came_from.query).get("before", [""])[0]
    same = came_from.path == url_for(".show_thread", thread_id=thread_id)
    return _to_message(thread_id, message_id, before if same and before.isdigit() else None)
