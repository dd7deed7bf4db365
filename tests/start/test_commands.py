"""The command line: the commands of CONTRACT 1, none of a later issue; what make says of a bare machine."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from app.config import ROOT
from app.core.clockwork import clock_state
from app.core.db import db
from tests.start.conftest import environ
from tests.support import databases
from tests.support.process import Server
from tests.support.waiting import wait_for

FLASK_S_OWN = {"db", "routes", "run", "shell", "spec"}
COMMANDS = {"seed": {"demo", "load"}, "staff": {"create", "reset"}, "token": {"create"}, "draw": {"verify"}}
ALONE = {"purge", "worker"}


def test_the_commands_are_those_of_the_contract(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "flask", "--app", "app", "--help"]
    home = environ(tmp_path, INSTANCE_DIR=tmp_path / "instance")
    told = subprocess.run(asked, cwd=ROOT, env=home, capture_output=True, text=True, check=True).stdout
    assert listed(told) - FLASK_S_OWN == {*COMMANDS, *ALONE}


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("group", COMMANDS)
def test_the_commands_of_a_group(app: Flask, group: str) -> None:
    assert listed(app.test_cli_runner().invoke(args=[group, "--help"]).output) == COMMANDS[group]


def test_the_worker_runs_what_is_due_until_it_is_told_to_end(tmp_path: Path) -> None:
    server = Server(databases.new_database("sqlite"))
    asked = [sys.executable, "-m", "flask", "--app", "app", "worker"]
    process = subprocess.Popen(asked, cwd=ROOT, env=server.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def clock_runs() -> bool:
        assert process.poll() is None
        db.session.remove()
        return any(one.ran_at for one in clock_state())

    with server.app.app_context():
        wait_for(clock_runs, "the clock runs")
    process.terminate()
    told = process.communicate(timeout=30)
    databases.close(server.app)
    assert (process.returncode, told) == (0, (b"", b""))


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
    for name in ("Makefile", "requirements.txt", "requirements-scale.txt", "requirements-dev.txt"):
        shutil.copy2(ROOT / name, tmp_path / name)
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\ncase "$2" in *"{missing}"*) exit 1;; esac\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    asked = ["make", target, f"PYTHON={python}"]
    ended = subprocess.run(asked, cwd=tmp_path, env=environ(tmp_path), capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, f"{said}\n")
    assert [line for line in ended.stderr.splitlines() if not line.startswith("make")] == []
    assert not (tmp_path / ".venv").exists()
