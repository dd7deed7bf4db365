"""The name chosen for one club: what may be one, what counts as the same."""

import time

import pytest

from app.clubs.names import MAX_NAME, checked_name, name_key
from app.core.errors import Invalid

SAME = [
    ("Ama", "ama"),
    ("Ama", "AMA"),
    ("Élodie", "Elodie"),
    ("Jean-Luc", "jean  luc"),
    ("Ama", "Аmа"),  # Cyrillic а
    ("Hana", "Нana"),  # Cyrillic Н
    ("Ama", "Ａｍａ"),  # full width
    ("Ama", "𝒜ma"),  # mathematical
    ("Paul", "PauI"),  # capital i for l
    ("Zoe", "Z0e"),
    ("Bjorn", "Bjørn"),
    ("Strasse", "Straße"),
    ("محمد", "مُحَمَّد"),  # vowel marks
    ("Ama", "Ama !"),
    ("Zoé", "Zoe\u0301"),  # one sign or two
    ("Chloé", "Chloё"),  # Cyrillic, with an accent
    ("Bruno", "Brunό"),  # Greek, with an accent
    ("Aïcha", "Aїcha"),
    ("Bruno", "ʙʀᴜɴᴏ"),  # small capitals
    ("Bruno", "Bɾuno"),  # a hook
    ("Bruno", "🅱runo"),  # pictures of letters
    ("Bruno", "🇧🇷uno"),
    ("محمد", "محـمد"),  # a longer stroke
    ("علي", "على"),
    ("علي", "علی"),
    ("كريم", "کریم"),
    ("فاطمة", "فاطمه"),
    ("Amina", "Arnina"),
    ("Awa", "Avva"),
    ("Ama 3", "Ama ٣"),
]
DIFFERENT = [("Ama", "Amal"), ("Zoé", "Zoa"), ("कि", "कु"), ("Лида", "Лада"), ("Nour", "Nouria"), ("1er pas", "2e pas")]
HIDING = ["Ama\u200b", "\u202eAma", "A\u2066ma", "Ama\ufeff", "A\u034fma", "Am\u00ada", "A\nma", "\u3164", "Ama\ue000"]
RESERVED = ["Équipe", "equipe", "L’équipe", "Admin", "аdmin", "A d m i n", "Admin2", "Claire, de l’équipe", "Médecin"]
RESERVED += ["ResponsableDuClub", "responsableduclub", "Re sponsable Bruno", "Bruno (re-sponsable)", "modo", "Respo"]
RESERVED += ["Resp.", "coordo", "Dr Martin", "Psy", "Администратор", "Адмін Оля", "4dmin", "@dm1n", "3quipe", "Vous"]
RESERVED += [
    "Moi",
    "you",
    "أنت",
    "Cité des métiers",
    "La Cité-des-Métiers",
    "Message retiré",
    "Message removed.",
    "مُدير",
]
MIXED = ["Bruпo", "Брunо", "Amaя", "Ниna", "Kлara", "Dаρio", "Aminaن"]
# As people write them: one club may have them all.
ORDINARY = """
    Marie-Claude, Jean-François, Anne-So, Élodie, Loïc, Maëlys, Gwénaëlle, Théo B., Zoé, Pierre D., D. R., M'hamed,
    d’Artagnan, Le Goff, McCoy, Clara, Dara, Arnaud, Bernadette, Cornélie, Maisonneuve, Chefa, Guardiola, Amadou,
    Fatoumata, Souleymane, N’Deye, Ngozi, Kwabena, Adébáyò, Oluwaseun, Thandiwe, Tesfay, Kofi, Moussa, Ọláńrewájú,
    محمد, فاطمة, نور, عبد الرحمن, ليلى, كريم, ياسين, زينب, Nguyễn, Thi Hoa, Phương, Đức, Quỳnh, Tuấn Anh, Hồng, Khánh,
    José Luis, María del Mar, Íñigo, Begoña, Peña, Yesenia, João, Conceição, Graça, Edilson, Luísa, Antônio,
    Лида, Лада, Олександр, Γιώργος, Łukasz, Åsa, Çağla, Şükrü, İpek, कविता, 김민준, 田中さん, Lei, Sasha O., Couture 93
"""
ORDINARY = [name.strip() for name in ORDINARY.split(",")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_look_alike_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_differ_have_two_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("name", ["Ama", "Couture 93", "Thi Hoa", "Marie-Claude", "نور", "Лида", "J’y vais", "7"])
def test_plain_names_stay_as_they_are(name: str) -> None:
    assert checked_name(name) == name


def test_ordinary_names_are_free_and_distinct() -> None:
    assert len(ORDINARY) >= 60
    assert [checked_name(name) for name in ORDINARY] == ORDINARY
    assert len({name_key(name) for name in ORDINARY}) == len(ORDINARY)


@pytest.mark.parametrize("name", MIXED)
def test_a_word_is_in_one_writing(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_name(name)
    assert (refused.value.code, refused.value.field) == ("name_invalid", "name")


def test_a_text_without_end_is_refused_at_once() -> None:
    begun = time.thread_time()
    with pytest.raises(Invalid):
        checked_name("a" + "\u0301\u0323" * 60_000)
    assert time.thread_time() - begun < 0.2


def test_spaces_are_folded_and_the_emoji_style_dropped() -> None:
    assert checked_name("  Ama   Lou ❤\ufe0f ") == "Ama Lou ❤"


@pytest.mark.parametrize("name", [*HIDING, "", "   ", "!!!", "❤", "x" * (MAX_NAME + 1), "Z" + "\u0335" * 9])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_name(name)
    assert (refused.value.code, refused.value.field) == ("name_invalid", "name")


@pytest.mark.parametrize("name", RESERVED)
def test_a_role_is_no_name(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_name(name)
    assert (refused.value.code, refused.value.field) == ("name_reserved", "name")


def test_forty_signs_fit_and_a_key_fits_its_column() -> None:
    assert checked_name("x" * MAX_NAME) == "x" * MAX_NAME
    assert len(name_key("ﷺ" * MAX_NAME)) == 200


@pytest.mark.parametrize("given", ["zoe@exemple.fr", "Zoé zoe@exemple.fr"])
def test_an_address_is_no_name(given: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_name(given)
    assert refused.value.code == "name_invalid"
    assert checked_name("Zoé @ Paris") == "Zoé @ Paris"
