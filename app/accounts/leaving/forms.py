"""Forms of leaving for good."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, RadioField, StringField

from app.web.forms import Form, offered


class ChooseLeavingForm(Form):
    """What becomes of the messages, and whether every club may see it at once."""

    messages = RadioField(
        _l("Vos messages"),
        choices=offered(
            [
                ("blank", _l("Les effacer")),
                ("keep", _l("Les laisser, signés « un ancien membre »")),
            ]
        ),
        default="blank",
        validate_choice=False,
    )
    at_once = BooleanField(
        _l("Tout de suite partout"),
        description=_l(
            "Le risque : une personne qui est dans deux de vos clubs voit que quelqu’un part des deux en même temps. "
            "Elle peut comprendre que c’est vous."
        ),
    )


class LeaveForGoodForm(Form):
    """The proof that it is really the person: their password, or the code that was sent. The action says which."""

    password = PasswordField(_l("Votre mot de passe"), render_kw={"autocomplete": "current-password"})
    code = StringField(
        _l("Le code reçu"),
        description=_l("6 chiffres. Vous pouvez le coller. Il marche pendant 10 minutes."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12"},
    )
