"""Forms of reports. What is checked is checked by the actions, so that every door asks alike."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, TextAreaField

from app.clubs.rules import RULES, rule_words
from app.facilitation.reports.checks import MAX_ENCLOSED
from app.web.forms import Boxes, Form, offered

DURATIONS = {
    "": _l("Pour de bon"),
    "7": _l("1 semaine"),
    "28": _l("4 semaines"),
    "91": _l("3 mois"),
    "365": _l("1 an"),
}


def rules_offered() -> list[Any]:
    return offered((number, rule_words(number)) for number in RULES)


class ReportMessageForm(Form):
    """Two taps: the first reason is chosen already."""

    reason = RadioField(
        _l("Que se passe-t-il ?"),
        choices=offered(
            [
                ("hurt", _l("Ce message blesse quelqu’un")),
                ("secret", _l("Il dit quelque chose de privé")),
                ("ad", _l("C’est de la publicité ou une arnaque")),
                ("other", _l("Autre chose")),
            ]
        ),
        default="hurt",
        validate_choice=False,
    )
    enclosed = Boxes(
        _l("Joindre des messages autour ?"),
        description=_l("Cinq au plus. Les autres ne seront pas lus."),
        choices=[],
        validate_choice=False,
    )
    note = TextAreaField(_l("Vous voulez ajouter un mot ?"), description=_l("Pas obligatoire."))
    named = BooleanField(
        _l("Montrer mon nom à qui décide"),
        description=_l("Sinon, personne ne le saura. Ni les responsables, ni l’équipe."),
    )
    most = MAX_ENCLOSED


class RulingForm(Form):
    """Which rule, the facts, for how long."""

    rule = RadioField(_l("Quelle règle ?"), choices=rules_offered, default="1", validate_choice=False)
    until = SelectField(
        _l("Pour combien de temps ?"), choices=offered(DURATIONS.items()), default="", validate_choice=False
    )
    reason = TextAreaField(
        _l("Pourquoi, en une phrase"),
        description=_l("Qui a écrit ce message la lira, et pourra contester : une autre personne décidera."),
    )


class DecideReportForm(RulingForm):
    """Keep or hide."""

    outcome = RadioField(
        _l("Votre décision"),
        choices=offered([("keep", _l("Garder le message")), ("hide", _l("Cacher le message"))]),
        validate_choice=False,
    )


class RestoreForm(Form):
    """Bring back what one's side hid."""

    rule = RadioField(_l("Quelle règle ?"), choices=rules_offered, default="1", validate_choice=False)
    reason = TextAreaField(_l("Pourquoi, en une phrase"), description=_l("Qui a écrit ce message lira cette phrase."))


class ObjectForm(Form):
    """What the person has to say to a decision about them."""

    body = TextAreaField(
        _l("Pourquoi n’êtes-vous pas d’accord ?"),
        description=_l(
            "Une autre personne de l’équipe lira, et vous répondra par écrit. Vous contestez une seule fois."
        ),
    )


class AnswerObjectionForm(Form):
    """Uphold or overrule, in writing."""

    outcome = RadioField(
        _l("Votre réponse"),
        choices=offered([("overruled", _l("Annuler la décision")), ("upheld", _l("Maintenir la décision"))]),
        validate_choice=False,
    )
    answer = TextAreaField(_l("Votre réponse, en une ou deux phrases"), description=_l("La personne la lira."))
