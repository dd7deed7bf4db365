"""Forms of clubs."""

from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, Label, StringField, TextAreaField
from wtforms.validators import StopValidation

from app.clubs.actions import MAX_SENTENCE
from app.clubs.consent import CONSENT_VERSION
from app.web.forms import AtMost, Form, Required, clean_line


class Ticked:
    """The box must be ticked; ``message`` says which one."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Field) -> None:
        if not field.data:
            raise StopValidation(str(self.message))


class JoinClubForm(Form):
    """A name for this club, the consent, the age. The name is checked by the action, sign by sign."""

    name = StringField(
        _l("Votre nom dans ce club"),
        description=_l("Un prénom ou un surnom. Prenez-en un autre dans chaque club : personne ne fera le lien."),
        validators=[Required(_l("Écrivez le nom que le club verra."))],
    )
    consent_version = HiddenField(default=CONSENT_VERSION)
    consent = BooleanField(
        _l("Oui, j’accepte"),
        description=_l("La date est notée. Pour arrêter : « Quitter ce club », en un geste."),
        validators=[Ticked(_l("Cochez « Oui, j’accepte » pour entrer."))],
    )
    age = BooleanField(description=_l("Nous ne demandons pas votre date de naissance."))

    def ask_age(self, age: int) -> Self:
        """The age that the country of the club's house asks for."""
        self.age.label = Label(self.age.id, _("J’ai %(age)s ans ou plus", age=age))
        self.age.validators = [Ticked(_("Cochez « J’ai %(age)s ans ou plus » pour entrer.", age=age))]
        return self


class AskClubForm(JoinClubForm):
    """To a club on request one adds a sentence, if one likes."""

    sentence = TextAreaField(
        _l("Une phrase pour le club"),
        description=_l("Pourquoi ce club ? Vous pouvez laisser vide. Seules les personnes responsables la lisent."),
        filters=[clean_line],
        validators=[AtMost(MAX_SENTENCE)],
    )


class RenameForm(Form):
    """Another name in one club."""

    name = StringField(
        _l("Votre nom dans ce club"),
        description=_l("Un prénom ou un surnom. L’ancien nom est montré pendant 7 jours."),
        validators=[Required(_l("Écrivez le nom que le club verra."))],
    )
