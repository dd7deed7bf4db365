"""What stands on a card: a number that checks itself, three plain words."""

import re
import unicodedata
from collections import Counter

import pytest

from app.accounts.cards.numbers import check_digit, in_groups, new_number, read_number
from app.accounts.cards.words import all_words, folded, new_words
from app.config import ROOT
from app.core.errors import Invalid

# Nobody is to be hurt by what a machine drew. Not a complete list: what a reader of the file would have stopped at.
HURTFUL = """con conne cul sexe sein seins pute merde mort mourir tuer crime haine gros grosse moche laid bete idiot sot
fou folle nul vieux vieille gras chauve sourd muet aveugle debile race negre juif arabe blond gitan sauvage dieu diable
eglise islam croix bible sang peur guerre arme fusil prison police voleur malade cancer cafard rat porc cochonne truie
chienne vache dinde singe guenon boudin"""


def letters(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.replace("œ", "oe"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def test_there_are_2048_words_each_different_without_accents() -> None:
    words = all_words()
    assert (len(words), len({folded(word) for word in words})) == (2048, 2048)
    assert [word for word in words if not re.fullmatch(r"[a-z]{3,8}", letters(word))] == []
    assert [folded(word) for word in words] == [letters(word) for word in words]


def test_no_word_names_a_club_or_hurts() -> None:
    plants = (ROOT / "app" / "data" / "plants.txt").read_text(encoding="utf-8")
    named = {folded(line) for line in plants.splitlines() if not line.startswith("#")}
    assert len(named) >= 400
    kept = {folded(word) for word in all_words()}
    assert (kept & named, kept & set(HURTFUL.split())) == (set(), set())


def test_no_word_is_one_letter_away_from_another() -> None:
    """One letter mistyped, left out or added never makes another word of the list."""
    words = {folded(word) for word in all_words()}
    shorter = Counter((at, word[:at] + word[at + 1 :], len(word)) for word in words for at in range(len(word)))
    assert [each for each, times in shorter.items() if times > 1] == []
    assert [each for each in shorter if each[1] in words] == []


@pytest.mark.parametrize(
    "typed",
    ["Forêt Œillet Vélo", "foret oeillet velo", "FORET-OEILLET-VELO", " forêt\u00a0œillet  vélo ", "foretoeilletvelo"],
)
def test_words_are_typed_as_one_likes(typed: str) -> None:
    assert folded(typed) == "foretoeilletvelo"


def test_words_and_numbers_are_drawn_each_by_itself() -> None:
    assert len({tuple(new_words()) for _ in range(200)}) == 200
    numbers = [new_number() for _ in range(200)]
    assert len(set(numbers)) >= 198
    assert [number for number in numbers if read_number(in_groups(number)) != number] == []
    assert sorted({number[0] for number in numbers}) == sorted("0123456789")


def test_a_mistyped_digit_is_found_before_anything_is_asked() -> None:
    number = "1234567" + check_digit("1234567")
    for place in range(8):
        for digit in set("0123456789") - {number[place]}:
            with pytest.raises(Invalid) as refused:
                read_number(number[:place] + digit + number[place + 1 :])
            assert refused.value.code == "card_mistyped"
    assert read_number(number.translate({48 + n: 0x660 + n for n in range(10)})) == number


@pytest.mark.parametrize("typed", ["", "123", "123456789", "abcdefgh", "½½½½½½½½"])
def test_what_is_no_number(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_number(typed)
    assert (refused.value.code, refused.value.field) == ("card_invalid", "card")
