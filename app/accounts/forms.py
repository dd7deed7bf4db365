"""Forms of sign-in and of the account page."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, StringField

from app.accounts.actions import MAX_LABEL
from app.accounts.addresses import MAX_ADDRESS
from app.web.forms import AtMost, Form, Required, clean_line


class SignInForm(Form):
    """An address; a password for those who chose one; whether the device is shared (ticked by default)."""

    email = EmailField(
        _l("Votre adresse e-mail"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez votre adresse e-mail.")), AtMost(MAX_ADDRESS)],
        description=_l("Nous envoyons un code à 6 chiffres. Rien d’autre."),
        render_kw={"autocomplete": "username"},
    )
    shared = BooleanField(
        _l("Cet appareil sert à plusieurs personnes"),
        default=True,
        description=_l("Nous effaçons tout quand vous partez."),
    )
    password = PasswordField(
        _l("Mot de passe"),
        description=_l("Oublié ? Demandez un code, il suffit."),
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(Form):
    """Six digits, pasted with or without spaces."""

    code = StringField(
        _l("Le code reçu"),
        validators=[Required(_l("Écrivez le code reçu."))],
        description=_l("6 chiffres. Vous pouvez le coller. Il marche pendant 10 minutes, sur cet appareil."),
        # Room for the spaces of a pasted code.
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12"},
    )


class AddressForm(Form):
    """A new address, and the password if there is one."""

    email = EmailField(
        _l("Votre nouvelle adresse e-mail"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez votre nouvelle adresse.")), AtMost(MAX_ADDRESS)],
        description=_l("Nous y envoyons un code. L’ancienne adresse marche jusque-là."),
        render_kw={"autocomplete": "email"},
    )
    current = PasswordField(_l("Votre mot de passe actuel"), render_kw={"autocomplete": "current-password"})


class PasswordForm(Form):
    """A new password, and the present one if there is one."""

    current = PasswordField(_l("Votre mot de passe actuel"), render_kw={"autocomplete": "current-password"})
    password = PasswordField(
        _l("Le nouveau mot de passe"),
        validators=[Required(_l("Écrivez le nouveau mot de passe."))],
        description=_l("10 signes au moins. Trois ou quatre mots sans lien marchent bien."),
        render_kw={"autocomplete": "new-password"},
    )


class RemovePasswordForm(Form):
    """The present password."""

    current = PasswordField(
        _l("Votre mot de passe actuel"),
        # The page has two fields of this name, one in each form.
        id="current-remove",
        validators=[Required(_l("Écrivez votre mot de passe actuel."))],
        render_kw={"autocomplete": "current-password"},
    )


class TokenForm(Form):
    """The name of a key for a program."""

    label = StringField(
        _l("Nom de la clé"),
        filters=[clean_line],
        validators=[Required(_l("Donnez un nom à la clé.")), AtMost(MAX_LABEL)],
        render_kw={"autocomplete": "off"},
    )
