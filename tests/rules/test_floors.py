"""The shape of the house: imports go downward, files stay small, every form is protected, nothing is switched off."""

import ast
import re
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from app.config import ROOT

TEMPLATES = sorted((ROOT / "app" / "templates").rglob("*.html"))
PYTHON = sorted((ROOT / "app").rglob("*.py"))


def test_imports_go_downward_only(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports() == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_files_stay_small() -> None:
    assert len(PYTHON) > 50
    assert [path.name for path in PYTHON if len(path.read_text().splitlines()) > 400] == []


def test_every_package_says_what_it_is() -> None:
    packages = [path for path in PYTHON if path.name == "__init__.py"]
    assert [str(path) for path in packages if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_every_public_action_says_its_rule() -> None:
    actions = [
        (path.parent.name, node)
        for path in PYTHON
        if path.name == "actions.py"
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and [arg.arg for arg in node.args.args][:1] == ["actor"]
    ]
    assert len(actions) >= 25
    silent = [
        f"{package}.{node.name}"
        for package, node in actions
        if not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "app" / "templates")))
def test_a_template_keeps_the_rules(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    assert len(text.splitlines()) <= 120
    wrong = {
        "|safe": r"\|\s*safe\b",
        "style attribute": r"<[^>]*\sstyle\s*=",
        "handler": r"<[^>]*\son[a-z]+\s*=",
        "inline script": r"<script(?![^>]*\bsrc=)",
        "style sheet": r"<style\b",
        "outside address": r"(?:href|src|action)\s*=\s*[\"'](?:https?:)?//",
        "autoescape off": r"autoescape\s+false",
    }
    assert [name for name, pattern in wrong.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "app" / "templates")))
def test_every_form_that_posts_has_its_token(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    forms = re.findall(r"<form\b[^>]*method=[\"']post[\"'][^>]*>(.*?)</form>", text, flags=re.S | re.I)
    assert [form for form in forms if "csrf" not in form] == []


def test_no_check_is_switched_off_in_actions_policies_and_queries() -> None:
    files = [path for path in PYTHON if path.name in ("actions.py", "policy.py")]
    assert len(files) >= 8
    assert [str(path) for path in files if "type: ignore" in path.read_text()] == []
