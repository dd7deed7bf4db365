"""What the documents say of the code, line by line: settings, packages, kinds of the log, decisions."""

import re

import pytest
from flask import Flask

from app.clubs import live
from app.config import ROOT


def rows(path: str, heading: str) -> list[str]:
    """The first cells of the table below a heading."""
    after = (ROOT / path).read_text(encoding="utf-8").split(f"{heading}\n", 1)[1]
    table = re.search(r"(?:^\|.*\n)+", after, re.M)
    assert table is not None
    return [line.split("|")[1].strip() for line in table[0].splitlines()[2:]]


def names(cells: list[str]) -> list[str]:
    return sorted(name.strip("`").lower() for cell in cells for name in cell.split(", "))


def required(path: str) -> list[str]:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return sorted(line.split("==")[0].lower() for line in lines if "==" in line and not line.startswith("#"))


def test_every_setting_is_in_the_readme() -> None:
    code = (ROOT / "app" / "config.py").read_text(encoding="utf-8")
    read = set(re.findall(r"raw\.\w+\(\s*\"([A-Z_]+)\"", code)) | {"INSTANCE_DIR"}
    assert len(read) == 20
    assert names(rows("README.md", "## Settings")) == sorted(name.lower() for name in read)


def test_every_package_has_its_reason() -> None:
    text = "docs/dependencies.md"
    used = [re.sub(r"\[.*\]", "", name) for name in required("requirements.txt")]
    assert names(rows(text, "# What the project stands on, and why")) == used
    assert names(rows(text, "## For several workers")) == required("requirements-scale.txt")
    assert names(rows(text, "## For tests and checks")) == required("requirements-dev.txt")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_kind_of_the_log_is_described(app: Flask) -> None:
    told = [kind for cell in rows("docs/live.md", "## Kinds") for kind in re.findall(r"[a-z]+:[a-z]+", cell)]
    assert sorted(told) == sorted(live._renderers)


def test_every_decision_has_its_number() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert len(pages) >= 5
    for number, page in enumerate(pages, 1):
        first, _empty, decided = page.read_text(encoding="utf-8").splitlines()[:3]
        assert (page.name[:5], first.split(" ")[1]) == (f"{number:04}-", f"{number}.")
        assert decided.startswith("**Decided** ")
