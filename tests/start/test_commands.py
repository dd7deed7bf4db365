"""The command line: the commands of CONTRACT 1, none of a later issue; what make says of a bare machine."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from app.config import ROOT
from tests.start.conftest import environ

FLASK_S_OWN = {"db", "routes", "run", "shell", "spec"}
COMMANDS = {"seed": {"demo", "load"}, "staff": {"create"}}


def test_the_commands_are_those_of_the_contract(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "flask", "--app", "app", "--help"]
    home = environ(tmp_path, INSTANCE_DIR=tmp_path / "instance")
    told = subprocess.run(asked, cwd=ROOT, env=home, capture_output=True, text=True, check=True).stdout
    assert listed(told) - FLASK_S_OWN == set(COMMANDS)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("group", COMMANDS)
def test_the_commands_of_a_group(app: Flask, group: str) -> None:
    assert listed(app.test_cli_runner().invoke(args=[group, "--help"]).output) == COMMANDS[group]


def listed(told: str) -> set[str]:
    return set(re.findall(r"^  (\w+)  ", told.partition("Commands:\n")[2], re.MULTILINE))


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("venv, ensurepip", "The venv module is missing: install the package python3-venv."),
        ("sys.version_info", "Python 3.11 or newer is needed."),
    ],
)
@pytest.mark.parametrize("target", ["run", "test"])
def test_what_a_bare_machine_lacks_is_named_in_one_line(tmp_path: Path, missing: str, said: str, target: str) -> None:
    """With a Python that fails when it is asked for this."""
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        shutil.copy2(ROOT / name, tmp_path / name)
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\ncase "$2" in *"{missing}"*) exit 1;; esac\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    asked = ["make", target, f"PYTHON={python}"]
    ended = subprocess.run(asked, cwd=tmp_path, env=environ(tmp_path), capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, f"{said}\n")
    assert [line for line in ended.stderr.splitlines() if not line.startswith("make")] == []
    assert not (tmp_path / ".venv").exists()
