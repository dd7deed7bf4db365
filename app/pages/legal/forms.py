"""Forms of the house's own words."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from app.pages.legal.models import MAX_BODY, MAX_CONTACT
from app.web.forms import AtMost, Form, clean_line, clean_text


class TextForm(Form):
    """What the house adds at the end of a page."""

    body = TextAreaField(
        _l("Ce que la maison ajoute"),
        description=_l("Une ligne vide sépare deux paragraphes. **gras**, *italique*, listes et liens sont permis."),
        filters=[clean_text],
        validators=[AtMost(MAX_BODY)],
    )


class ContactForm(Form):
    """Who answers for the site."""

    publisher = StringField(
        _l("Qui publie ce site"),
        description=_l("Le nom de l’association ou de l’organisme, et son adresse."),
        filters=[clean_line],
        validators=[AtMost(MAX_CONTACT)],
    )
    director = StringField(
        _l("Qui répond de ce qui est publié"),
        description=_l("Une personne ou une fonction : « la direction »."),
        filters=[clean_line],
        validators=[AtMost(MAX_CONTACT)],
    )
    email = StringField(
        _l("Adresse e-mail de contact"),
        description=_l("Tout le monde la lit. Prenez une adresse de la maison."),
        filters=[clean_line],
        validators=[AtMost(MAX_CONTACT)],
    )
    host = StringField(
        _l("Qui garde les machines"),
        description=_l("Le nom de l’hébergeur, son adresse et son téléphone."),
        filters=[clean_line],
        validators=[AtMost(MAX_CONTACT)],
    )
