"""The forms of a session: a goal, the places, the closing review, a rest."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField

from app.meetings.paths.actions import MAX_GOAL
from app.meetings.paths.closing import Review
from app.meetings.paths.models import MAX_REVIEW, SessionGoal
from app.web.forms import AtMost, Boxes, Day, Form, Number, Required, clean_line, clean_text, offered


class GoalForm(Form):
    """One line of what the session is for."""

    text = StringField(
        _l("Un but de la session"),
        description=_l("Ce que vous voulez avoir fait ensemble à la fin. Le club le lit."),
        filters=[clean_line],
        validators=[Required(_l("Écrivez un but, en quelques mots.")), AtMost(MAX_GOAL)],
    )


class PlacesForm(Form):
    """How many may take part; nothing: all who wish."""

    places = Number(
        _l("Combien de places ?"), description=_l("Laissez vide : toutes les personnes qui le veulent participent.")
    )

    @property
    def wrong(self) -> bool:
        """Was something typed that is no number?"""
        return bool(self.places.raw_data and self.places.raw_data[0].strip() and self.places.data is None)


class ReviewForm(Form):
    """What was reached, and what next. version: of the writing that was read."""

    version = HiddenField()
    goals = Boxes(_l("Ce que vous avez atteint"), choices=[], validate_choice=False)
    reached = TextAreaField(
        _l("Ce qui a été atteint"), filters=[clean_text], validators=[AtMost(MAX_REVIEW)], render_kw={"rows": 5}
    )
    ahead = TextAreaField(
        _l("Et après ?"), filters=[clean_text], validators=[AtMost(MAX_REVIEW)], render_kw={"rows": 4}
    )

    def offer(self, goals: list[SessionGoal]) -> None:
        self.goals.choices = offered((goal.id, goal.text) for goal in goals)

    @property
    def review(self) -> Review:
        """What the action is asked."""
        version = self.version.data or ""
        known = int(version) if version.isdecimal() and len(version) < 10 else -1
        return Review(self.reached.data or "", self.ahead.data or "", list(self.goals.data or []), known)


class RestForm(Form):
    """Until which day the club rests."""

    until = Day(_l("Le club se repose jusqu’au"), validators=[Required(_l("Choisissez un jour d’ici six mois."))])
