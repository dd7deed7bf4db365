"""The pages of accounts: come in, go out, one's own account."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import actions, codes, queries
from app.accounts.actions import Entry
from app.accounts.addresses import masked, opened, read_address
from app.accounts.drawing import page as _page
from app.accounts.drawing import refused as _refused
from app.accounts.drawing import sign_in_page as _sign_in_page
from app.accounts.entrance import (
    asker,
    end_session,
    end_what_was_left,
    first_page,
    forget_mark,
    let_in,
    note_presence,
    present,
    present_device,
    waiting,
    wiped,
)
from app.accounts.forms import AddressForm, CodeForm, PasswordForm, RemovePasswordForm, SignInForm, TokenForm
from app.accounts.mail_choices import choice_of
from app.accounts.notices import has_mail
from app.accounts.parts import account_below, account_rights, account_ways, parts_for
from app.accounts.proofs.fresh import is_fresh, needs_fresh_proof
from app.core.errors import Gone, Invalid, NotAllowed, NotFound, Taken
from app.core.sealed import seal, unseal
from app.web.forms import Form
from app.web.guard import actor, actor_or_none, forget, no_csrf, not_on_a_kiosk, own_origin, public, shared_device
from app.web.reading import keeps, safe_next

bp = Blueprint("accounts", __name__)
bp.before_app_request(end_what_was_left)
bp.before_app_request(note_presence)
bp.app_context_processor(lambda: {"has_mail": has_mail()})


@bp.get("/sign-up")
@public
def sign_up() -> Response:
    """First visit or return: the same page; in a house without mail, the way to the desk."""
    if not has_mail():
        return _page("sign_up")
    return redirect(url_for("accounts.sign_in", next=request.args.get("next")), 303)


@bp.get("/sign-in")
@public
@keeps(next=r"/\S{0,300}")
def sign_in() -> Response:
    """Ask for an address. Never signs in by itself."""
    target = safe_next(request.args.get("next"))
    if actor_or_none() is not None:
        return redirect(target, 303)
    if waiting() is not None:
        return redirect(url_for("proofs.show_second_step", next=target), 303)
    # Whoever is sent here in the middle of their work wants to know why.
    quiet = session.get("quiet") if "_user_id" in session else None
    return _sign_in_page(SignInForm(), target, quiet=quiet)


@bp.post("/sign-in")
@public
def submit_sign_in() -> Response:
    """Send a code, or come in with a password."""
    form, way = SignInForm(), request.form.get("way")
    target = safe_next(request.form.get("next") or request.args.get("next"))
    if not form.validate():
        return _sign_in_page(form, target, 422)
    try:
        if way != "code" and form.password.data:
            return _enter_by_password(form, target)
        if not has_mail():
            raise Invalid(detail=_("Écrivez votre mot de passe."), field="password")
        if way == "password":
            raise Invalid(detail=_("Écrivez votre mot de passe, ou demandez un code."), field="password")
        return _send_code(form, target)
    except (Invalid, actions.WrongPassword) as error:
        return _sign_in_page(form, target, _refused(form, error, "password"))


def _enter_by_password(form: SignInForm, target: str) -> Response:
    shared = bool(form.shared.data)
    entry = actions.sign_in(form.email.data, form.password.data, asker(), shared=shared, instead_of=present())
    return _go_on(entry, target)


def _go_on(entry: Entry, target: str) -> Response:
    """In, or on to the second step."""
    let_in(entry)
    return redirect(target if entry.whole else url_for("proofs.show_second_step", next=target), 303)


def _send_code(form: SignInForm, target: str) -> Response:
    address = read_address(form.email.data)
    mark = codes.ask_code(address, asker(), instead_of=_asked().get("mark", ""))
    session["asked"] = {"mark": mark, "shared": bool(form.shared.data), "next": target}
    return redirect(url_for("accounts.enter_code"), 303)


def _asked() -> dict[str, Any]:
    """What this browser asked for, in its signed cookie: the mark of its code, and how it wants to come in."""
    kept = session.get("asked")
    return kept if isinstance(kept, dict) else {}


def _ask_again(error: codes.NoCode) -> Response:
    flash(str(error.detail), "warning")
    return redirect(url_for("accounts.sign_in"), 303)


@bp.get("/sign-in/code")
@public
def enter_code() -> Response:
    """Ask for the code that was sent."""
    try:
        address = codes.asked_address(_asked().get("mark", ""))
    except codes.NoCode as error:
        return _ask_again(error)
    answer = _page("enter_code", form=CodeForm(), sent_to=masked(address))
    # Nobody is signed in yet, but the page knows an address: the next person here must not find it by going back.
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/sign-in/code")
@public
def submit_code() -> Response:
    """Come in with the code, or have another one sent."""
    asked, form = _asked(), CodeForm()
    try:
        address = codes.asked_address(asked.get("mark", ""))
        if request.form.get("again"):
            session["asked"] = asked | {"mark": codes.ask_code(address, asker(), instead_of=asked["mark"])}
            flash(_("Un autre code est parti. Celui d’avant ne marche plus."), "done")
            return redirect(url_for("accounts.enter_code"), 303)
        return _enter_by_code(form, asked, masked(address))
    except codes.NoCode as error:
        return _ask_again(error)


def _enter_by_code(form: CodeForm, asked: dict[str, Any], sent_to: str) -> Response:
    if not form.validate():
        return _page("enter_code", 422, form=form, sent_to=sent_to)
    try:
        entry = codes.enter_code(asked["mark"], form.code.data, asker(), shared=asked["shared"], instead_of=present())
    except (Invalid, codes.CodeOver) as error:
        return _page("enter_code", _refused(form, error, "code"), form=form, sent_to=sent_to)
    return _go_on(entry, safe_next(asked["next"]))


@bp.route("/leave", methods=["GET", "POST"])
@public
@no_csrf
def leave() -> Response:
    """The way out: ends the session at once and leads elsewhere, even while the database is away."""
    if request.method == "HEAD" or _is_prefetch():
        return Response(status=204)
    if request.method == "POST" and not own_origin():
        raise NotAllowed()
    # From a kiosk no way leads out of the house.
    out = "/kiosk" if present_device() else current_app.config["EXIT_URL"]
    answer = Response(status=204) if request.method == "POST" else redirect(out, 303)
    shared = shared_device()
    end_session()
    return wiped(forget_mark(answer), shared)


def _is_prefetch() -> bool:
    said = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    return any("prefetch" in each.lower() for each in said)


@bp.post("/sign-out")
def sign_out() -> Response:
    """End this session."""
    shared = shared_device()
    actions.sign_out(actor())
    forget()
    flash(_("Votre session est fermée."), "done")
    return wiped(redirect(first_page(), 303), shared)


@bp.post("/sign-out-everywhere")
def sign_out_everywhere() -> Response:
    """End every session, this one too."""
    shared = shared_device()
    actions.sign_out_everywhere(actor())
    forget()
    flash(_("Toutes vos sessions sont fermées."), "done")
    return wiped(redirect(first_page(), 303), shared)


@bp.post("/still-here")
def stay() -> Response:
    """Somebody writes, or reads slowly: the page says so, and the session goes on."""
    if actor().quiet_minutes is None:
        raise NotFound()
    actions.stay(actor())
    return Response(status=204)


@bp.get("/account")
def show_account() -> Response:
    """One's own account; no club sees it."""
    return _account_page(TokenForm())


def _account_page(form: TokenForm, status: int = 200) -> Response:
    who = actor()
    account = queries.account_for(who)
    return _page(
        "show_account",
        status,
        form=form,
        sent_to=masked(opened(account.email_sealed)),
        has_password=account.password_hash is not None,
        sessions=queries.sessions_for(who),
        present=who.credential.removeprefix("session:"),
        tokens=queries.tokens_for(who),
        mails=choice_of(who.account_id),
        new_token=unseal(session.pop("new_token", "")),
        fresh=is_fresh(who),
        here=url_for("accounts.show_account"),
        ways=parts_for(who, account_ways),
        rights=parts_for(who, account_rights),
        below=parts_for(who, account_below),
    )


def _back_to_account(said: str) -> Response:
    flash(said, "done")
    return redirect(url_for("accounts.show_account"), 303)


@bp.post("/account/sessions/<session_id>/close")
def close_session(session_id: str) -> Response:
    """End one of one's own sessions."""
    actions.close_session(actor(), session_id)
    return _back_to_account(_("L’autre appareil n’est plus connecté."))


@bp.post("/account/tokens")
@not_on_a_kiosk
@needs_fresh_proof()
def make_token() -> Response:
    """Make a key; it is shown once, on the next page."""
    form = TokenForm()
    if not form.validate():
        return _account_page(form, 422)
    try:
        _id, secret = actions.make_token(actor(), form.label.data)
    except (Invalid, Taken) as error:
        return _account_page(form, _refused(form, error, "label"))
    session["new_token"] = seal(secret)
    return redirect(url_for("accounts.show_account", _anchor="keys"), 303)


@bp.post("/account/tokens/<token_id>/delete")
def delete_token(token_id: str) -> Response:
    """End a key."""
    actions.delete_token(actor(), token_id)
    return _back_to_account(_("La clé n’ouvre plus rien."))


@bp.get("/account/password")
def choose_password() -> Response:
    """Ask for a new password."""
    return _password_page(PasswordForm(), RemovePasswordForm(formdata=None))


def _password_page(form: Form, remove: Form, status: int = 200, **values: Any) -> Response:
    has_password = queries.account_for(actor()).password_hash is not None
    values |= {"has_password": has_password, "has_keys": queries.keys_of(actor().account_id) > 0}
    values |= {"here": url_for("accounts.choose_password")}
    return _page("set_password", status, form=form, remove=remove, **values)


@bp.post("/account/password")
def set_password() -> Response:
    """Set or change the password; other sessions end."""
    form = PasswordForm()
    if not form.validate():
        return _password_page(form, RemovePasswordForm(formdata=None), 422)
    try:
        actions.set_password(actor(), form.password.data, form.current.data or "")
    except Invalid as error:
        return _password_page(form, RemovePasswordForm(formdata=None), _refused(form, error, "password"))
    return _back_to_account(_("Votre mot de passe est choisi. Les autres appareils sont déconnectés.") + _keys_go_on())


def _keys_go_on() -> str:
    if not queries.keys_of(actor().account_id):
        return ""
    return f" {_('Vos clés marchent encore : effacez celles qui doivent finir.')}"


@bp.post("/account/password/remove")
def remove_password() -> Response:
    """Go back to codes alone; other sessions end."""
    form = RemovePasswordForm()
    if not form.validate():
        return _password_page(PasswordForm(formdata=None), form, 422, has_errors=True)
    try:
        actions.remove_password(actor(), form.current.data or "")
    except Invalid as error:
        status = _refused(form, error, "current")
        return _password_page(PasswordForm(formdata=None), form, status, has_errors=True)
    return _back_to_account(_("Il n’y a plus de mot de passe. Vous entrez avec un code.") + _keys_go_on())


@bp.get("/account/address")
def choose_address() -> Response:
    """Ask for a new address."""
    return _address_page(AddressForm())


def _address_page(form: AddressForm, status: int = 200) -> Response:
    if not has_mail():
        raise NotFound()
    account = queries.account_for(actor())
    has_password = account.password_hash is not None
    return _page(
        "change_address", status, form=form, present=masked(opened(account.email_sealed)), has_password=has_password
    )


@bp.post("/account/address")
def submit_address() -> Response:
    """Send a code to the new address."""
    form = AddressForm()
    if not form.validate():
        return _address_page(form, 422)
    try:
        address = read_address(form.email.data)
        before = str(session.get("moving", ""))
        mark = codes.ask_address(actor(), address, form.current.data or "", asker(), instead_of=before)
    except Invalid as error:
        return _address_page(form, _refused(form, error, "email"))
    session["moving"] = mark
    return redirect(url_for("accounts.confirm_address"), 303)


@bp.get("/account/address/code")
def confirm_address() -> Response:
    """Ask for the code that was sent to the new address."""
    try:
        address = codes.new_address_of(actor(), str(session.get("moving", "")))
    except codes.NoCode:
        return redirect(url_for("accounts.choose_address"), 303)
    return _page("confirm_address", form=CodeForm(), sent_to=masked(address))


@bp.post("/account/address/code")
def change_address() -> Response:
    """Take the new address."""
    form, mark = CodeForm(), str(session.get("moving", ""))
    try:
        sent_to = masked(codes.new_address_of(actor(), mark))
    except codes.NoCode:
        return redirect(url_for("accounts.choose_address"), 303)
    if not form.validate():
        return _page("confirm_address", 422, form=form, sent_to=sent_to)
    try:
        codes.change_address(actor(), mark, form.code.data, asker())
    except (Invalid, Gone, Taken) as error:
        return _page("confirm_address", _refused(form, error, "code"), form=form, sent_to=sent_to)
    session.pop("moving", None)
    return _back_to_account(_("Votre adresse a changé."))
