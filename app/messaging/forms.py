"""Forms of discussions. Bodies and titles are checked by the actions, for every door alike."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField

from app.web.forms import Form


class OpenThreadForm(Form):
    """A title and the first message. ``client_id`` is made with the page: sent twice, it is opened once."""

    title = StringField(
        _l("De quoi voulez-vous parler ?"), description=_l("Quelques mots. Tous les membres voient ce titre.")
    )
    body = TextAreaField(_l("Votre premier message"))
    client_id = HiddenField()


class EditMessageForm(Form):
    """What a message says from now on."""

    body = TextAreaField(_l("Votre message"))
