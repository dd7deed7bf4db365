"""Did the tests that ``docs/asvs.toml`` names really run? Asked when the whole suite has, silent otherwise.

Under xdist the reports of every worker come together here, in the process that gives out the work.
"""

import tomllib
from collections.abc import Iterable
from typing import Any

import pytest

from app.config import ROOT

# How tests.support.run says that this machine lacks something; in continuous integration that fails by itself.
EXCUSE = "cannot run here"
PARTS = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "collectonly", "maxfail")


def named() -> set[str]:
    """The tests that prove a requirement."""
    items = tomllib.loads((ROOT / "docs" / "asvs.toml").read_text(encoding="utf-8"))["item"]
    return {item["test"] for item in items if "test" in item}


def is_whole(option: Any) -> bool:
    """Was everything asked for, not a file, a name or a mark?"""
    return not option.file_or_dir and not any(getattr(option, part, None) for part in PARTS)


class Ran:
    """What became of each named test, all its cases together."""

    def __init__(self, tests: Iterable[str]) -> None:
        self.outcomes: dict[str, set[str]] = {test: set() for test in tests}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        seen = self.outcomes.get(report.nodeid.partition("[")[0])
        if seen is None or (report.when != "call" and report.outcome == "passed"):
            return
        seen.add("excused" if report.outcome == "skipped" and EXCUSE in str(report.longrepr) else report.outcome)

    def unproved(self) -> list[str]:
        """Those of which no case passed, or one did not; but for what this machine cannot run."""
        return sorted(
            test for test, seen in self.outcomes.items() if seen - {"excused"} != {"passed"} and seen != {"excused"}
        )

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if exitstatus == pytest.ExitCode.OK and self.unproved():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any, exitstatus: int) -> None:
        # Of a run that somebody broke off there is nothing to say.
        for test in self.unproved() if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) else []:
            terminalreporter.write_line(f"docs/asvs.toml names a test that did not pass here: {test}", red=True)


def watch(config: pytest.Config) -> None:
    """In a worker of xdist there is nothing to ask: the one that gives out the work sees every report."""
    if not hasattr(config, "workerinput") and is_whole(config.option):
        config.pluginmanager.register(Ran(named()), "ran")
