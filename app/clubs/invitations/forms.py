"""Forms of invitations. The name and the consent are those of every way into a club."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField

from app.clubs.forms import JoinClubForm
from app.clubs.invitations.words import MOST_READ
from app.web.forms import AtMost, Form, Required, offered

LASTING = {
    "1w": (_l("1 semaine"), timedelta(weeks=1)),
    "2w": (_l("2 semaines"), timedelta(weeks=2)),
    "30d": (_l("30 jours"), timedelta(days=30)),
    "60d": (_l("60 jours"), timedelta(days=60)),
}
KIND_HELPS = {
    "link": _l("À envoyer par message, ou à montrer sur votre écran."),
    "word": _l("À dire ou à écrire sur un papier. La personne le tape ici."),
}
ONCE_HELPS = {
    "yes": _l("Elle ne sert qu’une fois."),
    "no": _l("Elle sert à qui la reçoit. N’importe qui peut la passer plus loin."),
}


class OpenInvitationForm(Form):
    """A word that somebody was given, or a link."""

    word = StringField(
        _l("Le mot de votre invitation"),
        description=_l("Exemple : bodi-ravu-temo. Les tirets et les majuscules ne comptent pas."),
        validators=[Required(_l("Écrivez le mot que l’on vous a donné.")), AtMost(MOST_READ)],
    )


class AcceptInvitationForm(JoinClubForm):
    """As at every door, with the invitation carried along."""

    word = HiddenField()


class MakeInvitationForm(Form):
    """Which kind, for how many, for how long."""

    kind = RadioField(
        _l("Un lien ou un mot ?"),
        choices=offered([("word", _l("Un mot")), ("link", _l("Un lien"))]),
        default="word",
        validate_choice=False,
    )
    once = RadioField(
        _l("Pour combien de personnes ?"),
        choices=offered([("yes", _l("Une seule personne")), ("no", _l("Plusieurs personnes"))]),
        default="yes",
        validate_choice=False,
    )
    until = SelectField(
        _l("Combien de temps, à partir de maintenant ?"),
        choices=offered((key, words) for key, (words, _time) in LASTING.items()),
        default="2w",
        validate_choice=False,
    )

    @property
    def lasts(self) -> timedelta:
        """What was chosen; nothing, if it was none of these."""
        return LASTING[self.until.data][1] if self.until.data in LASTING else timedelta(0)


class AskForSomebodyForm(Form):
    """Which club the desk asks, by its plant name."""

    club = SelectField(
        _l("Quel club ?"),
        description=_l("Les clubs non affichés de votre maison, par leur nom de plante."),
        validate_choice=False,
    )
