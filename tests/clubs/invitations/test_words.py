"""What invitations are called by: no language, no club, nothing rude; typed as people type."""

import re

from app.clubs.invitations import words
from app.core.ids import new_id


def test_a_word_is_six_syllables_that_name_no_club() -> None:
    for _time in range(300):
        word = words.new_word(avoid=["Romarin", "Sauna"])
        assert re.fullmatch(r"[a-z]{4}-[a-z]{4}-[a-z]{4}", word)
        assert words.read_secret(word) == word.replace("-", "")
        assert [part for part in (*words.RUDE, "romarin", "sauna") if part in word.replace("-", "")] == []


def test_a_word_that_holds_a_name_is_drawn_again(monkeypatch: object) -> None:
    drawn = iter("romarinebadu" + "bodiravutemo")
    monkeypatch.setattr(words.secrets, "choice", lambda _signs: next(drawn))  # type: ignore[attr-defined]
    assert words.new_word(avoid=["Romarin"]) == "bodi-ravu-temo"


def test_a_word_is_read_as_people_type_it() -> None:
    for typed in ("bodi-ravu-temo", "BODI RAVU TEMO", "bodi.ravu.temo ", "Bódi Rávu Témo", "bodiravutemo"):
        assert words.read_secret(typed) == "bodiravutemo"
    assert [words.read_secret(typed) for typed in ("", "bodi", "bodi-ravu-temo-bo", "KIWI-4827", "\ud800")] == [""] * 5


def test_a_link_may_be_pasted_where_a_word_is_asked() -> None:
    secret = new_id()
    for typed in (secret, f"https://maison.example/invitations/{secret}", f"/invitations/{secret}.", f" {secret}\n"):
        assert words.read_secret(typed) == secret
        assert words.is_link(words.read_secret(typed))
