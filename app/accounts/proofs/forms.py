"""Forms of proofs."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField

from app.web.forms import Form, Required


class ProveForm(Form):
    """One proof: the field of its kind."""

    password = PasswordField(_l("Votre mot de passe"), render_kw={"autocomplete": "current-password"})
    words = StringField(
        _l("Les trois mots de votre carte"),
        description=_l("Avec une espace entre les mots. Les majuscules et les accents ne comptent pas."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    code = StringField(
        _l("Le code reçu"),
        description=_l("6 chiffres. Vous pouvez le coller. Il marche pendant 10 minutes, sur cet appareil."),
        # Room for the spaces of a pasted code.
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12"},
    )
    number = StringField(
        _l("Le numéro de votre application"),
        description=_l("6 chiffres, qui changent toutes les 30 secondes. Ou un code de secours imprimé."),
        render_kw={"autocomplete": "one-time-code", "maxlength": "16", "autocapitalize": "characters"},
    )


class LabelForm(Form):
    """The name by which one knows a device."""

    label = StringField(
        _l("Le nom de cet appareil"),
        description=_l("Pour le reconnaître ici. Exemple : mon téléphone."),
        render_kw={"autocomplete": "off", "maxlength": "40"},
    )


class SecondForm(Form):
    """The second step: a number, or a printed code."""

    number = StringField(
        _l("Le numéro de votre application"),
        validators=[Required(_l("Écrivez le numéro, ou un code de secours."))],
        description=_l("6 chiffres, qui changent toutes les 30 secondes. Ou un code de secours imprimé."),
        render_kw={"autocomplete": "one-time-code", "maxlength": "16", "autocapitalize": "characters"},
    )


class NumberForm(Form):
    """The first number of an app, which shows that it has the secret."""

    number = StringField(
        _l("Le numéro que l’application montre"),
        validators=[Required(_l("Écrivez le numéro que l’application montre."))],
        description=_l("6 chiffres, qui changent toutes les 30 secondes."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12"},
    )
