"""The HTML door of founding: the four steps of who proposes a club, the yes of two others, the team's answer."""

from typing import Any, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.ages import age_in
from app.clubs.cards import card_of
from app.clubs.consent import CONSENT_TEXT
from app.clubs.forms import JoinClubForm
from app.clubs.founding import actions, answers, backing, policy
from app.clubs.founding.forms import (
    DOOR_HELPS,
    DRAWN_HUES,
    AnswerProposalForm,
    ChooseDoorForm,
    ChoosePlantForm,
    EnterCodeForm,
    FoundClubForm,
    SayYesForm,
    SendProposalForm,
)
from app.clubs.founding.kits import BY_KEY
from app.clubs.founding.models import FOUNDER, Proposal
from app.clubs.founding.pages import place_of, put, shown
from app.clubs.founding.plants import held_for
from app.clubs.founding.queries import (
    OTHERS,
    backers_of,
    code_of,
    near_for,
    others_of,
    own_proposal,
    proposal_for_team,
    proposal_of,
    yes_for,
    yeses_of,
)
from app.core.errors import DomainError, NotFound
from app.houses.queries import list_houses
from app.web.filters import use_zone
from app.web.guard import actor

bp = Blueprint("founding", __name__)
F = TypeVar("F", bound=JoinClubForm)


@bp.route("/clubs/found", methods=["GET", "POST"])
def found_club() -> Any:
    """Step 1: a name, a sentence, languages."""
    if not policy.can_found_club(actor()):
        raise actions.staff_founds_no_club()
    proposal, houses = proposal_of(actor()), list_houses()
    form = FoundClubForm(obj=proposal)
    form.house.choices = [(house.slug, house.name) for house in houses]
    if request.method == "GET" and proposal is not None:
        if proposal.sent_at is not None:
            return redirect(url_for("founding.send_proposal"), 303)
        form.house.data = place_of(proposal).slug
    status = 200
    if form.validate_on_submit():
        try:
            return _after_first(actions.found_club(actor(), _idea(form)))
        except DomainError as error:
            status = put(form, error)
    elif form.errors:
        status = 422
    page = render_template(
        "founding/found_club.html", form=form, begun=proposal, several=len(houses) > 1, nav_current="clubs"
    )
    return page, status


def _idea(form: FoundClubForm) -> actions.Idea:
    return actions.Idea(
        form.name.data, form.sentence.data, form.languages.data, form.format.data or "", form.house.data or ""
    )


def _after_first(proposal: Proposal) -> Response:
    near = near_for(actor(), proposal)
    return redirect(url_for("founding.show_near" if near else "founding.choose_door"), 303)


@bp.get("/clubs/found/near")
def show_near() -> Any:
    """Clubs that look like this one, before going on."""
    proposal = proposal_of(actor())
    near = near_for(actor(), proposal) if proposal else []
    if not near:
        return redirect(url_for("founding.choose_door" if proposal else "founding.found_club"), 303)
    return render_template("founding/show_near.html", cards=[card_of(club) for club in near], nav_current="clubs")


@bp.route("/clubs/found/door", methods=["GET", "POST"])
def choose_door() -> Any:
    """Step 2: who may enter, and a charter, from a starter kit or not."""
    proposal = _draft()
    if isinstance(proposal, Response):
        return proposal
    form = ChooseDoorForm(data=_rules_of(proposal))
    status = 200
    if form.validate_on_submit():
        try:
            return _with_rules(form)
        except DomainError as error:
            status = put(form, error)
    page = render_template("founding/choose_door.html", form=form, helps=DOOR_HELPS, nav_current="clubs")
    return page, status


def _with_rules(form: ChooseDoorForm) -> Response:
    """Go on; or, when the starter was asked for, come back with what it suggests."""
    kit = BY_KEY.get(form.kit.data or "")
    if request.form.get("way") == "kit" and kit is not None:
        actions.choose_door(actor(), actions.Rules(kit.key, kit.door, kit.history, kit.charter), on=False)
        return redirect(url_for("founding.choose_door"), 303)
    rules = actions.Rules(form.kit.data or "", form.door.data or "", form.history.data or "", form.charter.data or "")
    actions.choose_door(actor(), rules)
    return redirect(url_for("founding.choose_plant"), 303)


def _rules_of(proposal: Proposal) -> dict[str, Any]:
    kit = BY_KEY.get(proposal.kit, BY_KEY["none"])
    if proposal.door is None:
        return {"kit": kit.key, "door": kit.door, "history": kit.history, "charter": kit.charter}
    charter = "\n".join(proposal.charter)
    return {"kit": kit.key, "door": proposal.door, "history": proposal.history, "charter": charter}


@bp.route("/clubs/found/plant", methods=["GET", "POST"])
def choose_plant() -> Any:
    """Step 3: one of three names of plants, and a tile."""
    proposal = _draft()
    if isinstance(proposal, Response):
        return proposal
    held = held_for(proposal_id=proposal.id)
    if not held:
        return redirect(url_for("founding.choose_door"), 303)
    form = ChoosePlantForm(data=_look_of(proposal))
    form.plant.choices = [(one.slug, _("Club %(plant)s", plant=one.plant)) for one in held]
    status = 200
    if form.validate_on_submit():
        try:
            tile = form.tile.data or ""
            actions.choose_plant(actor(), form.plant.data or "", tile, form.hue.data or DRAWN_HUES.get(tile, ""))
            return redirect(url_for("founding.send_proposal"), 303)
        except DomainError as error:
            status = put(form, error)
    page = render_template("founding/choose_plant.html", form=form, hues=DRAWN_HUES, nav_current="clubs")
    return page, status


def _look_of(proposal: Proposal) -> dict[str, Any]:
    own = "" if proposal.hue == DRAWN_HUES.get(proposal.tile or "") else proposal.hue
    return {"plant": proposal.plant, "tile": proposal.tile, "hue": own or ""}


@bp.route("/clubs/found/people", methods=["GET", "POST"])
def send_proposal() -> Any:
    """Step 4: two other people, a word for the team; then it waits for an answer."""
    proposal = _draft(sent_too=True)
    if isinstance(proposal, Response):
        return proposal
    if proposal.plant is None:
        return redirect(url_for("founding.choose_plant"), 303)
    founder = next((one.name for one in backers_of(proposal) if one.position == FOUNDER), "")
    form = _with_age(SendProposalForm(data={"name": founder, "note": proposal.note}), proposal)
    status = 200
    try:
        if request.form.get("way") == "keep":
            actions.keep_word(actor(), form.name.data or "", form.note.data or "")
            flash(_("C’est gardé. Revenez quand vous voulez."), "done")
            return redirect(url_for("founding.send_proposal"), 303)
        if form.validate_on_submit():
            actions.send_proposal(actor(), form.name.data, form.note.data or "", form.consent_version.data)
            flash(_("Votre proposition est partie. L’équipe répond sous 3 jours."), "done")
            return redirect(url_for("founding.send_proposal"), 303)
        status = 422 if form.errors else 200
    except DomainError as error:
        status = put(form, error)
    return _people_page(proposal, form), status


def _people_page(proposal: Proposal, form: SendProposalForm) -> str:
    place = place_of(proposal)
    use_zone(place.timezone)
    return render_template(
        "founding/send_proposal.html",
        form=form,
        proposal=proposal,
        club=shown(proposal),
        code=code_of(proposal),
        yes=len(others_of(proposal)),
        wanted=OTHERS,
        consent=CONSENT_TEXT,
        nav_current="clubs",
    )


@bp.post("/clubs/found/code/renew")
def renew_code() -> Response:
    """Another code, when the first is over or was said to the wrong person."""
    actions.renew_code(actor())
    flash(_("Voici un nouveau code. L’ancien ne marche plus."), "done")
    return redirect(url_for("founding.send_proposal"), 303)


@bp.post("/clubs/found/recall")
def recall_proposal() -> Response:
    """Take the proposal back from the team, to change it."""
    actions.recall_proposal(actor())
    flash(_("Vous avez repris votre proposition. Vous pouvez la changer."), "done")
    return redirect(url_for("founding.found_club"), 303)


@bp.get("/clubs/found/discard")
def ask_to_discard() -> str:
    """What dropping a proposal does, before it is done."""
    own_proposal(actor())
    return render_template("founding/discard_proposal.html", nav_current="clubs")


@bp.post("/clubs/found/discard")
def discard_proposal() -> Response:
    """Drop the proposal."""
    actions.discard_proposal(actor())
    flash(_("Votre proposition est effacée. Il n’en reste rien."), "done")
    return redirect(url_for("clubs.list_clubs"), 303)


@bp.route("/clubs/found/code", methods=["GET", "POST"])
def enter_code() -> Any:
    """The code that a founder gave: it opens what one may say yes to. What one said yes to stands below."""
    backing.check_may_say_yes(actor())
    form = EnterCodeForm()
    status = 200
    if form.validate_on_submit():
        try:
            code, proposal = backing.open_code(actor(), form.code.data)
            return _yes_page(proposal, _with_age(SayYesForm(formdata=None, data={"code": code}), proposal))
        except DomainError as error:
            status = put(form, error)
    elif form.errors:
        status = 422
    mine = [(yes, shown(yes.proposal)) for yes in yeses_of(actor())]
    return render_template("founding/enter_code.html", form=form, mine=mine, nav_current="clubs"), status


@bp.post("/clubs/found/yes")
def say_yes() -> Any:
    """Say yes under a name; what is refused comes back with what there is to read."""
    form = SayYesForm()
    try:
        code, proposal = backing.open_code(actor(), form.code.data or "")
    except DomainError as error:
        return _wrong_code(error)
    status = 422
    if _with_age(form, proposal).validate_on_submit():
        try:
            backing.say_yes(actor(), code, form.name.data, form.consent_version.data)
            flash(_("Vous avez dit oui. On vous écrit quand l’équipe a répondu."), "done")
            return redirect(url_for("founding.enter_code"), 303)
        except DomainError as error:
            status = put(form, error)
    return _yes_page(proposal, form), status


def _wrong_code(error: DomainError) -> Any:
    form = EnterCodeForm(formdata=None)
    status = put(form, error)
    return render_template("founding/enter_code.html", form=form, mine=[], nav_current="clubs"), status


def _with_age(form: F, proposal: Proposal) -> F:
    form.ask_age(age_in(place_of(proposal).country))
    return form


def _yes_page(proposal: Proposal, form: SayYesForm) -> str:
    return render_template(
        "founding/say_yes.html", form=form, club=shown(proposal), consent=CONSENT_TEXT, nav_current="clubs"
    )


@bp.get("/clubs/found/yes/<backer_id>")
def read_again(backer_id: str) -> str:
    """What one said yes to, as it is now."""
    yes = yes_for(actor(), backer_id)
    return render_template("founding/read_again.html", yes=yes, club=shown(yes.proposal), nav_current="clubs")


@bp.post("/clubs/found/yes/<backer_id>")
def decide_yes(backer_id: str) -> Response:
    """Say yes to what it has become, or take one's yes back."""
    answer = request.form.get("answer", "")
    if answer == "yes":
        backing.say_yes_again(actor(), backer_id, request.form.get("seen", ""))
        flash(_("Vous avez dit oui. On vous écrit quand l’équipe a répondu."), "done")
    elif answer == "no":
        backing.take_back(actor(), backer_id)
        flash(_("Vous avez repris votre oui. Il n’en reste rien."), "done")
    else:
        raise NotFound()
    return redirect(url_for("founding.enter_code"), 303)


@bp.route("/proposals/<proposal_id>", methods=["GET", "POST"])
def answer_proposal(proposal_id: str) -> Any:
    """What the team reads of a proposal, and its answer: yes, or why not yet."""
    proposal, house = proposal_for_team(actor(), proposal_id)
    form = AnswerProposalForm()
    status = 200
    try:
        if request.form.get("answer") == "yes":
            answers.accept_proposal(actor(), proposal_id)
            return _answered()
        if form.validate_on_submit():
            answers.put_off_proposal(actor(), proposal_id, form.reason.data)
            return _answered()
        status = 422 if form.errors else 200
    except DomainError as error:
        status = put(form, error)
    use_zone(house.timezone)
    page = render_template(
        "founding/answer_proposal.html",
        form=form,
        proposal=proposal,
        club=shown(proposal),
        several=len(list_houses()) > 1,
        place=house,
    )
    return page, status


def _answered() -> Response:
    flash(_("Votre réponse est partie. Les trois personnes sont prévenues."), "done")
    return redirect(url_for("pages.home"), 303)


def _draft(*, sent_too: bool = False) -> Proposal | Response:
    """The actor's draft, or the page where one begins or waits."""
    proposal = proposal_of(actor())
    if proposal is None:
        return redirect(url_for("founding.found_club"), 303)
    if proposal.sent_at is not None and not sent_too:
        return redirect(url_for("founding.send_proposal"), 303)
    return proposal
