"""Forms: WTForms with our error summary. What was typed always comes back."""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, IntegerField, SelectMultipleField, StringField, TimeField, widgets
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from app.core.errors import Invalid
from app.core.plain_text import normalized

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def clean_line(text: Any) -> Any:
    """One line: NFC, no control characters, spaces folded."""
    return " ".join(clean_text(text).split()) if isinstance(text, str) else text


def clean_text(text: Any) -> Any:
    """Several lines: NFC, ``\\n`` line ends, no control or direction-forcing characters."""
    if not isinstance(text, str):
        return text
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return CONTROL.sub("", normalized(unix)).strip()


def checked(given: Any, field: str, most: int, *, empty: Any = None, lines: bool = False) -> str:
    """What an action was given, as a clean text of one line (or of several): empty for what is no text.

    most: signs. empty: what to say when nothing is left; without it nothing will do. Raises Invalid, with the codes
    ``<field>_empty`` and ``<field>_too_long``.
    """
    # Half a surrogate pair can come by a program, and no database takes it.
    told = given.encode("utf-8", "ignore").decode() if isinstance(given, str) else ""
    text = str(clean_text(told) if lines else clean_line(told))
    if not text and empty is not None:
        raise Invalid(f"{field}_empty", empty, field=field)
    if len(text) > most:
        raise Invalid(f"{field}_too_long", too_long(most, len(text)), field=field)
    return text


def too_long(limit: int, given: int) -> Any:
    """How many signs there may be, and how many there are."""
    return _l("C’est trop long : %(limit)s signes au plus, vous en avez %(given)s.", limit=limit, given=given)


class Form(FlaskForm):
    """Base of every form. CSRF is asked by the guard, for every write; a form only draws its field."""

    class Meta:
        csrf = False

    def refuse(self, field: str, message: Any) -> None:
        """Put a refusal that came from an action beside its field."""
        target: Field = self[field]
        target.errors = [*target.errors, message]


class Required:
    """The field must be filled; ``message`` says what to write."""

    field_flags = {"required": False}

    def __init__(self, message: Any = None) -> None:
        self.message = message or _l("Remplissez ce champ.")

    def __call__(self, _form: Any, field: Field) -> None:
        if field.data is None or (isinstance(field.data, str) and not field.data.strip()):
            field.errors = []
            raise StopValidation(str(self.message))


class AtMost:
    """At most ``limit`` characters."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, _form: Any, field: Field) -> None:
        if field.data and len(field.data) > self.limit:
            raise StopValidation(str(too_long(self.limit, len(field.data))))


class Boxes(SelectMultipleField):
    """Several choices, each a box to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # In our words: the library's repeat what was sent.
        super().__init__(*args, invalid_choice_message=_l("Choisissez une réponse."), **kwargs)


class Day(DateField):
    """A date; what was typed and is none comes back without signs that no page may hold."""

    def _value(self) -> str:
        return str(clean_line(super()._value()))


class Clock(StringField):
    """A local ``HH:MM``, as a browser's own field for times sends it."""

    widget = TimeField.widget

    def _value(self) -> str:
        return str(clean_line(super()._value()))

    def pre_validate(self, _form: Any) -> None:
        if self.data and not CLOCK.fullmatch(self.data):
            raise StopValidation(str(_l("Écrivez une heure comme 18:30.")))


class Number(IntegerField):
    """A whole number; what was typed and is none comes back without signs that no page may hold."""

    def _value(self) -> str:
        return str(clean_line(super()._value()))


def offered(choices: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Values and their words, as a field wants them."""
    return [SelectChoice(value, label) for value, label in choices]


class AtLeastOne:
    """One box at least is ticked."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        if not field.data:
            raise StopValidation(str(self.message))
