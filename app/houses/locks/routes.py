"""The page on which a manager locks or unlocks an account. It answers the same whether there is one or not."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.proofs.fresh import ask_fresh_proof
from app.core.errors import Invalid
from app.houses.locks import actions
from app.houses.locks.forms import LockForm
from app.web.guard import actor

bp = Blueprint("locks", __name__)


def _page(form: LockForm, status: int = 200) -> Response:
    return make_response(render_template("locks/choose_lock.html", form=form, nav_current="desk"), status)


def _opened() -> None:
    actions.open_locks(actor())
    ask_fresh_proof(actor())


@bp.get("/desk/lock")
def choose_lock() -> Response:
    """Ask for an address or the number of a card."""
    _opened()
    return _page(LockForm(formdata=None))


@bp.post("/desk/lock")
def set_lock() -> Response:
    """Lock, or unlock."""
    _opened()
    form, unlocks = LockForm(), request.form.get("way") == "unlock"
    if not form.validate():
        return _page(form, 422)
    try:
        (actions.unlock_account if unlocks else actions.lock_account)(actor(), form.account.data)
    except Invalid as error:
        form.refuse("account", str(error.detail))
        return _page(form, error.status)
    done = _("C’est fait. S’il y a un compte, il est bloqué.")
    undone = _("C’est fait. S’il y a un compte, il est débloqué.")
    flash(undone if unlocks else done, "done")
    return redirect(url_for("locks.choose_lock"), 303)
