"""The form of a lock."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from app.accounts.addresses import MAX_ADDRESS
from app.web.forms import AtMost, Form, Required, clean_line


class LockForm(Form):
    """An address or the number of a card."""

    account = StringField(
        _l("L’adresse e-mail, ou le numéro de la carte"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez une adresse ou un numéro.")), AtMost(MAX_ADDRESS)],
        description=_l("Écrivez ce que la personne vous donne : il n’y a pas de liste des comptes."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"},
    )
