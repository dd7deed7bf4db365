"""The form of what a claim is, and of how far a change goes."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.fields import SelectChoice

from app.rooms.actions import MAX_TITLE, Wish
from app.rooms.forms import BANDS, YES_OR_NO, OneOfTheBands, band
from app.rooms.models import SIZES, Claim
from app.web.forms import AtMost, Form, Required, clean_line

SCOPES = [
    SelectChoice("this", _l("Cette date seulement")),
    SelectChoice("following", _l("Celle-ci et les suivantes")),
    SelectChoice("all", _l("Toutes les dates à venir")),
]


class ScopeForm(Form):
    """How far it goes; a claim that is in no series goes alone."""

    scope = RadioField(_l("Pour quelles dates ?"), choices=SCOPES, default="this", validate_choice=False)

    def about(self, claim: Claim) -> None:
        """Only a series has several dates."""
        if claim.series_id is None:
            del self.scope

    @property
    def said(self) -> str:
        """What the action is told."""
        return str(self.scope.data or "this") if "scope" in self else "this"


class ChangeClaimForm(ScopeForm):
    """Title, size, and whether it is open to all."""

    title = StringField(
        _l("Titre de la rencontre"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez un titre.")), AtMost(MAX_TITLE)],
    )
    size = RadioField(
        _l("Combien de personnes ?"),
        choices=BANDS,
        coerce=band,
        validate_choice=False,
        validators=[OneOfTheBands()],
    )
    public = RadioField(_l("Rencontre ouverte à tous ?"), choices=YES_OR_NO, validate_choice=False)

    def fill(self, claim: Claim, *, listed: bool) -> None:
        """As it is now, until something else is sent."""
        self.about(claim)
        if not listed:
            del self.public
        if not self.is_submitted():
            self.title.data, self.size.data = claim.title, claim.size
            if listed:
                self.public.data = "yes" if claim.public else "no"

    @property
    def wish(self) -> Wish:
        """What the action is asked."""
        public = "public" in self and self.public.data == "yes"
        return Wish("", "", self.title.data or "", public, self.size.data or SIZES[0])
