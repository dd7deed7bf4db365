"""How the pages of accounts are drawn."""

from typing import Any

from flask import make_response, render_template
from werkzeug.wrappers import Response

from app.accounts.cards.forms import CardForm
from app.accounts.forms import SignInForm
from app.accounts.notices import has_mail
from app.core.errors import DomainError
from app.web.forms import Form


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A page of accounts."""
    answer = make_response(render_template(f"accounts/{template}.html", **values))
    answer.status_code = status
    return answer


def refused(form: Form, error: DomainError, instead: str) -> int:
    """Put a refusal beside its field, or beside ``instead``; returns the status of the page."""
    field = error.field if error.field and error.field in form else instead
    form.refuse(field, str(error.detail))
    return error.status


def sign_in_page(form: SignInForm, target: str, status: int = 200, **values: Any) -> Response:
    """The way in; where the house writes to nobody, it asks for the card."""
    if has_mail():
        return page("sign_in", status, form=form, next=target, **values)
    # The page has two boxes of this name, one in each form.
    form.shared.id = "shared-password"
    return page("sign_in_without_mail", status, form=form, card=CardForm(formdata=None), next=target, **values)
