"""The watch over the tests that prove a requirement: silent for a part, red when one did not run in the whole."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.ran import EXCUSE, Ran, is_whole, named

PART: dict[str, Any] = {"file_or_dir": [], "keyword": "", "markexpr": "", "deselect": None, "collectonly": False}


def told(*reports: tuple[str, str, str, str]) -> Ran:
    seen = Ran(["tests/a.py::one"])
    for test, when, outcome, why in reports:
        seen.pytest_runtest_logreport(SimpleNamespace(nodeid=test, when=when, outcome=outcome, longrepr=why))
    return seen


ONE = "tests/a.py::one"
WELL = [(ONE, "setup", "passed", ""), (ONE, "call", "passed", "")]


@pytest.mark.parametrize(
    ("reports", "unproved"),
    [
        ([], [ONE]),
        (WELL, []),
        ([(f"{ONE}[a::b]", "call", "passed", "")], []),
        ([("tests/a.py::other", "call", "passed", "")], [ONE]),
        ([(ONE, "setup", "passed", "")], [ONE]),
        ([*WELL, (f"{ONE}[b]", "setup", "skipped", "not today")], [ONE]),
        ([*WELL, (f"{ONE}[b]", "setup", "skipped", f"{EXCUSE}: no PostgreSQL")], []),
        ([(ONE, "setup", "skipped", f"{EXCUSE}: no browser")], []),
        ([*WELL, (ONE, "teardown", "failed", "")], [ONE]),
    ],
)
def test_a_named_test_has_passed_or_is_said(reports: list[tuple[str, str, str, str]], unproved: list[str]) -> None:
    assert told(*reports).unproved() == unproved


@pytest.mark.parametrize(("seen", "expected"), [(told(), 1), (told(*WELL), 0)])
def test_the_session_fails_with_it(seen: Ran, expected: int) -> None:
    session: Any = SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    seen.pytest_sessionfinish(session, pytest.ExitCode.OK)
    assert session.exitstatus == expected


@pytest.mark.parametrize("part", [{"file_or_dir": ["tests/core"]}, {"keyword": "mail"}, {"deselect": ["tests/a.py"]}])
def test_a_part_of_the_suite_is_not_judged(part: dict[str, Any]) -> None:
    assert is_whole(SimpleNamespace(**PART))
    assert not is_whole(SimpleNamespace(**(PART | part)))


def test_there_is_something_to_watch() -> None:
    assert len(named()) > 60
