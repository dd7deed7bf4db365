"""The form of ranked wishes: five lists, so that it works without script and on paper alike."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice

from app.rooms.queries import Slot
from app.web.filters import day_name, hm
from app.web.forms import AtMost, Form, Required, clean_line

MAX_WORD = 60
WISHES = ("wish1", "wish2", "wish3", "wish4", "wish5")


class RankWishesForm(Form):
    """What a club would like, best first. An empty one is passed over."""

    wish1 = SelectField(_l("Premier souhait"), choices=[], validate_choice=False)
    wish2 = SelectField(_l("Deuxième souhait"), choices=[], validate_choice=False)
    wish3 = SelectField(_l("Troisième souhait"), choices=[], validate_choice=False)
    wish4 = SelectField(_l("Quatrième souhait"), choices=[], validate_choice=False)
    wish5 = SelectField(_l("Cinquième souhait"), choices=[], validate_choice=False)

    def offer(self, slots: Sequence[Slot], barred: Sequence[str] = ()) -> None:
        """The moments of the draw; as many lists as there are moments."""
        for number, name in enumerate(WISHES):
            if number >= len(slots):
                del self[name]
                continue
            self[name].choices = [
                SelectChoice("", str(_l("Aucun"))),
                *(SelectChoice(slot.id, in_words(slot, full=slot.id in barred)) for slot in slots),
            ]

    def start_with(self, wishes: Sequence[str]) -> None:
        for name, wish in zip(WISHES, wishes, strict=False):
            if name in self:
                self[name].data = wish

    @property
    def wishes(self) -> list[str]:
        return [self[name].data for name in WISHES if name in self and self[name].data]

    def twice(self) -> bool:
        """Says beside the field that a moment was chosen before."""
        seen: set[str] = set()
        for name in WISHES:
            wish = self[name].data if name in self else ""
            if wish and wish in seen:
                self.refuse(name, _("Vous avez déjà choisi ce moment plus haut."))
                return True
            seen.add(wish)
        return False


class TypeWishesForm(RankWishesForm):
    """The same, for a club that wrote on paper."""

    club = SelectField(
        _l("Quel club ?"), choices=[], validate_choice=False, validators=[Required(_l("Choisissez un club."))]
    )


class DeclareSplitForm(Form):
    """Which club came out of which."""

    club = SelectField(
        _l("Le nouveau club"), choices=[], validate_choice=False, validators=[Required(_l("Choisissez un club."))]
    )
    origin = SelectField(
        _l("Il vient de"), choices=[], validate_choice=False, validators=[Required(_l("Choisissez un club."))]
    )


class SplitWordForm(Form):
    """The word that the other half gave."""

    word = StringField(
        _l("Le mot reçu"), filters=[clean_line], validators=[Required(_l("Écrivez le mot.")), AtMost(MAX_WORD)]
    )


def in_words(slot: Slot, *, full: bool = False) -> str:
    """``jeudi 26, 18 h 30, Salle 1``; on the clock of the page. Month and end would hide the room in a closed list."""
    told = _("%(day)s, %(time)s, %(room)s", day=day_name(slot.start), time=hm(slot.start), room=slot.room.name)
    return str(_("%(moment)s (votre club a déjà tout ce qu’il peut avoir)", moment=told) if full else told)
