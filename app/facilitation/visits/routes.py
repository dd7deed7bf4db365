"""The HTML door of visits: a lead invites, one of the team answers, either ends it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from app.clubs.actions import not_a_lead
from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.clubs.parts import beside
from app.clubs.queries import house_of, member_club_for
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import DomainError, NotFound
from app.facilitation.visits import actions, desk, policy
from app.facilitation.visits.forms import InviteVisitorForm
from app.facilitation.visits.queries import invitation_for, key_of, may_be_invited, open_visits_for, open_visits_of
from app.houses.desk import waiting
from app.web.filters import use_zone
from app.web.guard import actor
from app.web.parts import Part

bp = Blueprint("visits", __name__)
waiting.append(desk.visits)


@bp.route("/clubs/<slug>/visits/new", methods=["GET", "POST"])
def invite_visitor(slug: str) -> Any:
    """Invite one of the team."""
    club, me = member_club_for(actor(), slug)
    if not policy.can_invite_visitor(me):
        raise not_a_lead()
    use_zone(house_of(club).timezone)
    team = {key_of(club, one[0]): one for one in may_be_invited(club)}
    form, status = InviteVisitorForm(), 200
    form.person.choices = [
        SelectChoice("", _("Choisir un nom")),
        *(SelectChoice(key, one[1]) for key, one in team.items()),
    ]
    if form.validate_on_submit():
        try:
            actions.invite_visitor(actor(), slug, team[form.person.data][0], now() + form.lasts, form.reason.data)
            flash(_("C’est fait : la personne est invitée. Rien n’est ouvert tant qu’elle n’a pas dit oui."), "done")
            return redirect(url_for("clubs.list_requests", slug=slug), 303)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.refuse(error.field if error.field and error.field in form else "reason", error.detail)
            status = error.status
    elif form.errors:
        status = 422
    return render_template("visits/invite_visitor.html", **_of(club), me=me, form=form, team=team), status


@bp.get("/visits/<visit_id>")
def show_visit(visit_id: str) -> str:
    """An invitation, for who is invited: why, until when, what it opens."""
    visit, club = invitation_for(actor(), visit_id)
    use_zone(house_of(club).timezone)
    return render_template("visits/show_visit.html", **_of(club), visit=visit)


@bp.post("/visits/<visit_id>/begin")
def begin_visit(visit_id: str) -> Response:
    """Come into the club."""
    club = actions.begin_visit(actor(), visit_id)
    flash(_("Vous êtes en visite. Tous les membres le voient."), "done")
    return redirect(url_for("pages.show_club", slug=club.slug), 303)


@bp.post("/visits/<visit_id>/end")
def end_visit(visit_id: str) -> Response:
    """End a visit, or say no to one."""
    club = actions.end_visit(actor(), visit_id)
    flash(_("C’est fini : la visite n’ouvre plus rien."), "done")
    if actor().is_staff:
        return redirect("/desk", 303)
    return redirect(url_for("clubs.list_requests", slug=club.slug), 303)


@bp.post("/clubs/<slug>/visits/end")
def end_visit_here(slug: str) -> Response:
    """End one's own visit, from the club's page."""
    mine = next((visit for visit, club in open_visits_for(actor()) if club.slug == slug and visit.began_at), None)
    if mine is None:
        raise NotFound()
    return end_visit(mine.id)


def inviting(_actor: Actor, club: Club, _me: Membership) -> Part:
    """Beside the requests of a club's leads: who is invited or on a visit."""
    return Part("visits/_beside.html", {"club": club, "visits": open_visits_of(club)})


beside.append(inviting)


def _of(club: Club) -> dict[str, Any]:
    return {"club": club, "plant": plant_name(club), "nav_current": "clubs"}
