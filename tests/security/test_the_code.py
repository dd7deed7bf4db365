"""What the application never does, read in its own code and on its own pages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.config import ROOT
from tests.support.cast import Cast

SOURCES = sorted((ROOT / "app").rglob("*.py"))
# Modules that run text or other programs, read XML, or guess badly.
NEVER = {
    "subprocess", "pickle", "marshal", "shelve", "pty", "code", "codeop", "imp", "yaml", "xml", "lxml", "xmlrpc",
    "random", "urllib.request", "requests", "httpx", "aiohttp", "urllib3", "telnetlib", "ftplib",
}  # fmt: skip
CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "os.system",
    "os.popen",
    "render_template_string",
    "hashlib.md5",
    "hashlib.sha1",
}
# How long one waits before trying again, which decides nothing; names drawn by the system's own chance.
ALLOWED = {(f"app/{path}.py", "random") for path in ("core/bus", "core/db", "serving", "clubs/founding/plants")}
# A feed is written, by a library that is unsafe only where it reads what a stranger sent.
WRITTEN = {
    ("app/meetings/calendars/atom.py", f"xml.etree.ElementTree{name}")
    for name in ("", ".Element", ".SubElement", ".tostring")
}
# A part of our own, which reads files that strangers send: started by three words that never change.
OUR_OWN = {("app/houses/shelf/washing.py", "subprocess")}
OUR_COMMAND = "[sys.executable, '-m', 'app.houses.shelf.wash']"

SQL = ("text", "exec_driver_sql", "literal_column")


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in SOURCES:
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_application_runs_no_text_and_no_other_program() -> None:
    assert len(SOURCES) > 200
    found = [
        (path, name)
        for path, tree in trees()
        for name in imported(tree)
        if (name in NEVER or name.partition(".")[0] in NEVER) and (path, name) not in ALLOWED | WRITTEN | OUR_OWN
    ]
    called = [
        (path, ast.unparse(node.func))
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS
    ]
    assert (found, called) == ([], [])


def test_what_it_starts_of_its_own_is_told_no_text_and_no_secret() -> None:
    ((path, module),) = OUR_OWN
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and f"{module}." in ast.unparse(node.func)]
    told = [
        (
            ast.unparse(call.func),
            ast.unparse(call.args[0]),
            {each.arg: ast.unparse(each.value) for each in call.keywords},
        )
        for call in calls
    ]
    given = {
        "input": "data", "capture_output": "True", "cwd": "ROOT", "env": "{}", "timeout": "SECONDS", "check": "False",
    }  # fmt: skip
    assert told == [("subprocess.run", OUR_COMMAND, given)]


def test_no_weak_hash_is_used() -> None:
    """One block of AES, always of the same length, names the slots: see ``docs/asvs.toml``, 11.3.1."""
    weak = re.compile(r"\b(md5|sha1|SHA1|MD5|DES|RC4|ECB)\b")
    assert [path.name for path in SOURCES if weak.search(path.read_text(encoding="utf-8"))] == ["slot_ids.py"]


def test_no_statement_is_glued_together() -> None:
    """No f-string, no ``%``, no ``+`` and no ``format`` makes the text of a statement."""
    glued = []
    for path, tree in trees():
        for node in ast.walk(tree):
            named = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
            if path != "app/config.py" and named in SQL and isinstance(node, ast.Call) and node.args:
                given = node.args[0]
                parts = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
                if not all(isinstance(part, ast.Constant) for part in parts):
                    glued.append((path, ast.unparse(node)))
    assert glued == []


def test_chance_comes_from_the_system() -> None:
    from app.core import ids

    assert len({ids.new_secret() for _ in range(1000)}) == 1000
    assert min(len(ids.new_secret()) for _ in range(100)) >= 43
    assert {path for path, tree in trees() if "random" in imported(tree)} == {path for path, _name in ALLOWED}
    plants = (ROOT / "app/clubs/founding/plants.py").read_text(encoding="utf-8")
    assert re.findall(r"random\.\w+", plants) == ["random.SystemRandom"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_password_is_hidden_may_be_pasted_and_is_kept_by_helpers(visitor: Any, client_of: Any, cast: Cast) -> None:
    fields = [
        element.attrib
        for page in (visitor.get("/sign-in").page, client_of(cast.amina).get("/account/password").page)
        for element in page.all(".//input")
        if element.get("name") in ("password", "current", "new", "new_password")
    ]
    assert len(fields) >= 2
    assert {field["type"] for field in fields} == {"password"}
    assert {field.get("autocomplete") for field in fields} <= {"current-password", "new-password"}
    scripts = "".join(path.read_text(encoding="utf-8") for path in Path(ROOT / "app/static/js").rglob("*.js"))
    assert "onpaste" not in scripts
    assert "addEventListener('paste'" not in scripts


def test_no_secret_question_is_asked() -> None:
    """Nothing is stored by which somebody would answer for a person."""
    from app.accounts.models import Account

    assert not [column.name for column in Account.__table__.columns if re.search(r"question|hint|answer", column.name)]
