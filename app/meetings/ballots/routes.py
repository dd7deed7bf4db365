"""The pages of ballots: put a question, answer it, see how it came out; and what a club's own pages say of them."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.clubs.queries import house_of, settled_club_for
from app.core.errors import DomainError, NotAllowed, NotFound
from app.meetings.ballots import actions, again
from app.meetings.ballots.closing import drawn_labels
from app.meetings.ballots.forms import AmendBallotForm, OpenBallotForm, SeveralVoteForm, VoteForm
from app.meetings.ballots.models import MAY_BE_SECRET, WAYS
from app.meetings.ballots.policy import (
    can_amend_ballot,
    can_close_ballot,
    can_open_ballot,
    can_review_ballot,
    can_vote,
    can_withdraw_ballot,
)
from app.meetings.ballots.queries import (
    BallotView,
    answered_by,
    ballot_for,
    closed_ballots,
    is_running,
    is_to_review,
    label_of,
    open_ballots,
    seen_by,
)
from app.meetings.ballots.results import drawn, told
from app.meetings.ballots.voting import vote as say
from app.meetings.ballots.words import (
    PICK_HELP,
    RULES,
    WAY_HELP,
    WAY_ICONS,
    WAY_NAMES,
    outcome_words,
    pick_words,
    said_by,
)
from app.web.filters import use_zone
from app.web.forms import Form
from app.web.fragments import render_page
from app.web.guard import actor

bp = Blueprint("ballots", __name__)


def _of_club(club: Club) -> dict[str, Any]:
    use_zone(house_of(club).timezone)
    return {"club": club, "plant": plant_name(club), "nav_current": "clubs"}


@bp.get("/clubs/<slug>/ballots")
def list_ballots(slug: str) -> Response:
    """What a club decides now, and what it has decided; to print too."""
    club, me = settled_club_for(actor(), slug)
    running = open_ballots(me)
    return render_page(
        "ballots/list_ballots.html",
        {"ballots": "ballots/_lists.html"},
        **_of_club(club),
        running=running,
        answered=answered_by(actor(), me, running),
        closed=told(closed_ballots(me)),
    )


@bp.route("/clubs/<slug>/ballots/new", methods=["GET", "POST"])
def open_ballot(slug: str) -> Any:
    """First how one decides, then the question."""
    club, me = settled_club_for(actor(), slug)
    if not can_open_ballot(me):
        raise NotFound()
    form, status = OpenBallotForm(), 200
    form.way.data = request.form.get("way") or request.args.get("way", "")
    if form.way.data not in WAYS:
        doors = [(way, WAY_NAMES[way], WAY_HELP[way], WAY_ICONS[way]) for way in WAYS]
        return render_template("ballots/choose_way.html", **_of_club(club), doors=doors)
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                ballot = actions.open_ballot(actor(), slug, form.wish)
                flash(_("La question est posée."), "done")
                return redirect(url_for(".show_ballot", ballot_id=ballot.id), 303)
            except DomainError as error:
                status = _refused(form, error)
    values = {**_of_club(club), "form": form, "way": form.way.data, "has_errors": status != 200}
    may_be_secret = form.way.data in MAY_BE_SECRET
    rule, name = RULES[form.way.data], WAY_NAMES[form.way.data]
    return render_template(
        "ballots/open_ballot.html", **values, may_be_secret=may_be_secret, rule=rule, way_name=name
    ), status


def _refused(form: Form, error: DomainError) -> int:
    """Put a refusal beside its field, or above the page."""
    if error.field and error.field in form:
        form.refuse(error.field, error.detail)
    else:
        flash(str(error.detail), "error")
    return error.status


@bp.get("/ballots/<ballot_id>")
def show_ballot(ballot_id: str) -> Any:
    """A question: the answer, or how it came out, and always by which rule."""
    view = seen_by(actor(), *ballot_for(actor(), ballot_id))
    return _page(view, _vote_form(view))


def _vote_form(view: BallotView) -> VoteForm:
    kind = SeveralVoteForm if view.ballot.several else VoteForm
    form = kind()
    form.picks.choices = [(key, words) for key, words in pick_words(view.ballot) if view.ballot.way != "lots"]
    if not form.is_submitted():
        form.round.data = str(view.ballot.round)
        if view.mine is not None:
            form.picks.data = list(view.mine.picks) if view.ballot.several else view.mine.picks[0]
            form.reason.data, form.proposal.data = view.mine.reason, view.mine.proposal
    return form


def _page(view: BallotView, form: VoteForm, status: int = 200) -> Any:
    ballot = view.ballot
    answer = render_page(
        "ballots/show_ballot.html",
        {"ballot-now": "ballots/_now.html", "ballot-answers": "ballots/_answers.html"},
        **_of_club(view.club),
        view=view,
        ballot=ballot,
        form=form,
        rows=_rows(view),
        outcome=outcome_words(ballot, drawn(ballot, view.voices)),
        labels=_labels(view),
        rule=RULES[ballot.way],
        way_name=WAY_NAMES[ballot.way],
        pick_help=PICK_HELP,
        has_errors=status != 200,
        may={
            "vote": can_vote(view.me) and view.running and not (ballot.secret and view.voted),
            "amend": ballot.way == "consent" and view.running and can_amend_ballot(view.me, ballot),
            "withdraw": view.running and can_withdraw_ballot(view.me, ballot) and not view.voices and not view.voted,
            "close": view.running and can_close_ballot(view.me),
            "review": is_to_review(ballot) and can_review_ballot(view.me),
        },
    )  # fmt: skip
    answer.status_code = status
    return answer


def _rows(view: BallotView) -> list[dict[str, Any]]:
    """Each choice with how many and who; nothing of a vote without names before its end."""
    ballot = view.ballot
    if (ballot.closed_at is None and ballot.secret) or ballot.outcome in ("few", "lost") or ballot.way == "lots":
        return []
    rows = []
    for key, words in pick_words(ballot):
        names = [name for name, voice in view.voices if key in voice.picks]
        number = (ballot.counts or {}).get(key, 0) if ballot.closed_at else len(names)
        rows.append({"words": words, "number": number, "names": "" if ballot.secret else said_by(names, number)})
    return rows if any(row["number"] for row in rows) else []


def _labels(view: BallotView) -> list[tuple[str, str]]:
    """Who volunteers, and under which label they stand in the file of the draw."""
    if view.ballot.way != "lots":
        return []
    return [(name, label_of(view.ballot, voice.membership_id)) for name, voice in view.voices]


@bp.post("/ballots/<ballot_id>")
def vote(ballot_id: str) -> Any:
    """Answer, and see the page again."""
    view = seen_by(actor(), *ballot_for(actor(), ballot_id))
    form = _vote_form(view)
    if not form.validate():
        return _page(view, form, 422)
    try:
        say(actor(), ballot_id, form.said)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        status = _refused(form, error)
        if status == 422:
            return _page(view, form, status)
    else:
        flash(_("C’est noté."), "done")
    return redirect(url_for(".show_ballot", ballot_id=ballot_id), 303)


@bp.route("/ballots/<ballot_id>/amend", methods=["GET", "POST"])
def amend_ballot(ballot_id: str) -> Any:
    """Who proposed changes the proposal; the page says that everybody is asked anew."""
    ballot, club, me = ballot_for(actor(), ballot_id)
    form, status = AmendBallotForm(data={"body": ballot.body}), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                actions.amend_ballot(actor(), ballot_id, form.body.data or "")
                flash(_("La proposition est changée. Tout le club répond de nouveau."), "done")
                return redirect(url_for(".show_ballot", ballot_id=ballot_id), 303)
            except DomainError as error:
                if error.status in (403, 404):
                    raise
                status = _refused(form, error)
    elif not can_amend_ballot(me, ballot):
        raise NotAllowed()
    elif ballot.way != "consent" or not is_running(ballot):
        raise NotFound()
    values = {**_of_club(club), "ballot": ballot, "form": form, "has_errors": status != 200}
    return render_template("ballots/amend_ballot.html", **values), status


@bp.post("/ballots/<ballot_id>/withdraw")
def withdraw_ballot(ballot_id: str) -> Response:
    """Take a question back that nobody has answered."""
    return _done(ballot_id, actions.withdraw_ballot, _("La question est retirée."))


@bp.post("/ballots/<ballot_id>/close")
def close_ballot(ballot_id: str) -> Response:
    """A lead ends it now."""
    return _done(ballot_id, actions.close_ballot, _("C’est noté."))


@bp.post("/ballots/<ballot_id>/review")
def review_ballot(ballot_id: str) -> Response:
    """A lead has looked at it again."""
    return _done(ballot_id, actions.review_ballot, _("C’est noté : cette décision est revue."))


@bp.post("/ballots/<ballot_id>/again")
def ask_again(ballot_id: str) -> Response:
    """A lead looks at it again with the whole club: the same question, open once more."""
    try:
        ballot = again.ask_again(actor(), ballot_id)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        flash(str(error.detail), "error")
        return redirect(url_for(".show_ballot", ballot_id=ballot_id), 303)
    flash(_("La question est posée de nouveau."), "done")
    return redirect(url_for(".show_ballot", ballot_id=ballot.id), 303)


def _done(ballot_id: str, act: Any, words: str) -> Response:
    there = url_for(".show_ballot", ballot_id=ballot_id)
    try:
        slug = act(actor(), ballot_id)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        flash(str(error.detail), "error")
        return redirect(there, 303)
    flash(words, "done")
    return redirect(url_for(".list_ballots", slug=slug) if isinstance(slug, str) else there, 303)


@bp.get("/ballots/<ballot_id>/record.json")
def show_record(ballot_id: str) -> Response:
    """Everything that went into a draw and came out, for who replays it; there once it is drawn."""
    ballot, _club, _me = ballot_for(actor(), ballot_id)
    if not drawn_labels(ballot):
        raise NotFound()
    return jsonify(ballot.record)
