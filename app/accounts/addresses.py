"""E-mail addresses: read once, found by a keyed hash, stored sealed, shown with a mask."""

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l

from app.core.errors import Invalid
from app.core.sealed import keyed_hash, seal, unseal

MAX_ADDRESS = 254
DEMO_DOMAIN = "demo.example"


@dataclass(frozen=True)
class Address:
    """An address that mail can reach. ``key`` finds its account, whatever the case it was typed in."""

    text: str

    @property
    def key(self) -> str:
        return keyed_hash("address", self.text.lower())

    @property
    def sealed(self) -> str:
        return seal(self.text)

    @property
    def local(self) -> str:
        return self.text.rpartition("@")[0]

    @property
    def demo(self) -> bool:
        return self.text.lower().endswith(f"@{DEMO_DOMAIN}")


def read_address(text: str) -> Address:
    """What a person typed, as an address. Raises Invalid in plain words."""
    typed = text.strip()
    if not typed:
        raise Invalid("email_empty", _l("Écrivez votre adresse e-mail."), field="email")
    try:
        known = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        known = None
    if known is None or known.ascii_email is None or len(known.ascii_email) > MAX_ADDRESS:
        raise Invalid("email_invalid", _l("Écrivez une adresse comme prenom@exemple.fr."), field="email")
    return Address(known.ascii_email)


def opened(sealed: str | None) -> Address | None:
    """The address in a sealed column; None when there is none, or when the key of the house has changed."""
    text = unseal(sealed) if sealed else None
    return Address(text) if text else None


def masked(address: Address | None) -> str:
    """``a•••@exemple.fr``: enough to know one's own."""
    if address is None:
        return ""
    local, _, domain = address.text.rpartition("@")
    return f"{local[:1]}•••@{domain}"
