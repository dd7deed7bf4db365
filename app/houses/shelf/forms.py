"""The form of something on the shelf."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from app.houses.links import MAX_LINK, WebAddress
from app.houses.needs import need_choices
from app.houses.shelf.actions import MAX_BODY, ItemSaid
from app.houses.shelf.models import ShelfFile
from app.houses.trades import TRADES
from app.web.forms import AtLeastOne, AtMost, Boxes, Form, Required, clean_line, clean_text, offered
from app.web.reading import NAMES


class ItemForm(Form):
    """A link, or a text with or without a file, and what it is for."""

    title = StringField(
        _l("Le titre"), filters=[clean_line], validators=[Required(_l("Écrivez un titre.")), AtMost(80)]
    )
    purpose = StringField(
        _l("À quoi ça sert, en une ligne"),
        filters=[clean_line],
        validators=[Required(_l("Écrivez une phrase.")), AtMost(160)],
    )
    link = StringField(
        _l("L’adresse du site"),
        filters=[clean_line],
        validators=[AtMost(MAX_LINK), WebAddress()],
        description=_l("Ou laissez vide : écrivez un texte plus bas, ou choisissez un fichier."),
        render_kw={"inputmode": "url", "autocomplete": "off", "dir": "ltr"},
    )
    body = TextAreaField(
        _l("Le texte de la fiche"),
        filters=[clean_text],
        validators=[AtMost(MAX_BODY)],
        description=_l(
            "On la lit ici, et on l’imprime. Avec un fichier : ce qu’il dit, pour qui ne peut pas l’ouvrir."
        ),
        render_kw={"rows": 10},
    )
    upload = FileField(
        _l("Un fichier"),
        description=_l("Un PDF de 60 pages au plus, ou une image PNG ou JPEG. 2 Mo au plus."),
        render_kw={"accept": ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"},
    )
    kept = HiddenField()
    without_file = BooleanField(_l("Enlever le fichier"))
    needs = Boxes(
        _l("Pour quels besoins"),
        choices=lambda: offered(need_choices()),
        validators=[AtLeastOne(_l("Choisissez au moins un besoin."))],
    )
    trade = SelectField(
        _l("Pour quel métier"),
        choices=lambda: offered([("", _l("Tous les métiers")), *_trades()]),
        default="",
    )
    language = SelectField(_l("La langue"), choices=offered(NAMES.items()))

    def said(self, file: ShelfFile | None) -> ItemSaid:
        """What the action is told. file: one that waits."""
        texts = {name: self[name].data or "" for name in ("title", "purpose", "link", "body", "trade", "language")}
        file_id, away = file.id if file else "", bool(self.without_file.data)
        return ItemSaid(**texts, needs=self.needs.data, file=file_id, without_file=away)


def _trades() -> list[tuple[str, object]]:
    return [(code, words) for code, words in TRADES.items() if code != "tous"]
