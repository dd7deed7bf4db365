"""The HTML door of a club's archive: ask for it, choose, confirm, cancel, fetch."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.proofs.fresh import needs_fresh_proof
from app.clubs.actions import not_a_lead
from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.clubs.queries import house_of, member_club_for
from app.core.clock import now
from app.core.errors import NotFound, Taken
from app.messaging.archives import actions, policy
from app.messaging.archives import parts as parts
from app.messaging.archives.bundle import pack_archive
from app.messaging.archives.queries import archive_for, archive_of, keeps_out
from app.web.filters import use_zone
from app.web.guard import actor

bp = Blueprint("archives", __name__)
bp.add_app_template_global(archive_of)


@bp.get("/clubs/<slug>/archive")
def ask_about_archive(slug: str) -> Any:
    """What an archive is, before it is asked for; if it was, its page."""
    club, me = member_club_for(actor(), slug)
    archive = archive_of(club)
    if archive is not None and not me.visit_until:
        return redirect(url_for(".show_archive", archive_id=archive.id), 303)
    if not policy.can_ask_archive(me):
        raise not_a_lead()
    return render_template("archives/ask_archive.html", **_of(club), two=actions.needs_two(club))


@bp.post("/clubs/<slug>/archive")
def ask_archive(slug: str) -> Response:
    """Ask: every member is told."""
    try:
        archive = actions.ask_archive(actor(), slug)
    except Taken as error:
        flash(error.detail, "error")
        return redirect(url_for(".ask_about_archive", slug=slug), 303)
    said = _("C’est demandé. Tous les membres le lisent.") if archive.told_at else _("Il faut un second accord.")
    flash(said, "done")
    return redirect(url_for(".show_archive", archive_id=archive.id), 303)


@bp.get("/archives/<archive_id>")
def show_archive(archive_id: str) -> str:
    """Where it stands, and what becomes of one's own messages."""
    archive, club, me = archive_for(actor(), archive_id)
    use_zone(house_of(club).timezone)
    return render_template(
        "archives/show_archive.html",
        **_of(club),
        me=me,
        archive=archive,
        days=parts.days_left(archive),
        out=keeps_out(archive, me),
        ready=archive.opens_at is not None and archive.opens_at <= now(),
        may_confirm=archive.told_at is None and policy.can_confirm_archive(me, archive.asked_by_id),
        on_shared=not actor().on_own_device,
    )


@bp.post("/archives/<archive_id>/mine")
def keep_out(archive_id: str) -> Response:
    """Keep one's messages out, or let them in again."""
    choice = request.form.get("mine", "")
    if choice not in ("out", "in"):
        raise NotFound()
    actions.keep_out(actor(), archive_id, choice == "out")
    out, into = _("Vos messages restent en dehors."), _("Vos messages seront dans l’archive, sans votre nom.")
    flash(out if choice == "out" else into, "done")
    return redirect(url_for(".show_archive", archive_id=archive_id), 303)


@bp.post("/archives/<archive_id>/confirm")
def confirm_archive(archive_id: str) -> Response:
    """The second lead says yes."""
    actions.confirm_archive(actor(), archive_id)
    flash(_("C’est fait. Tous les membres le lisent."), "done")
    return redirect(url_for(".show_archive", archive_id=archive_id), 303)


@bp.post("/archives/<archive_id>/cancel")
def cancel_archive(archive_id: str) -> Response:
    """Take it back."""
    _archive, club, _me = archive_for(actor(), archive_id)
    actions.cancel_archive(actor(), archive_id)
    flash(_("L’archive n’est plus demandée."), "done")
    return redirect(url_for("pages.show_club", slug=club.slug), 303)


@bp.post("/archives/<archive_id>/file")
@needs_fresh_proof()
def fetch_archive(archive_id: str) -> Response:
    """The file, made now of what stands now; nothing of it is stored here."""
    archive, club, me = actions.open_archive(actor(), archive_id)
    answer = send_file(pack_archive(club, archive, me.first_seq), "application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="archive.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _of(club: Club) -> dict[str, Any]:
    return {"club": club, "plant": plant_name(club), "nav_current": "clubs"}
