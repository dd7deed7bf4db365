"""The pages about mails."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.mail_choices import KINDS, choice_of, kinds_for, read_token
from app.accounts.mail_choices import set_mails as set_mails_of
from app.accounts.mail_choices import stop_mails as stop_mails_by
from app.accounts.mails.forms import HOURS, MailsForm
from app.accounts.notices import has_mail
from app.core.errors import Invalid, NotFound
from app.web.filters import hour
from app.web.guard import actor, no_csrf, public

bp = Blueprint("mails", __name__)


def _offered(form: MailsForm) -> MailsForm:
    if not has_mail():
        raise NotFound()
    return form.offer([(kind, KINDS[kind]) for kind in kinds_for(actor())], [(each, hour(each)) for each in HOURS])


def _page(form: MailsForm, status: int = 200) -> Response:
    return make_response(render_template("mails/choose_mails.html", form=form), status)


@bp.get("/account/mails")
def choose_mails() -> Response:
    """Which mails one wants, and when."""
    who = actor()
    choice = choice_of(who.account_id)
    wanted = [kind for kind in kinds_for(who) if kind not in choice.stopped]
    hours = {name: getattr(choice, name) for name in ("digest_hour", "quiet_from", "quiet_until")}
    return _page(_offered(MailsForm(formdata=None, wanted=wanted, **hours)))


@bp.post("/account/mails")
def set_mails() -> Response:
    """Keep what was chosen."""
    form = _offered(MailsForm())
    if not form.validate():
        return _page(form, 422)
    try:
        wanted = form.wanted.data or []
        set_mails_of(actor(), wanted, form.digest_hour.data, form.quiet_from.data, form.quiet_until.data)
    except Invalid as error:
        form.refuse(error.field or "wanted", str(error.detail))
        return _page(form, 422)
    flash(_("C’est noté."), "done")
    return redirect(url_for("accounts.show_account"), 303)


@bp.get("/mails/<token>")
@public
def confirm_stop_mails(token: str) -> Response:
    """Where a mail leads to be stopped. Opening it changes nothing: programs that look at links open it too."""
    return _stop_page(token, "")


@bp.post("/mails/<token>")
@public
@no_csrf
def stop_mails(token: str) -> Response:
    """Stop a kind of mail without signing in, by a button here or in a mail program (RFC 8058); or have it again."""
    again = bool(request.form.get("again"))
    stop_mails_by(token, again=again)
    # No redirect: a mail program follows none.
    return _stop_page(token, "again" if again else "stopped")


def _stop_page(token: str, done: str) -> Response:
    _account_id, kind = read_token(token)
    answer = make_response(render_template("mails/stop_mails.html", token=token, kind=KINDS[kind], done=done))
    answer.headers["Cache-Control"] = "no-store"
    return answer
