"""The HTML door of reports: report in two taps, decide, read what was decided about oneself, object, answer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_date
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.clubs.queries import has_led_lately, house_of, known_to
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError, Gone, NotFound, NotSignedIn, Taken
from app.facilitation.decisions import Ruling
from app.facilitation.models import Report
from app.facilitation.reports import actions, policy, queries, views, waiting
from app.facilitation.reports.actions import Complaint
from app.facilitation.reports.emergency import help_in
from app.facilitation.reports.forms import (
    DURATIONS,
    AnswerObjectionForm,
    DecideReportForm,
    ObjectForm,
    ReportMessageForm,
    RestoreForm,
    RulingForm,
)
from app.facilitation.reports.opening import note_opening, note_opening_of_objection
from app.facilitation.reports.reading import when_read
from app.messaging.actions import standing
from app.messaging.models import Message
from app.messaging.queries import Place, message_for
from app.web.filters import date_locale, use_zone
from app.web.forms import Form
from app.web.guard import actor

bp = Blueprint("reports", __name__)
waiting.register()
AT_MESSAGE = "/threads/<thread_id>/messages/<message_id>"


@bp.route(f"{AT_MESSAGE}/report", methods=["GET", "POST"])
def report_message(thread_id: str, message_id: str) -> Any:
    """Report what somebody else wrote."""
    message, place = _another_s(thread_id, message_id)
    form = ReportMessageForm()
    near = views.neighbours_of(place, message)
    if form.is_submitted():
        sent = Complaint(form.reason.data, False, request.form.getlist("enclosed"), form.note.data, form.named.data)
        reports: list[Report] = []
        refused = _try(form, lambda: reports.append(actions.report_message(actor(), message_id, sent)[0]), "reason")
        if refused is None:
            return _sent(thread_id, message_id, reports[0])
        chosen = set(request.form.getlist("enclosed"))
    else:
        refused, chosen = None, {each["id"] for each in near if each["after"]}
    page = render_template(
        "reports/report_message.html", **_at(place, message), form=form, near=near, chosen=chosen,
        deadline=now() + actions.FOR_LEADS,
    )  # fmt: skip
    return page, refused.status if refused else 200


@bp.route(f"{AT_MESSAGE}/report/danger", methods=["GET", "POST"])
def report_danger(thread_id: str, message_id: str) -> Any:
    """Who answers now, and when the team reads; only then a form."""
    message, place = _another_s(thread_id, message_id)
    if request.method == "POST":
        complaint = Complaint(request.form.get("reason", ""), danger=True)
        return _sent(thread_id, message_id, actions.report_message(actor(), message_id, complaint)[0])
    house = house_of(place.club)
    found = help_in(house.country)
    checked = format_date(found.checked, "long", locale=date_locale()) if found.checked else ""
    return render_template(
        "reports/report_danger.html", **_at(place, message), help=found, checked=checked,
        read=when_read(house),
    )  # fmt: skip


@bp.route(f"{AT_MESSAGE}/hide", methods=["GET", "POST"])
def hide_message(thread_id: str, message_id: str) -> Any:
    """A lead hides a member's message, with rule and reason."""
    message, place = _standing(thread_id, message_id)
    author = _author(message)
    if not policy.can_hide_message(place.membership, author, led=has_led_lately(author)):
        raise actions.may_not_hide(place.membership)
    form = RulingForm()
    refused = None
    if form.is_submitted():
        refused = _try(form, lambda: actions.hide_message(actor(), message_id, _ruling(form, "hide")), "reason")
        if refused is None:
            flash(_("Le message est caché. La personne est prévenue, et peut contester."), "done")
            return redirect(url_for("messaging.show_thread", thread_id=thread_id, _anchor=f"m-{message_id}"), 303)
    page = render_template("reports/hide_message.html", **_at(place, message), form=form)
    return page, refused.status if refused else 200


@bp.route("/reports/<report_id>", methods=["GET", "POST"])
def decide_report(report_id: str) -> Any:
    """Read what was reported, and decide; that one of the team opened it stands in the journal."""
    case = queries.report_for(actor(), report_id)
    if case.state == "contested" and case.lead is None:
        return redirect(url_for(".answer_objection", objection_id=queries.open_objection_of(case.report).id), 303)
    restoring = case.report.decided_at is not None
    if (restoring and not queries.may_restore(case)) or (case.lead is not None and queries.kept_by_leads(case.report)):
        raise Gone("already_decided", _("Quelqu’un a déjà décidé."))
    form = RestoreForm() if restoring else DecideReportForm()
    refused = None
    if form.is_submitted():
        outcome = "restore" if restoring else form.outcome.data or ""
        ruling = _ruling(form, outcome)
        refused = _try(form, lambda: actions.decide_report(actor(), report_id, ruling), "reason")
        if refused is None:
            flash(_("C’est décidé. La décision est notée dans le journal du club."), "done")
            return redirect(_back_of(case), 303)
    note_opening(actor(), [case])
    page = render_template("reports/decide_report.html", **_case(case), form=form, restoring=restoring)
    return page, refused.status if refused else 200


@bp.get("/decisions")
def list_decisions() -> str:
    """What was decided about the reader."""
    found = queries.decisions_about(actor())
    shown = [views.decision_shown(decision, club, None) for decision, club in found]
    return render_template("reports/list_decisions.html", decisions=shown, nav_current="home")


@bp.get("/decisions/<decision_id>")
def show_decision(decision_id: str) -> str:
    """One decision about the reader: what, which rule, the facts, until when, and how to object."""
    new = actions.read_decision(actor(), decision_id)
    return _decision_page(*new, ObjectForm())


@bp.post("/decisions/<decision_id>/objection")
def object_to(decision_id: str) -> Any:
    """Object, once."""
    form = ObjectForm()
    refused = _try(form, lambda: actions.object_to(actor(), decision_id, form.body.data), "body")
    if refused is None:
        flash(_("C’est envoyé. Une autre personne vous répondra par écrit."), "done")
        return redirect(url_for(".show_decision", decision_id=decision_id), 303)
    return _decision_page(*queries.decision_for(actor(), decision_id), form), refused.status


@bp.route("/objections/<objection_id>", methods=["GET", "POST"])
def answer_objection(objection_id: str) -> Any:
    """Somebody else of the team reads the decision and what the person says to it, and answers."""
    contest = queries.objection_for(actor(), objection_id)
    if not policy.can_answer_objection(actor(), contest.decision):
        raise actions.not_yourself()
    if contest.objection.answered_at is not None:
        raise Gone("already_decided", _("Quelqu’un a déjà décidé."))
    form = AnswerObjectionForm()
    refused = None
    if form.is_submitted():
        outcome, answer = form.outcome.data, form.answer.data
        refused = _try(form, lambda: actions.answer_objection(actor(), objection_id, outcome, answer), "answer")
        if refused is None:
            flash(_("La personne est prévenue. La réponse est notée dans le journal du club."), "done")
            return redirect("/desk", 303)
    note_opening_of_objection(actor(), contest)
    use_zone(house_of(contest.club).timezone)
    report = queries.report_of(contest.decision)
    page = render_template(
        "reports/answer_objection.html",
        said=views.said_of([report]) if report else [],
        decision=views.decision_shown(contest.decision, contest.club, contest.objection),
        objection=contest.objection, form=form, nav_current="desk",
    )  # fmt: skip
    return page, refused.status if refused else 200


def _try(form: Form, act: Callable[[], Any], otherwise: str) -> DomainError | None:
    """Do it; a refusal is put beside its field, and given back. What is not theirs, or over, goes on to its page."""
    try:
        act()
    except (NotFound, NotSignedIn, Gone, Taken):
        raise
    except DomainError as error:
        form.refuse(str(error.field) if error.field in form else otherwise, error.detail)
        return error
    return None


def _ruling(form: Any, outcome: str) -> Ruling:
    # The rule that was sent: the one chosen on the page at first is no choice of who sent none.
    return Ruling(outcome, request.form.get("rule"), form.reason.data, _until(form))


def _until(form: Any) -> datetime | None:
    days = form.until.data if "until" in form else ""
    return now() + timedelta(days=int(days)) if days in DURATIONS and days else None


def _another_s(thread_id: str, message_id: str) -> tuple[Message, Place]:
    message, place = _standing(thread_id, message_id)
    if not policy.can_report_message(place.membership, _author(message)):
        raise actions.own_message()
    return message, place


def _standing(thread_id: str, message_id: str) -> tuple[Message, Place]:
    message, place = message_for(actor(), message_id)
    if message.thread_id != thread_id:
        raise NotFound()
    standing(message)
    return message, place


def _author(message: Message) -> Membership:
    return db.session.get_one(Membership, message.membership_id)


def _at(place: Place, message: Message) -> dict[str, Any]:
    use_zone(house_of(place.club).timezone)
    here = f"/threads/{place.thread.id}/messages/{message.id}"
    back = url_for("messaging.show_thread", thread_id=place.thread.id, _anchor=f"m-{message.id}")
    shown = views.message_shown(place, message)
    return {"club": place.club, "plant": plant_name(place.club), "message": shown, "here": here, "back": back,
            "nav_current": "clubs"}  # fmt: skip


def _case(case: queries.Case) -> dict[str, Any]:
    use_zone(house_of(case.club).timezone)
    name = queries.names_shown([case.report]).get(case.report.id, "")
    return {"case": views.case_shown(case), "said": views.said_of([case.report]), "staff": case.lead is None,
            "alone": queries.decides_alone(actor(), case.club), "name": name, "back": _back_of(case), "club": case.club,
            "nav_current": "desk" if case.lead is None else "clubs"}  # fmt: skip


def _back_of(case: queries.Case) -> str:
    return url_for("clubs.list_requests", slug=case.club.slug) if case.lead else "/desk"


def _sent(thread_id: str, message_id: str, report: Report) -> Response:
    """Said again once it is decided, nothing leaves: that is said too."""
    if report.decided_at is not None:
        flash(_("Quelqu’un a déjà décidé."), "warning")
    else:
        flash(_("Votre signalement est parti. Merci de l’avoir dit."), "done")
    return redirect(url_for("messaging.show_thread", thread_id=thread_id, _anchor=f"m-{message_id}"), 303)


def _decision_page(decision: Any, club: Club, form: ObjectForm) -> str:
    use_zone(house_of(club).timezone)
    shown = views.decision_shown(decision, club, queries.objection_to(decision))
    return render_template(
        "reports/show_decision.html", decision=shown, said=views.own_text(decision), form=form, nav_current="home",
        answered=queries.somebody_answers(decision),
        # Who is no more in a club that is not listed does not read what it is called now.
        plant=plant_name(club) if known_to(actor(), [club.id]) else _("Un club"),
    )  # fmt: skip
