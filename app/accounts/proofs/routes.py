"""The pages of proofs: fresh proof, the second step of the team, and what one proves oneself with."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.accounts import codes
from app.accounts.actions import sign_out
from app.accounts.addresses import masked
from app.accounts.entrance import asker, let_in, present_device, waiting
from app.accounts.parts import account_ways
from app.accounts.proofs import actions, fresh, numbers, passkeys
from app.accounts.proofs.forms import LabelForm, NumberForm, ProveForm, SecondForm
from app.accounts.proofs.policy import can_keep_number, can_keep_passkey
from app.accounts.proofs.queries import held_by, passkey_for
from app.accounts.queries import account_for, address_for, needs_second_step
from app.core.actor import Actor
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, Taken
from app.core.sealed import seal, unseal
from app.web.errors import refusal
from app.web.forms import Form
from app.web.guard import actor, actor_or_none, forget, public, wants_json
from app.web.parts import Part
from app.web.reading import keeps, safe_next
from app.web.way_back import page_of_form

bp = Blueprint("proofs", __name__)


def _page(template: str, status: int = 200, **values: Any) -> Response:
    return make_response(render_template(f"proofs/{template}.html", **values), status)


def _refused(form: Form, error: DomainError, instead: str) -> int:
    form.refuse(error.field if error.field and error.field in form else instead, str(error.detail))
    return error.status


def _next() -> str:
    return safe_next(request.form.get("next") or request.args.get("next"))


@bp.app_errorhandler(fresh.ProofNeeded)
def lead_to_proof(error: fresh.ProofNeeded) -> Response:
    """Whoever asks by a page is led to prove who they are, and then back to it."""
    if wants_json():
        return refusal(error)
    page = request.full_path.rstrip("?") if request.method == "GET" else page_of_form()
    return redirect(url_for("proofs.show_ways_to_prove", next=page or None), 303)


@bp.get("/account/prove")
@keeps(next=r"/\S{0,300}")
def show_ways_to_prove() -> Response:
    """Why a proof is asked for, and each kind that the person has."""
    return _prove_page(ProveForm(formdata=None))


def _prove_page(form: ProveForm, status: int = 200) -> Response:
    who = actor()
    kinds, has_asked = fresh.kinds_for(who), codes.has_asked_proof(who)
    sent_to = masked(address_for(who))
    return _page("prove_oneself", status, form=form, kinds=kinds, next=_next(), has_asked=has_asked, sent_to=sent_to)


@bp.post("/account/prove")
def prove_oneself() -> Response:
    """Take a proof, and lead back to what it was asked for."""
    form = ProveForm()
    try:
        fresh.prove(actor(), request.form, asker())
    except codes.NoCode as error:
        flash(str(error.detail), "warning")
        return redirect(url_for("proofs.show_ways_to_prove", next=_next()), 303)
    except (Invalid, Gone) as error:
        if error.field and error.field in form:
            form.refuse(error.field, str(error.detail))
        else:  # a proof without a field to write in
            form.form_errors.append(str(error.detail))
        return _prove_page(form, error.status)
    except fresh.ProofNeeded:
        return _prove_page(form, 422)
    return redirect(_next(), 303)


@bp.post("/account/prove/code")
def ask_proof() -> Response:
    """Send a code to one's own address."""
    codes.ask_proof(actor(), asker())
    flash(_("Un code est parti."), "done")
    return redirect(url_for("proofs.show_ways_to_prove", next=_next()), 303)


def _to_sign_in() -> Response:
    return redirect(url_for("accounts.sign_in", next=_next()), 303)


@bp.get("/sign-in/second")
@public
@keeps(next=r"/\S{0,300}")
def show_second_step() -> Response:
    """The team comes in with two proofs; who has none yet is led to choose one."""
    who = waiting()
    if who is None:
        return redirect(_next(), 303) if actor_or_none() else _to_sign_in()
    if not held_by(who.account_id).strong:
        return redirect(url_for("proofs.show_proofs", next=_next()), 303)
    return _second_page(who, SecondForm(formdata=None))


def _second_page(who: Actor, form: Form, status: int = 200) -> Response:
    return _page("give_second", status, form=form, held=held_by(who.account_id), next=_next())


@bp.post("/sign-in/second")
@public
def give_second() -> Response:
    """Come in the rest of the way."""
    who, form = waiting(), SecondForm()
    if who is None:
        return _to_sign_in()
    if not form.validate():
        return _second_page(who, form, 422)
    try:
        entry = actions.finish_sign_in(who, form.number.data or "", asker())
    except Invalid as error:
        return _second_page(who, form, _refused(form, error, "number"))
    let_in(entry)
    return redirect(_next(), 303)


@bp.post("/sign-in/second/again")
@public
def start_again() -> Response:
    """Give up half the way, to come in as somebody else."""
    who = waiting()
    if who is not None:
        sign_out(who)
        forget()
    return _to_sign_in()


def by_holder(view: Callable[..., Any]) -> Any:
    """For whoever sets up their own proofs: a person who is in and has proved it lately, or one of the team who has
    none yet, comes no further without and is given the page as if they were in."""

    @wraps(view)
    def guarded(**values: Any) -> Any:
        who = actor_or_none()
        if who is not None:
            fresh.ask_fresh_proof(who)
            return view(who, **values)
        half = waiting()
        if half is None:
            return redirect(url_for("accounts.sign_in", next=url_for("proofs.show_proofs")), 303)
        if held_by(half.account_id).strong:
            return redirect(url_for("proofs.show_second_step", next=url_for("proofs.show_proofs")), 303)
        return view(half, **values)

    return public(guarded)


def _own_page(template: str, who: Actor, status: int = 200, **values: Any) -> Response:
    """half: the person is not in yet; the page then has no menu, and never stays in the browser."""
    held = held_by(who.account_id)
    return _page(template, status, who=who, half=actor_or_none() is None, held=held, next=_next(), **values)


@bp.get("/account/proof")
@by_holder
def show_proofs(who: Actor) -> Response:
    """What one proves oneself with."""
    may = {"may_number": can_keep_number(who), "may_passkey": can_keep_passkey(who)}
    return _own_page("show_proofs", who, form=LabelForm(formdata=None), name_instead=passkeys.name_instead(), **may)


@bp.app_template_global()
def passkey_here() -> bool:
    """Can a passkey let somebody in here? At an address with a name, and never on a device of the house."""
    return passkeys.home() is not None and not present_device()


def _kept_now(who: Actor, codes_to_print: list[str], said: str) -> Response:
    """A first proof also ends the way in; the printed codes are shown once."""
    if actor_or_none() is None:
        let_in(actions.finish(who))
    flash(said, "done")
    if not codes_to_print:
        return redirect(url_for("proofs.show_proofs"), 303)
    session["rescue"] = seal(" ".join(codes_to_print))
    return redirect(url_for("proofs.show_rescue_codes"), 303)


@bp.get("/account/proof/number")
@by_holder
def choose_number(who: Actor) -> Response:
    """A secret for an app, drawn and in signs."""
    if not can_keep_number(who):
        raise NotAllowed()
    if not unseal(session.get("number", "")):
        session["number"] = seal(numbers.new_number_secret())
    return _number_page(who, NumberForm(formdata=None))


def _number_page(who: Actor, form: Form, status: int = 200) -> Response:
    secret = unseal(session.get("number", "")) or ""
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return _own_page("keep_number", who, status, form=form, qr=Markup(numbers.qr_of(secret)), secret=groups)  # noqa: S704


@bp.post("/account/proof/number")
@by_holder
def keep_number(who: Actor) -> Response:
    """Keep the app that has shown a right number."""
    form, secret = NumberForm(), unseal(session.get("number", "")) or ""
    if not secret and can_keep_number(who):
        return redirect(url_for("proofs.choose_number"), 303)
    if secret and not form.validate():
        return _number_page(who, form, 422)
    try:
        to_print = numbers.keep_number(who, secret, form.number.data or "")
    except Invalid as error:
        return _number_page(who, form, _refused(form, error, "number"))
    session.pop("number", None)
    return _kept_now(who, to_print, _("Votre application est réglée."))


@bp.route("/account/proof/number/remove", methods=["GET", "POST"])
@by_holder
def drop_number(who: Actor) -> Response:
    """Give up the app, after a page that says what it changes."""
    if not can_keep_number(who):
        raise NotAllowed()
    if request.method == "GET":
        return _own_page("drop_number", who)
    try:
        numbers.drop_number(who)
    except numbers.LastProof as error:
        flash(str(error.detail), "warning")
        return redirect(url_for("proofs.show_proofs"), 303)
    flash(_("L’application ne sert plus."), "done")
    return redirect(url_for("proofs.show_proofs"), 303)


@bp.post("/account/proof/rescue")
@by_holder
def renew_rescue_codes(who: Actor) -> Response:
    """Ten new codes to print; they stand in for a proof, so who has none yet settles one first."""
    if not held_by(who.account_id).strong and needs_second_step(who.role, account_for(who).demo):
        return redirect(url_for("proofs.show_proofs"), 303)
    return _kept_now(who, numbers.renew_rescue_codes(who), _("Les codes d’avant ne marchent plus."))


@bp.get("/account/proof/rescue")
def show_rescue_codes() -> Response:
    """The codes that have just been made, this once."""
    made = unseal(session.pop("rescue", "")) or ""
    if not made:
        return redirect(url_for("proofs.show_proofs"), 303)
    return _page("show_rescue_codes", codes=made.split())


def own_way(who: Actor) -> Part:
    """The rows of the page of one's account."""
    held = held_by(who.account_id)
    may = {"may_number": can_keep_number(who), "may_passkey": can_keep_passkey(who)}
    return Part("proofs/_ways.html", {"held": held, **may})


account_ways.append(own_way)


def _json(options: str) -> Response:
    return Response(options, mimetype="application/json")


@bp.post("/sign-in/passkey/begin")
@public
def begin_sign_in() -> Response:
    """What a passkey is asked to sign; the same for everybody."""
    options, session["passkey"] = passkeys.begin_sign_in(asker(), str(session.get("passkey", "")))
    return _json(options)


@bp.post("/sign-in/passkey")
@public
def sign_in_by_passkey() -> Response:
    """Come in with a passkey: both steps in one."""
    mark, answer = str(session.pop("passkey", "")), request.form.get("credential", "")
    try:
        entry = passkeys.sign_in_by_passkey(mark, answer, asker(), instead_of=actor_or_none() or waiting())
    except passkeys.PasskeyRefused as error:
        flash(str(error.detail), "warning")
        return _to_sign_in()
    let_in(entry)
    return redirect(_next(), 303)


@bp.post("/account/prove/passkey")
def begin_proof() -> Response:
    """What one's own passkey is asked to sign, to prove who one is."""
    return _json(passkeys.begin_proof(actor(), asker()))


@bp.post("/account/proof/passkeys/begin")
@by_holder
def begin_passkey(who: Actor) -> Response:
    """What the browser is asked to make."""
    options, session["passkey"] = passkeys.begin_passkey(who, str(session.get("passkey", "")))
    return _json(options)


@bp.post("/account/proof/passkeys")
@by_holder
def keep_passkey(who: Actor) -> Response:
    """Keep the passkey that the browser has made."""
    mark, sent = str(session.pop("passkey", "")), request.form
    try:
        to_print = passkeys.keep_passkey(who, mark, sent.get("credential", ""), sent.get("label", ""))
    except (Invalid, Taken, passkeys.PasskeyRefused) as error:
        flash(str(error.detail), "warning")
        return redirect(url_for("proofs.show_proofs"), 303)
    return _kept_now(who, to_print, _("Cet appareil est réglé."))


@bp.get("/account/proof/passkeys/<passkey_id>")
@by_holder
def show_passkey(who: Actor, passkey_id: str) -> Response:
    """One device that lets one in."""
    key = passkey_for(who, passkey_id)
    return _own_page("show_passkey", who, key=key, form=LabelForm(formdata=None, data={"label": key.label}))


@bp.post("/account/proof/passkeys/<passkey_id>")
@by_holder
def name_passkey(who: Actor, passkey_id: str) -> Response:
    """Give it another name."""
    form = LabelForm()
    try:
        passkeys.name_passkey(who, passkey_id, form.label.data or "")
    except Invalid as error:
        status = _refused(form, error, "label")
        return _own_page("show_passkey", who, status, key=passkey_for(who, passkey_id), form=form)
    flash(_("C’est enregistré."), "done")
    return redirect(url_for("proofs.show_proofs"), 303)


@bp.post("/account/proof/passkeys/<passkey_id>/remove")
@by_holder
def drop_passkey(who: Actor, passkey_id: str) -> Response:
    """Give it up."""
    try:
        passkeys.drop_passkey(who, passkey_id)
    except numbers.LastProof as error:
        flash(str(error.detail), "warning")
        return redirect(url_for("proofs.show_passkey", passkey_id=passkey_id), 303)
    flash(_("Cet appareil ne fait plus entrer."), "done")
    return redirect(url_for("proofs.show_proofs"), 303)
