"""Two texts side by side, joined without a loss, and whose each line is."""

from app.meetings.minutes.texts import first_writers, is_heading, joined, said, side_by_side, without

THEIRS = "Présents : six\n- Le café est froid\nFin"
MINE = "Présents : sept\n- Le café est froid\n- La salle est belle\nFin"


def told(theirs: str, mine: str) -> list[tuple[str, str, str]]:
    def marked(pieces: object) -> str:
        return " ".join(f"[{each.text}]" if each.marked else each.text for each in pieces)  # type: ignore[attr-defined]

    return [(pair.kind, marked(pair.theirs), marked(pair.mine)) for pair in side_by_side(theirs, mine)]


def test_what_differs_is_marked() -> None:
    assert told(THEIRS, MINE) == [
        ("both", "Présents : [six]", "Présents : [sept]"),
        ("same", "- Le café est froid", "- Le café est froid"),
        ("mine", "", "[- La salle est belle]"),
        ("same", "Fin", "Fin"),
    ]
    assert told("Un\nDeux", "Un") == [("same", "Un", "Un"), ("theirs", "[Deux]", "")]


def test_joined_loses_nothing() -> None:
    both = joined(THEIRS, MINE).split("\n")
    assert both == ["Présents : six", "Présents : sept", "- Le café est froid", "- La salle est belle", "Fin"]
    assert joined("A", "B") == "A\nB"


def test_a_line_is_of_who_wrote_it_first() -> None:
    writers = first_writers([("Un\n\nDeux", "a"), ("Deux\nTrois\nUn", "b")])
    assert writers == {"Un": "a", "Deux": "a", "Trois": "b"}
    assert without("Un\nDeux\nTrois\nUn", {"Un", "Deux"}) == "…\nTrois\n…"


def test_a_picked_line_is_without_the_sign_of_its_list() -> None:
    assert (said("- On garde le mardi ", 300), said("12) Oui", 300), said("abcdef", 4)) == (
        "On garde le mardi", "Oui", "abc…"
    )  # fmt: skip


def test_what_stands_above_a_list_is_a_heading() -> None:
    lines = ["À faire :", "- Décidé:  ", "**À faire :**", "## La salle", "待办："]
    assert [line for line in lines if not is_heading(line)] == []
    lines = ["Présents : six", "- On garde le mardi", "À 18:30", "#mardi", "**Oui**", ""]
    assert [line for line in lines if is_heading(line)] == []
