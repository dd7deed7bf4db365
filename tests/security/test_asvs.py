"""``docs/asvs.toml`` is whole, honest, and names tests that exist."""

import ast
import tomllib
from collections import Counter
from typing import Any

import pytest

from app.config import ROOT
from tests.security.off import SWITCHES, edited

ITEMS: list[dict[str, Any]] = tomllib.loads((ROOT / "docs" / "asvs.toml").read_text(encoding="utf-8"))["item"]
# The numbers of OWASP ASVS 5.0.0, section by section: level 1 whole, level 2 of five chapters.
FIRST_LEVEL: dict[str, tuple[int, ...]] = {
    "1.2": (1, 2, 3, 4, 5),
    "1.3": (1, 2),
    "1.5": (1,),
    "2.1": (1,),
    "2.2": (1, 2),
    "2.3": (1,),
    "3.2": (1, 2),
    "3.3": (1,),
    "3.4": (1, 2),
    "3.5": (1, 2, 3),
    "4.1": (1,),
    "4.4": (1,),
    "5.2": (1, 2),
    "5.3": (1, 2),
    "6.1": (1,),
    "6.2": (1, 2, 3, 4, 5, 6, 7, 8),
    "6.3": (1, 2),
    "6.4": (1, 2),
    "7.2": (1, 2, 3, 4),
    "7.4": (1, 2),
    "8.1": (1,),
    "8.2": (1, 2),
    "8.3": (1,),
    "9.1": (1, 2, 3),
    "9.2": (1,),
    "10.4": (1, 2, 3, 4, 5),
    "11.3": (1, 2),
    "11.4": (1,),
    "12.1": (1,),
    "12.2": (1, 2),
    "13.4": (1,),
    "14.2": (1,),
    "14.3": (1,),
    "15.1": (1,),
    "15.2": (1,),
    "15.3": (1,),
}  # fmt: skip
SECOND_LEVEL: dict[str, tuple[int, ...]] = {
    "6.1": (2, 3),
    "6.2": (9, 10, 11, 12),
    "6.3": (3, 4),
    "6.4": (3, 4),
    "6.5": (1, 2, 3, 4, 5),
    "6.6": (1, 2, 3),
    "6.8": (1, 2, 3, 4),
    "7.1": (1, 2, 3),
    "7.3": (1, 2),
    "7.4": (3, 4, 5),
    "7.5": (1, 2),
    "7.6": (1, 2),
    "8.1": (2,),
    "8.2": (3,),
    "8.4": (1,),
    "14.1": (1, 2),
    "14.2": (2, 3, 4),
    "14.3": (2, 3),
    "16.1": (1,),
    "16.2": (1, 2, 3, 4, 5),
    "16.3": (1, 2, 3, 4),
    "16.4": (1, 2, 3),
    "16.5": (1, 2, 3),
}  # fmt: skip
MOST_SET_ASIDE = 0.15


def test_each_requirement_stands_once_under_its_level() -> None:
    expected = [
        (f"{section}.{number}", level)
        for level, sections in ((1, FIRST_LEVEL), (2, SECOND_LEVEL))
        for section, numbers in sections.items()
        for number in numbers
    ]
    assert Counter((item["id"], item["level"]) for item in ITEMS) == Counter(expected)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["id"])
def test_each_says_what_it_is_worth(item: dict[str, Any]) -> None:
    assert item["says"]
    if item["status"] == "met":
        path, _, name = item["test"].partition("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert name in [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
        # Without a control that can be taken away, nobody knows whether the test could fail.
        assert item["switch"] in SWITCHES
    else:
        assert item["status"] in ("open", "not_applicable")
        assert (item["note"][-1], "test" in item, "switch" in item) == (".", False, False)


def test_no_chapter_is_set_aside() -> None:
    whole = Counter(item["id"].split(".")[0] for item in ITEMS)
    aside = Counter(item["id"].split(".")[0] for item in ITEMS if item["status"] == "not_applicable")
    assert {chapter: aside[chapter] for chapter in whole if aside[chapter] / whole[chapter] > MOST_SET_ASIDE} == {}


def test_every_switch_is_used() -> None:
    assert {item["switch"] for item in ITEMS if "switch" in item} == set(SWITCHES)


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_switch_finds_its_control(switch: str) -> None:
    """The lines that it replaces stand in the code, once; what ``make asvs`` would then find is for it to say."""
    for path, text in edited(switch).items():
        assert text != path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            ast.parse(text)


def test_the_documents_say_what_they_are_said_to_say() -> None:
    """The requirements that ask for a document find it in SECURITY.md."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    told = [
        "| Guessing |",
        "| Nobody is locked out by strangers |",
        "## How long a session lasts",
        "## What is written down",
    ]
    told += ["As many sessions as a person opens", "is mended within 7 days, another one within 30"]
    told += ["## Ways in, and how strong each is", "## When a proof is lost", "## Each sort of data, and its rules"]
    assert [each for each in told if each not in text] == []
