"""The four forms of the first opening."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    SelectField,
    StringField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange, StopValidation

from app.accounts.addresses import MAX_ADDRESS
from app.houses.places import country_choices, day_choices, is_country, is_zone, zone_choices
from app.houses.setup.furnishing import KIT_NAMES
from app.web.forms import AtLeastOne, AtMost, Boxes, Clock, Form, Number, Required, clean_line, offered
from app.web.reading import NAMES

MOST_PLACES = 500


def zones_offered() -> list[SelectChoice]:
    """Every time zone, by part of the world."""
    return [
        SelectChoice(name, label, optgroup=region) for region, zones in zone_choices().items() for name, label in zones
    ]


class HouseForm(Form):
    """Step 1. The code is asked once: this browser has it afterwards."""

    once = StringField(
        _l("Le code de démarrage"),
        filters=[clean_line],
        description=_l("Il est écrit dans la fenêtre où le programme a démarré. Il sert une seule fois."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "maxlength": "16"},
    )
    house = StringField(
        _l("Le nom de la maison"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez le nom de la maison.")), AtMost(80)],
        description=_l("Il paraît en haut de chaque page. Choisissez un nom qui ne dit rien des clubs."),
        render_kw={"autocomplete": "organization"},
    )
    zone = SelectField(_l("Le fuseau horaire"), choices=zones_offered, default="Europe/Paris", validate_choice=False)
    country = SelectField(
        _l("Le pays"),
        choices=lambda: offered(country_choices()),
        default="FR",
        description=_l("Pour les jours fériés."),
        validate_choice=False,
    )
    lang = Boxes(
        _l("Les langues de l’accueil"),
        choices=offered(NAMES.items()),
        default=["fr"],
        validators=[AtLeastOne(_l("Choisissez au moins une langue."))],
    )

    def validate_zone(self, field: Any) -> None:
        if not is_zone(field.data or ""):
            raise StopValidation(str(_l("Choisissez un fuseau horaire.")))

    def validate_country(self, field: Any) -> None:
        if not is_country(field.data or ""):
            raise StopValidation(str(_l("Choisissez un pays.")))


class HoursForm(Form):
    """Step 2: when the house is open."""

    days = Boxes(
        _l("Les jours d’ouverture"),
        coerce=int,
        choices=lambda: offered(day_choices()),
        default=[0, 1, 2, 3, 4],
        validators=[AtLeastOne(_l("Choisissez au moins un jour."))],
    )
    opens = Clock(_l("La maison ouvre à"), default="10:00", validators=[Required(_l("Écrivez l’heure d’ouverture."))])
    closes = Clock(_l("La maison ferme à"), default="18:30", validators=[Required(_l("Écrivez l’heure de fermeture."))])
    evenings = Boxes(
        _l("Les soirs d’ouverture"),
        coerce=int,
        choices=lambda: offered(day_choices()),
        description=_l("Les jours où la maison reste ouverte le soir. Aucun, c’est possible aussi."),
    )
    until = Clock(_l("Le soir, elle ferme à"), default="20:30")

    def validate_closes(self, field: Any) -> None:
        if self.opens.data and field.data and field.data <= self.opens.data:
            raise StopValidation(str(_l("La maison ferme après avoir ouvert. Corrigez l’une des deux heures.")))

    def validate_until(self, field: Any) -> None:
        if self.evenings.data and (field.data or "") <= "18:00":
            raise StopValidation(str(_l("Écrivez jusqu’à quelle heure du soir, après 18 h.")))


class RoomFields(Form):
    """What every form of a room asks."""

    name = StringField(
        _l("Le nom de la salle"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez le nom de la salle.")), AtMost(60)],
        description=_l("Comme il est écrit sur la porte. Exemple : Salle 1."),
        render_kw={"autocomplete": "off"},
    )
    places = Number(
        _l("Le nombre de places"),
        validators=[
            Required(_l("Écrivez le nombre de places.")),
            NumberRange(1, MOST_PLACES, _l("Écrivez un nombre de 1 à 500.")),
        ],
        render_kw={"inputmode": "numeric", "min": "1", "max": str(MOST_PLACES)},
    )
    floor = StringField(
        _l("L’étage"),
        filters=[clean_line],
        validators=[AtMost(60)],
        description=_l("Exemple : 2e étage, ascenseur."),
        render_kw={"autocomplete": "off"},
    )
    step_free = BooleanField(_l("On y entre sans marche"), description=_l("De plain-pied, ou par un ascenseur."))


class RoomForm(RoomFields):
    """Step 3: one room, with the parts of the day when clubs may take it."""

    kits = Boxes(
        _l("Quand les clubs peuvent-ils la prendre ?"),
        choices=offered(KIT_NAMES.items()),
        default=list(KIT_NAMES),
        validators=[AtLeastOne(_l("Choisissez au moins un moment."))],
    )


class YouForm(Form):
    """Step 4: the first manager."""

    email = EmailField(
        _l("Votre adresse e-mail"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez votre adresse e-mail.")), AtMost(MAX_ADDRESS)],
        description=_l("Nous envoyons un code à 6 chiffres. Vous entrez avec lui, comme tout le monde."),
        render_kw={"autocomplete": "email"},
    )
    # Only in a house without mail, where no code can be sent.
    password = PasswordField(
        _l("Choisissez un mot de passe"),
        validators=[Required(_l("Écrivez un mot de passe."))],
        description=_l("10 signes au moins. Trois ou quatre mots sans lien marchent bien."),
        render_kw={"autocomplete": "new-password"},
    )
    name = StringField(
        _l("Votre nom pour l’équipe et les clubs"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez un nom.")), AtMost(40)],
        description=_l("Un prénom suffit. Il paraît quand vous répondez à un club."),
        render_kw={"autocomplete": "off"},
    )
