"""Forms: WTForms with our error summary. What was typed always comes back."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import StopValidation

from app.core.plain_text import normalized

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
            raise StopValidation(
                str(
                    _l(
                        "C’est trop long : %(limit)s signes au plus, vous en avez %(given)s.",
                        limit=self.limit,
                        given=len(field.data),
                    )
                )
            )
