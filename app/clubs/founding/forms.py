"""Forms of founding. What they ask is checked by the actions; here stand the words beside each field."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice

from app.clubs.forms import JoinClubForm
from app.clubs.founding.actions import MAX_NAME, MAX_NOTE, MAX_SENTENCE
from app.clubs.founding.kits import KITS
from app.clubs.models import HUES, TILES
from app.config import LOCALES
from app.web.forms import AtMost, Boxes, Form, Required, clean_line, clean_text
from app.web.reading import NAMES, present_locale

DOOR_WORDS = {"open": _l("Entrée libre"), "on_request": _l("Sur demande"), "discreet": _l("Non affiché")}
DOOR_HELPS = {
    "open": _l("Le club est affiché. Chacun entre avec un nom de son choix."),
    "on_request": _l("Le club est affiché. Vous acceptez les personnes une par une."),
    "discreet": _l(
        "Le club n’est nulle part. On entre avec une invitation, ou par l’équipe. "
        "À choisir si en être pourrait faire du tort à quelqu’un."
    ),
}
TILE_WORDS = {
    "leaves": _l("Feuilles"), "ring": _l("Anneau"), "star": _l("Étoile"), "sun": _l("Soleil"),
    "bridge": _l("Pont"), "wheel": _l("Roue"), "waves": _l("Vagues"), "sprout": _l("Pousse"),
}  # fmt: skip
HUE_WORDS = {
    "pine": _l("Sapin"), "sage": _l("Sauge"), "plum": _l("Prune"), "clay": _l("Terre"),
    "night": _l("Nuit"), "ochre": _l("Ocre"), "sky": _l("Ciel"), "rose": _l("Rose"),
}  # fmt: skip
# Each shape is drawn in a colour of its own, that it keeps unless another is chosen.
DRAWN_HUES = dict(zip(TILES, HUES, strict=True))


def as_choices(words: Any) -> list[SelectChoice]:
    """Choices from a table of words."""
    return [SelectChoice(value, word) for value, word in words.items()]


class FoundClubForm(Form):
    """Step 1: which club."""

    name = StringField(
        _l("Le nom du club"),
        description=_l("Ce que vous diriez à un voisin. Exemple : Aidants, garder un métier."),
        filters=[clean_line],
        validators=[Required(_l("Écrivez un nom.")), AtMost(MAX_NAME)],
    )
    sentence = TextAreaField(
        _l("Une phrase pour donner envie"),
        description=_l("Commencez par « On ». Exemple : On garde un travail quand on aide un proche."),
        filters=[clean_line],
        validators=[Required(_l("Écrivez une phrase.")), AtMost(MAX_SENTENCE)],
    )
    languages = Boxes(
        _l("On se parle en"),
        choices=[SelectChoice(code, NAMES[code]) for code in LOCALES],
        default=lambda: [present_locale() or "fr"],
        validators=[Required(_l("Choisissez au moins une langue."))],
    )
    format = RadioField(
        _l("On se retrouve"),
        choices=as_choices(
            {
                "here": _l("Sur place"),
                "both": _l("Sur place et en ligne"),
                "online": _l("En ligne"),
                "outside": _l("Dehors"),
            }
        ),
        default="here",
    )
    house = SelectField(_l("Dans quelle maison ?"), choices=[], validate_choice=False)


class ChooseDoorForm(Form):
    """Step 2: who may enter, what a newcomer reads, what the club agrees on."""

    kit = SelectField(
        _l("Partir d’une charte toute prête"),
        description=_l("Choisissez ce qui ressemble à votre club. Vous changerez les mots ensuite."),
        choices=[SelectChoice(kit.key, kit.label) for kit in KITS],
        default="none",
        validate_choice=False,
    )
    door = RadioField(_l("Qui peut entrer ?"), choices=as_choices(DOOR_WORDS), validate_choice=False)
    charter = TextAreaField(
        _l("La charte du club"),
        description=_l("Une règle par ligne, 8 au plus. Tout le monde peut les lire avant d’entrer."),
        filters=[clean_text],
    )
    history = RadioField(
        _l("Que lit une personne qui arrive ?"),
        choices=as_choices(
            {"joining": _l("Ce qui se dit à partir de son arrivée"), "all": _l("Tout, depuis le début")}
        ),
        default="joining",
        validate_choice=False,
    )


class ChoosePlantForm(Form):
    """Step 3: one of three names, a tile and its colour."""

    plant = RadioField(_l("Choisissez un nom"), choices=[], validate_choice=False)
    tile = RadioField(
        _l("Choisissez un carreau"),
        description=_l("C’est joli, et cela ne veut rien dire."),
        choices=as_choices(TILE_WORDS),
        validate_choice=False,
    )
    hue = RadioField(
        _l("Une autre couleur, si vous voulez"),
        choices=as_choices(HUE_WORDS),
        validate_choice=False,
    )


class SendProposalForm(JoinClubForm):
    """Step 4: the founder's own name for the club, the consent, a word for the team."""

    note = TextAreaField(
        _l("Un mot pour l’équipe"),
        description=_l("Pas obligatoire. Un jour, une heure, une salle qui vous irait ?"),
        filters=[clean_text],
        validators=[AtMost(MAX_NOTE)],
    )


class EnterCodeForm(Form):
    """The code that a founder gave."""

    code = StringField(
        _l("Le code"),
        description=_l("Un mot et 4 chiffres. Exemple : KIWI-4827."),
        validators=[Required(_l("Écrivez le code."))],
    )


class SayYesForm(JoinClubForm):
    """A name for that club, the consent, the age; with the code that led here."""

    code = HiddenField()


class AnswerProposalForm(Form):
    """Why not yet."""

    reason = TextAreaField(
        _l("Pourquoi pas encore ?"),
        description=_l("La personne qui propose lit ces mots. Dites ce qui aiderait."),
        filters=[clean_text],
        validators=[Required(_l("Écrivez pourquoi. La personne pourra changer sa proposition.")), AtMost(MAX_NOTE)],
    )
