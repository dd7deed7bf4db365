"""The HTML door of the legal pages: four that everybody reads, one where managers write."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.clubs.ages import ages_of
from app.config import LOCALES
from app.core.errors import DomainError, NotFound
from app.facilitation.decisions import RULES, TO_OBJECT
from app.houses.queries import list_houses
from app.pages.legal import actions, queries
from app.pages.legal.forms import ContactForm, TextForm
from app.pages.legal.kept import YOURS
from app.pages.legal.kept_of_nobody import NOT_YOURS
from app.pages.legal.models import PAGES
from app.web.guard import actor, public
from app.web.reading import keeps

bp = Blueprint("legal", __name__)
NAMES: dict[str, Any] = {
    "privacy": _l("Ce que nous gardons"),
    "rules": _l("Les règles de la maison"),
    "legal": _l("Mentions légales"),
    "accessibility": _l("Accessibilité"),
}


@bp.get("/privacy")
@public
def privacy() -> str:
    """What is stored, in sentences; made from the list that names every table."""
    return _page("privacy", yours=YOURS, not_yours=NOT_YOURS, ages=ages_of(list_houses()))


@bp.get("/rules")
@public
def rules() -> str:
    """The three rules, what is done when one is broken, and how to object."""
    return _page("rules", rules=RULES, days=TO_OBJECT.days)


@bp.get("/legal")
@public
def legal() -> str:
    """Who publishes, whom to write to, who keeps the machines."""
    return _page("legal", houses=list_houses())


@bp.get("/accessibility")
@public
def accessibility() -> str:
    """What was tested, and what is not yet as it should be."""
    return _page("accessibility")


def _page(name: str, **values: Any) -> str:
    added = queries.added_to(name, str(get_locale() or "fr"))
    return render_template(
        f"legal/show_{name}.html", title=NAMES[name], added=added, contacts=queries.contacts(), nav_current="", **values
    )


@bp.get("/desk/texts")
@keeps(page="privacy|rules|legal|accessibility", language="[a-z]{2}")
def edit_texts() -> tuple[str, int]:
    """What the house adds to the four pages, and who answers for the site."""
    page, language = _chosen(request.args)
    form = TextForm(formdata=None, data={"body": queries.text_for(actor(), page, language)})
    return _texts(page, language, form, ContactForm(formdata=None, data=queries.contacts()))


@bp.post("/desk/texts")
def save_text() -> Any:
    """Write the house's words for one page and language."""
    page, language = _chosen(request.form)
    form = TextForm()
    queries.must_edit(actor())
    if form.validate():
        try:
            actions.save_text(actor(), page, language, form.body.data or "")
            return _saved(page, language)
        except DomainError as error:
            _put(form, error)
    return _texts(page, language, form, ContactForm(formdata=None, data=queries.contacts()))


@bp.post("/desk/texts/contacts")
def save_contacts() -> Any:
    """Say who answers for the site."""
    page, language = _chosen(request.args)
    form = ContactForm()
    queries.must_edit(actor())
    if form.validate():
        try:
            actions.save_contacts(actor(), {each.name: each.data or "" for each in form})
            return _saved(page, language)
        except DomainError as error:
            _put(form, error)
    body = queries.text_for(actor(), page, language)
    return _texts(page, language, TextForm(formdata=None, data={"body": body}), form)


def _put(form: Any, error: DomainError) -> None:
    if error.field not in form:
        raise error
    form.refuse(str(error.field), error.detail)


def _chosen(given: Any) -> tuple[str, str]:
    page, language = given.get("page", PAGES[0]), given.get("language", str(get_locale() or "fr"))
    if page not in PAGES or language not in LOCALES:
        raise NotFound()
    return page, language


def _saved(page: str, language: str) -> Response:
    flash(_("C’est écrit. Tout le monde peut le lire."), "done")
    return redirect(url_for("legal.edit_texts", page=page, language=language), 303)


def _texts(page: str, language: str, form: TextForm, contact_form: ContactForm) -> tuple[str, int]:
    written = queries.written_for(actor())
    failed = bool(form.errors or contact_form.errors)
    html = render_template(
        "legal/edit_texts.html",
        names=NAMES,
        page=page,
        language=language,
        written=written,
        text_form=form,
        contact_form=contact_form,
        drawn=queries.drawn(form.body.data or ""),
        has_errors=failed,
        nav_current="desk",
    )
    return html, 422 if failed else 200
