"""Forms of help requests."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField

from app.facilitation.support.actions import MAX_BODY, MAX_TITLE
from app.web.forms import AtMost, Form, Required, clean_line, clean_text


class WriteNoteForm(Form):
    """What one writes to the other side."""

    body = TextAreaField(
        _l("Votre message"),
        description=_l("Ne donnez pas de nom. L’équipe n’en a pas besoin."),
        filters=[clean_text],
        validators=[Required(_l("Écrivez d’abord votre message.")), AtMost(MAX_BODY)],
    )


class AskHelpForm(WriteNoteForm):
    """And what it is about, in a few words."""

    title = StringField(
        _l("De quoi s’agit-il ?"),
        description=_l("Quelques mots. L’équipe les lit sur son bureau."),
        filters=[clean_line],
        validators=[Required(_l("Écrivez un titre.")), AtMost(MAX_TITLE)],
    )
    about = SelectField(
        _l("Cela concerne une autre personne responsable ?"),
        description=_l("Elle ne verra pas cette demande. L’équipe ne verra pas son nom, et pourra l’arrêter."),
        validate_choice=False,
        default="",
    )
