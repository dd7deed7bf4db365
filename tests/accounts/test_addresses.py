"""Addresses: read once, sealed, found again whatever the case."""

import base64

import pytest

from app.accounts.addresses import Address, masked, opened, read_address
from app.core.errors import Invalid

pytestmark = pytest.mark.usefixtures("context")


def test_spaces_around_are_left_out() -> None:
    assert read_address("  zoe@exemple.fr ") == Address("zoe@exemple.fr")


def test_one_key_whatever_the_case() -> None:
    assert read_address("Zoe@Exemple.FR").key == read_address("zoe@exemple.fr").key


def test_two_addresses_two_keys() -> None:
    assert read_address("zoe@exemple.fr").key != read_address("zoe@exemple.org").key


def test_sealed_shows_nothing_and_opens_again() -> None:
    address = read_address("zoe@exemple.fr")
    sealed = address.sealed
    # Fernet (AES-128-CBC, then HMAC-SHA-256): its version, a random beginning, and nothing that was changed opens.
    assert (base64.urlsafe_b64decode(sealed)[0], sealed == address.sealed) == (0x80, False)
    assert "zoe" not in sealed
    assert opened(sealed) == address
    assert opened(sealed[:-5] + ("A" if sealed[-5] != "A" else "B") + sealed[-4:]) is None


@pytest.mark.parametrize("sealed", [None, "", "not sealed by us"])
def test_what_cannot_be_opened_is_no_address(sealed: str | None) -> None:
    assert opened(sealed) is None


def test_mask_keeps_one_letter_and_the_domain() -> None:
    assert masked(Address("zoe@exemple.fr")) == "z•••@exemple.fr"
    assert masked(None) == ""


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "email_empty"),
        ("   ", "email_empty"),
        ("zoe", "email_invalid"),
        ("zoe@", "email_invalid"),
        ("zoe@exemple.fr\nBcc: a@exemple.fr", "email_invalid"),
        ("zoe@exemple.fr, a@exemple.fr", "email_invalid"),
        ("zoë@exemple.fr", "email_invalid"),
        (f"{'z' * 64}@{'e' * 63}.{'e' * 63}.{'e' * 63}.fr", "email_invalid"),
    ],
)
def test_what_no_mail_can_reach_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_address(typed)
    assert (refused.value.code, refused.value.field) == (code, "email")
