"""Normalising is linear: what is cut is what no language writes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.plain_text import MOST_MARKS, normalized

ORDINARY = ["Chloé", "Nguyễn Thị Hoà", "مُحَمَّد", "שָׁלוֹם", "ᾧ", "𝔄𝔟𝔠", "\u1e0b\u0323", "각"]


@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFD", "NFKD"])
@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_are_only_normalised(text: str, form: str) -> None:
    assert normalized(text, form) == unicodedata.normalize(form, text)


def test_a_pile_of_marks_is_cut_before_it_is_sorted() -> None:
    piled = "a" + "\u0301\u0323" * 32_000 + "b"
    assert normalized(piled) == unicodedata.normalize("NFC", "a" + "\u0301\u0323" * (MOST_MARKS // 2) + "b")


@given(st.text())
def test_no_run_of_marks_is_longer_than_allowed(text: str) -> None:
    runs = "".join("x" if unicodedata.combining(sign) else " " for sign in normalized(text, "NFKD")).split()
    assert all(len(run) <= MOST_MARKS * 4 for run in runs)
