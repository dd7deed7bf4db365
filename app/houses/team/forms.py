"""Forms of managers: a colleague, the house."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange, StopValidation

from app.accounts.addresses import MAX_ADDRESS
from app.houses.models import House
from app.houses.places import day_choices
from app.houses.team.actions import HouseSaid
from app.web.forms import AtLeastOne, AtMost, Boxes, Clock, Form, Number, Required, clean_line, offered
from app.web.reading import NAMES

ROLE_CHOICES = [
    SelectChoice("facilitator", _l("Facilitation : salles, clubs, signalements")),
    SelectChoice("manager", _l("Gestion : tout cela, et l’équipe et la maison")),
]
MOST_CLAIMS = 50


class ColleagueForm(Form):
    """A colleague's name and role."""

    name = StringField(
        _l("Le nom pour l’équipe et les clubs"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez un nom.")), AtMost(40)],
        description=_l("Un prénom suffit."),
        render_kw={"autocomplete": "off"},
    )
    role = RadioField(
        _l("Le rôle"),
        choices=ROLE_CHOICES,
        validate_choice=False,
        validators=[Required(_l("Choisissez un rôle."))],
    )

    def validate_role(self, field: Any) -> None:
        if field.data not in ("facilitator", "manager"):
            raise StopValidation(str(_l("Choisissez un rôle.")))


class InviteForm(ColleagueForm):
    """Somebody new."""

    email = EmailField(
        _l("Son adresse e-mail"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez une adresse e-mail.")), AtMost(MAX_ADDRESS)],
        description=_l("Une adresse de travail. Elle ne doit pas servir déjà dans un club."),
        render_kw={"autocomplete": "off"},
    )


class HouseForm(Form):
    """What the house says of itself."""

    name = StringField(
        _l("Le nom de la maison"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez le nom de la maison.")), AtMost(80)],
        render_kw={"autocomplete": "organization"},
    )
    address = StringField(_l("L’adresse"), filters=[clean_line], validators=[AtMost(160)])
    phone = StringField(
        _l("Le téléphone"), filters=[clean_line], validators=[AtMost(30)], render_kw={"inputmode": "tel"}
    )
    access = StringField(
        _l("Comment on y entre"),
        filters=[clean_line],
        validators=[AtMost(160)],
        description=_l("Exemple : ascenseur à droite de l’accueil."),
    )
    lang = Boxes(
        _l("Les langues de l’accueil"),
        choices=offered(NAMES.items()),
        validators=[AtLeastOne(_l("Choisissez au moins une langue."))],
    )
    evenings = Boxes(_l("Les soirs d’ouverture"), coerce=int, choices=lambda: offered(day_choices()))
    until = Clock(_l("Le soir, elle ferme à"))
    quota = Number(
        _l("Réservations à venir, au plus, pour un club"),
        validators=[
            Required(_l("Écrivez un nombre.")),
            NumberRange(1, MOST_CLAIMS, _l("Écrivez un nombre de 1 à 50.")),
        ],
        description=_l("Ce qui est libre dans les 3 jours ne compte pas."),
        render_kw={"inputmode": "numeric"},
    )
    evening_quota = Number(
        _l("Dont soirées, au plus"),
        validators=[
            Required(_l("Écrivez un nombre.")),
            NumberRange(0, MOST_CLAIMS, _l("Écrivez un nombre de 0 à 50.")),
        ],
        render_kw={"inputmode": "numeric"},
    )

    def validate_until(self, field: Any) -> None:
        if self.evenings.data and not field.data:
            raise StopValidation(str(_l("Écrivez jusqu’à quelle heure du soir.")))

    def days(self) -> list[tuple[str, Any, Any]]:
        """Each weekday with its two fields."""
        return [(name, self[f"opens{day}"], self[f"closes{day}"]) for day, name in day_choices()]

    @property
    def hours(self) -> list[dict[str, Any]]:
        """Days with the same hours stand together."""
        lines: dict[tuple[str, str], list[int]] = {}
        for day in range(7):
            opens, closes = self[f"opens{day}"].data, self[f"closes{day}"].data
            if opens and closes:
                lines.setdefault((opens, closes), []).append(day)
        return [{"days": days, "opens": opens, "closes": closes} for (opens, closes), days in lines.items()]

    @property
    def said(self) -> HouseSaid:
        """What the action is told."""
        return HouseSaid(
            name=self.name.data or "",
            address=self.address.data or "",
            phone=self.phone.data or "",
            access=self.access.data or "",
            languages=self.lang.data or [],
            hours=self.hours,
            open_evenings=self.evenings.data or [],
            evening_until=(self.until.data or "") if self.evenings.data else "",
            claim_quota=self.quota.data or 1,
            evening_quota=self.evening_quota.data or 0,
        )


def _both(form: Any, field: Any) -> None:
    """A day has both hours or none, in order."""
    opens = form[field.name.replace("closes", "opens")].data
    if bool(opens) != bool(field.data):
        raise StopValidation(str(_l("Écrivez les deux heures, ou aucune.")))
    if opens and field.data and field.data <= opens:
        raise StopValidation(str(_l("La maison ferme après avoir ouvert. Corrigez l’une des deux heures.")))


for _day in range(7):
    setattr(HouseForm, f"opens{_day}", Clock(_l("ouvre à")))
    setattr(HouseForm, f"closes{_day}", Clock(_l("ferme à"), validators=[_both]))


def house_said(house: House) -> dict[str, Any]:
    """A house as the form shows it. Hours that were written as a text are written again by day."""
    told = {
        "name": house.name,
        "address": house.address,
        "phone": house.phone,
        "access": house.access,
        "lang": house.languages,
        "evenings": house.open_evenings,
        "until": house.evening_until,
        "quota": house.claim_quota,
        "evening_quota": house.evening_quota,
    }
    for line in house.hours:
        for day in line["days"] if "text" not in line else ():
            told |= {f"opens{day}": line["opens"], f"closes{day}": line["closes"]}
    return told
