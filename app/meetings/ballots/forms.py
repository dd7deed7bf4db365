"""The forms of ballots: what a member asks, what they answer, how a proposal is changed."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice

from app.core.clock import now
from app.core.retention import Lasting
from app.meetings.ballots.actions import MAX_BODY, MAX_QUESTION, MOST_WANTED, Wish
from app.meetings.ballots.voting import MAX_PROPOSAL, MAX_REASON, OBJECTION, Said
from app.web.forms import AtMost, Boxes, Form, Required, clean_line, clean_text

HOURS = (
    ("1", _l("1 heure")), ("3", _l("3 heures")), ("24", _l("1 jour")), ("72", _l("3 jours")), ("168", _l("7 jours")),
    ("336", _l("14 jours")), ("720", _l("30 jours")),
)  # fmt: skip
REVIEWS = (
    ("0", _l("Non")), ("1", _l("Dans 1 mois")), ("3", _l("Dans 3 mois")), ("6", _l("Dans 6 mois")),
    ("12", _l("Dans 12 mois")),
)  # fmt: skip
NAMED, SECRET = "named", "secret"


def _body_field() -> TextAreaField:
    return TextAreaField(_l("Ce qu’il faut savoir"), filters=[clean_text], validators=[AtMost(MAX_BODY)])


class OpenBallotForm(Form):
    """A question; each way draws only its own fields."""

    way = HiddenField()
    question = StringField(
        _l("La question"),
        description=_l("Une phrase. Exemple : Où allons-nous en juin ?"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez la question.")), AtMost(MAX_QUESTION)],
    )
    body = _body_field()
    options = TextAreaField(_l("Les choix"), description=_l("De 2 à 8, un par ligne."), filters=[clean_text])
    several = BooleanField(_l("Chaque personne peut en prendre plusieurs"))
    wanted = SelectField(
        _l("Combien de personnes ?"),
        choices=[SelectChoice(str(number), str(number)) for number in range(1, MOST_WANTED + 1)],
        default="1",
        validate_choice=False,
    )
    secret = RadioField(
        _l("Avec les noms ?"),
        choices=[SelectChoice(NAMED, _l("Avec les noms")), SelectChoice(SECRET, _l("Sans nom"))],
        default=NAMED,
        validate_choice=False,
    )
    hours = SelectField(
        _l("On répond pendant"), choices=[SelectChoice(*each) for each in HOURS], default="72", validate_choice=False
    )
    review = SelectField(
        _l("À revoir ?"),
        description=_l("Ce jour-là, les responsables retrouvent la décision sur leur page."),
        choices=[SelectChoice(*each) for each in REVIEWS],
        default="0",
        validate_choice=False,
    )

    @property
    def wish(self) -> Wish:
        """What the action is asked."""
        return Wish(
            way=self.way.data or "", question=self.question.data or "", body=self.body.data or "",
            options=(self.options.data or "").split("\n"), secret=self.secret.data == SECRET,
            several=bool(self.several.data), wanted=_number(self.wanted.data), hours=_number(self.hours.data),
            review_on=_day_in(_number(self.review.data)),
        )  # fmt: skip


def _number(text: str | None) -> int:
    """What no button offers is refused by the action."""
    return int(text) if text and text.isdecimal() and len(text) < 4 else 0


def _day_in(months: int) -> date | None:
    return Lasting(months=months).after(now()).date() if 0 < months <= 12 else None


class VoteForm(Form):
    """An answer: words or options, one or several."""

    round = HiddenField(default="1")
    picks = RadioField(_l("Votre réponse"), validate_choice=False)
    reason = TextAreaField(
        _l("Pourquoi ?"), description=_l("Tout le club le lit."), filters=[clean_text], validators=[AtMost(MAX_REASON)]
    )
    proposal = TextAreaField(_l("Ce qui irait à la place"), filters=[clean_text], validators=[AtMost(MAX_PROPOSAL)])

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """An objection lacks both or one: what is missing is said at once."""
        found = super().validate(*args, **kwargs)
        lacking = [name for name in OBJECTION if not self[name].data] if self.picks.data == "objection" else []
        for name in lacking:
            self.refuse(name, OBJECTION[name])
        return bool(found) and not lacking

    @property
    def said(self) -> Said:
        """What the action is asked."""
        picks = self.picks.data or []
        picked = [picks] if isinstance(picks, str) else picks
        return Said(picked, self.reason.data or "", self.proposal.data or "", _number(self.round.data))


class SeveralVoteForm(VoteForm):
    """As many options as one likes."""

    picks = Boxes(_l("Vos réponses"), choices=[], validate_choice=False)


class AmendBallotForm(Form):
    """A proposal in other words."""

    body = TextAreaField(
        _l("La proposition"), filters=[clean_text],
        validators=[Required(_l("Écrivez la proposition.")), AtMost(MAX_BODY)],
    )  # fmt: skip
