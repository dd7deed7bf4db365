"""The pages of dates to choose: propose, answer, see how they stand, print and type a sheet, choose, cancel."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.clubs.queries import house_of, members_of, settled_club_for
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, QuotaReached, Taken, TooMany
from app.meetings.polls import actions, choosing
from app.meetings.polls import parts as parts
from app.meetings.polls.forms import ROWS, AddDateForm, DateForm, OpenPollForm, TypeAnswersForm, moment_at
from app.meetings.polls.policy import can_add_date, can_cancel_poll, can_open_poll, can_type_answers
from app.meetings.polls.queries import Question, poll_for
from app.meetings.polls.show import city_of, free_slots_for, shown_question
from app.meetings.polls.wishes import Proposal
from app.messaging.queries import place_for
from app.web.filters import use_zone
from app.web.fragments import render_page
from app.web.guard import actor

bp = Blueprint("polls", __name__)
REFUSALS = (Taken, Invalid, Gone, QuotaReached, TooMany)


@bp.route("/clubs/<slug>/dates/new", methods=["GET", "POST"])
def open_poll(slug: str) -> Any:
    """Propose dates to the club; from a discussion, with its title."""
    club, me = settled_club_for(actor(), slug)
    if not can_open_poll(me):
        raise NotAllowed()
    zone = _zone_of(club)
    form, dates = OpenPollForm(), [DateForm(prefix=f"e{number}-") for number in range(1, ROWS + 1)]
    form.offer(free_slots_for(club), zone)
    if not form.is_submitted():
        _come_from(form, club)
        return _open_page(club, form, dates)
    said = [each for each in dates if each.said]
    if not _all_valid(form, *said):
        return _open_page(club, form, dates, 422)
    ends = moment_at(form.ends_day.data, form.ends_time.data, zone)
    wishes = [*form.wishes(), *(each.wish_for(zone) for each in said)]
    try:
        poll = actions.open_poll(actor(), slug, Proposal(form.title.data or "", ends, wishes, form.thread.data or ""))
    except REFUSALS as error:
        return _open_page(club, form, dates, error.status, _beside(error, form))
    flash(_("C’est proposé. Dites aussi ce qui vous va."), "done")
    return redirect(url_for(".show_poll", poll_id=poll.id), 303)


def _zone_of(club: Club) -> ZoneInfo:
    house = house_of(club)
    use_zone(house.timezone)
    return ZoneInfo(house.timezone)


def _all_valid(*forms: Any) -> bool:
    # Every one of them says what is wrong in it.
    return [each.validate() for each in forms].count(False) == 0


def _come_from(form: OpenPollForm, club: Club) -> None:
    """The title of the discussion that one comes from, if it is one of the club's."""
    asked = request.args.get("thread", "")
    place = place_for(actor(), asked) if asked else None
    if place is not None and place.club.id == club.id:
        form.thread.data, form.title.data = place.thread.id, place.thread.title


def _beside(error: DomainError, form: Any) -> DomainError | None:
    """A refusal of one field stands there; any other above the page."""
    if error.field and error.field in form:
        form.refuse(error.field, error.detail)
        return None
    return error


def _open_page(
    club: Club, form: OpenPollForm, dates: Sequence[DateForm], status: int = 200, refusal: DomainError | None = None
) -> Any:
    page = render_template(
        "polls/open_poll.html", club=club, plant=plant_name(club), form=form, dates=dates, refusal=refusal,
        wrong=_wrong(dates), has_errors=status != 200, slots=len(form.slot1.choices or ()) > 1,
        city=city_of(house_of(club).timezone),
        nav_current="clubs",
    )  # fmt: skip
    return page, status


def _wrong(dates: Sequence[DateForm]) -> list[tuple[str, Any]]:
    return [(f"#{field.id}", field.errors[0]) for each in dates for field in each if field.errors]


@bp.get("/polls/<poll_id>")
def show_poll(poll_id: str) -> Response:
    """The dates, one's own answers, and how they stand."""
    return _poll_page(poll_for(actor(), poll_id))


def _poll_page(question: Question, refusal: DomainError | None = None) -> Response:
    use_zone(question.house.timezone)
    me, poll, shown = question.me, question.poll, shown_question(question)
    answer = render_page(
        "polls/show_poll.html",
        {"standing": "polls/_standing.html"},
        **shown,
        refusal=refusal,
        typed=_says(question),
        has_errors=refusal is not None,
        may_add=question.open and can_add_date(me, poll),
        may_cancel=can_cancel_poll(me, poll) and (question.open or shown["held_until"] is not None),
        may_type=question.open and can_type_answers(me),
    )
    answer.status_code = refusal.status if refusal else 200
    return answer


def _says(question: Question) -> dict[str, str]:
    """What was said of each date, by its id; a field bears the date's number."""
    said = {one.id: request.form.get(f"d-{one.date.number}", "") for one in question.moments}
    return {date_id: answer for date_id, answer in said.items() if answer}


@bp.post("/polls/<poll_id>/answers")
def answer_poll(poll_id: str) -> Any:
    """Send one's answers; one button says no to all of them."""
    question = poll_for(actor(), poll_id)
    says = dict.fromkeys((one.id for one in question.moments), "no") if request.form.get("none") else _says(question)
    try:
        actions.answer_poll(actor(), poll_id, says)
    except (Invalid, Gone, TooMany) as error:
        return _poll_page(poll_for(actor(), poll_id), error)
    flash(_("C’est noté. Vous pouvez changer jusqu’à la fin."), "done")
    return redirect(url_for(".show_poll", poll_id=poll_id), 303)


@bp.route("/polls/<poll_id>/dates", methods=["GET", "POST"])
def add_date(poll_id: str) -> Any:
    """One more date."""
    question = poll_for(actor(), poll_id)
    if not can_add_date(question.me, question.poll):
        raise NotAllowed("not_yours", actions.NOT_YOURS)
    zone = _zone_of(question.club)
    form, other = AddDateForm(), DateForm(prefix="e1-")
    form.offer(free_slots_for(question.club), zone)
    if not form.is_submitted():
        return _add_page(question, form, other)
    if not _all_valid(form, other):
        return _add_page(question, form, other, 422)
    wish = next(iter(form.wishes()), None) or other.wish_for(zone)
    try:
        actions.add_date(actor(), poll_id, wish)
    except REFUSALS as error:
        return _add_page(question, form, other, error.status, _beside(error, other))
    flash(_("La date est ajoutée."), "done")
    return redirect(url_for(".show_poll", poll_id=poll_id), 303)


def _add_page(
    question: Question, form: AddDateForm, other: DateForm, status: int = 200, refusal: DomainError | None = None
) -> Any:
    page = render_template(
        "polls/add_date.html", one=question, plant=plant_name(question.club), form=form, dates=[other],
        refusal=refusal, wrong=_wrong([other]), has_errors=status != 200, slots=len(form.slot.choices or ()) > 1,
        city=city_of(question.house.timezone),
        nav_current="clubs",
    )  # fmt: skip
    return page, status


@bp.get("/polls/<poll_id>/paper")
def show_paper(poll_id: str) -> str:
    """A sheet to print and to fill in by hand."""
    question = poll_for(actor(), poll_id)
    use_zone(question.house.timezone)
    return render_template("polls/show_paper.html", **shown_question(question))


@bp.route("/polls/<poll_id>/typed", methods=["GET", "POST"])
def type_answers(poll_id: str) -> Any:
    """A lead copies a sheet."""
    question = poll_for(actor(), poll_id)
    if not can_type_answers(question.me):
        raise NotAllowed("not_a_lead", _("Les personnes responsables du club recopient les feuilles."))
    use_zone(question.house.timezone)
    form, status, refusal = TypeAnswersForm(), 200, None
    form.offer(members_of(question.club))
    if form.validate_on_submit():
        try:
            actions.type_answers(actor(), poll_id, form.who.data or "", _says(question))
        except (Invalid, Gone, TooMany) as error:
            status, refusal = error.status, _beside(error, form)
        else:
            flash(_("La feuille est recopiée."), "done")
            return redirect(url_for(".type_answers", poll_id=poll_id), 303)
    elif form.errors:
        status = 422
    page = render_template(
        "polls/type_answers.html", **shown_question(question), form=form, refusal=refusal, typed=_says(question),
        has_errors=status != 200,
    )  # fmt: skip
    return page, status


@bp.post("/polls/<poll_id>/choose")
def choose_date(poll_id: str) -> Any:
    """One tap: the date becomes a meeting."""
    try:
        date = choosing.choose_date(actor(), poll_id, request.form.get("date", ""))
    except REFUSALS as error:
        flash(str(error.detail), "error")
        return redirect(url_for(".show_poll", poll_id=poll_id), 303)
    flash(_("La date est choisie. Le club la trouve dans son agenda."), "done")
    return redirect(url_for("meetings.show_meeting", meeting_id=date.meeting_id), 303)


@bp.route("/polls/<poll_id>/cancel", methods=["GET", "POST"])
def cancel_poll(poll_id: str) -> Any:
    """Take the question back, after a page that says what happens."""
    question = poll_for(actor(), poll_id)
    if not can_cancel_poll(question.me, question.poll):
        raise NotAllowed("not_yours", actions.NOT_YOURS)
    use_zone(question.house.timezone)
    if request.method == "POST":
        try:
            actions.cancel_poll(actor(), poll_id)
        except (Gone, TooMany) as error:
            flash(str(error.detail), "error")
        else:
            flash(_("C’est annulé. Les salles sont libres."), "done")
        return redirect(url_for("pages.show_club", slug=question.club.slug), 303)
    return render_template("polls/cancel_poll.html", **shown_question(question))
