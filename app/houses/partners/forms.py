"""Forms of partners: what is said of one, and the code of an adviser."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from app.houses.links import MAX_LINK, WebAddress
from app.houses.needs import need_choices
from app.houses.partners.actions import PartnerSaid
from app.houses.partners.advisers import MAX_NAME
from app.houses.ways import WAYS
from app.web.forms import AtLeastOne, AtMost, Boxes, Form, Required, clean_line, clean_text, offered
from app.web.reading import NAMES


class PartnerForm(Form):
    """What is said of a partner. ``lang`` is what a form of the house calls languages."""

    name = StringField(
        _l("Le nom du partenaire"), filters=[clean_line], validators=[Required(_l("Écrivez un nom.")), AtMost(80)]
    )
    sentence = StringField(
        _l("Ce qu’il fait, en une phrase"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez une phrase.")), AtMost(160)],
    )
    about = TextAreaField(
        _l("Ce qu’il faut savoir, en mots simples"),
        filters=[clean_text],
        validators=[AtMost(2000)],
        render_kw={"rows": 6},
    )
    needs = Boxes(_l("À quels besoins il répond"), choices=lambda: offered(need_choices()))
    ways = Boxes(
        _l("Comment on le rencontre"),
        choices=lambda: offered(WAYS.items()),
        validators=[AtLeastOne(_l("Choisissez au moins une façon."))],
    )
    place = StringField(
        _l("Où et quand"),
        filters=[clean_line],
        validators=[AtMost(160)],
        description=_l("Exemple : au rez-de-chaussée, le jeudi après-midi."),
    )
    lang = Boxes(
        _l("Les langues parlées"),
        choices=offered(NAMES.items()),
        validators=[AtLeastOne(_l("Choisissez au moins une langue."))],
    )
    link = StringField(
        _l("Son site"),
        filters=[clean_line],
        validators=[AtMost(MAX_LINK), WebAddress()],
        render_kw={"inputmode": "url", "autocomplete": "off", "dir": "ltr"},
    )

    @property
    def said(self) -> PartnerSaid:
        """What the action is told."""
        texts = {name: self[name].data or "" for name in ("name", "sentence", "about", "place", "link")}
        return PartnerSaid(**texts, needs=self.needs.data, ways=self.ways.data, languages=self.lang.data)


class AdviserForm(Form):
    """The code that a manager gave, and a name for this work."""

    code = StringField(
        _l("Le code"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez le code."))],
        description=_l("10 signes. La maison vous les donne."),
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "maxlength": "40",
            "dir": "ltr",
        },
    )
    name = StringField(
        _l("Le nom pour l’équipe"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez un nom.")), AtMost(MAX_NAME)],
        description=_l("Un prénom suffit."),
        render_kw={"autocomplete": "off"},
    )
