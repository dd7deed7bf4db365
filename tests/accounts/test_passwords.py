"""Passwords: argon2id, ten characters, not common, not one's address."""

import pytest
from argon2 import extract_parameters

from app.accounts.passwords import NOBODY, check_password, hash_password, verify_password
from app.core.errors import Invalid


def test_hash_is_argon2id_and_salted() -> None:
    one, two = hash_password("bateau sur l'eau"), hash_password("bateau sur l'eau")
    assert one.startswith("$argon2id$")
    assert one != two
    assert verify_password(one, "bateau sur l'eau")
    assert not verify_password(one, "bateau sur l’eau")


def test_the_same_password_from_another_keyboard() -> None:
    composed, apart, wide = "éléphants bleus", "e\u0301le\u0301phants bleus", "éléphants bleus".replace("b", "\uff42")
    stored = hash_password(composed)
    assert [verify_password(stored, each) for each in (composed, apart, wide)] == [True, True, True]
    # Other signs are another password, be it by their case alone.
    assert not verify_password(stored, composed.upper())


def test_nobody_has_no_password() -> None:
    assert not verify_password(None, "bateau sur l'eau")


def test_nobody_takes_as_long_as_somebody() -> None:
    assert extract_parameters(NOBODY) == extract_parameters(hash_password("bateau sur l'eau"))


def test_longer_than_the_longest_never_matches() -> None:
    longest = "x" * 200
    assert verify_password(hash_password(longest), longest)
    assert not verify_password(hash_password(longest), longest + "y")


def test_a_broken_hash_opens_nothing() -> None:
    assert not verify_password("not a hash", "bateau sur l'eau")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("neuf sign", "password_short"),
        ("x" * 201, "password_long"),
        ("1234567890", "password_common"),
        ("ZAQ12wsxcde3", "password_common"),
        ("vive-amina-ici", "password_address"),
        ("vive-AMINA-ici", "password_address"),
    ],
)
def test_what_is_easy_to_guess_is_refused(password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_password(password, "amina")
    assert (refused.value.code, refused.value.field) == (code, "password")


@pytest.mark.parametrize(
    "password", ["Tilleul-26-26", "maison-du-canal", "CANAL canal canal", "tilleul.peupliers", "peupliers 12"]
)
def test_words_of_the_house_do_not_make_a_password(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_password(password, words={"tilleul", "maison", "canal", "peupliers"})
    assert (refused.value.code, refused.value.field) == ("password_house", "password")


@pytest.mark.parametrize("password", ["mon oncle dort sous le tilleul", "canalisation percée", "dix signes"])
def test_a_word_of_the_house_among_others_is_no_matter(password: str) -> None:
    check_password(password, words={"tilleul", "maison", "canal", "peupliers"})


@pytest.mark.parametrize("password", ["dix signes", "x" * 200, "كلمة سر طويلة"])
def test_what_is_good_is_taken(password: str) -> None:
    check_password(password, "amina")
