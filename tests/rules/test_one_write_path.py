"""One way to the table of occupied spans: no other module adds to it, changes it or takes from it."""

import ast
import re
from pathlib import Path

from app.config import ROOT

APP = ROOT / "app"
PATH = APP / "rooms" / "spans.py"
VERBS = {"insert", "update", "delete", "upsert", "bulk_insert_mappings", "bulk_save_objects"}
RAW = re.compile(r"\b(insert\s+into|update|delete\s+from)\s+\"?span\b", re.IGNORECASE)


def names_of_span(tree: ast.Module) -> set[str]:
    """What a module calls the model, be it under another name."""
    imported = [alias for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]
    return {"Span", *(alias.asname for alias in imported if alias.name == "Span" and alias.asname)}


def is_span(node: ast.expr, names: set[str]) -> bool:
    return (isinstance(node, ast.Name) and node.id in names) or (
        isinstance(node, ast.Attribute) and node.attr == "Span"
    )


def writes(source: str) -> list[int]:
    """The lines on which a module writes spans."""
    tree = ast.parse(source)
    names, found = names_of_span(tree), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            about = any(is_span(each, names) for each in node.args)
            if is_span(node.func, names) or (called in VERBS and about):
                found.append(node.lineno)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and RAW.search(node.value):
            found.append(node.lineno)
    return sorted(found)


def modules() -> list[Path]:
    return sorted(APP.rglob("*.py"))


def test_only_one_module_writes_spans() -> None:
    assert len(writes(PATH.read_text())) >= 3
    assert [str(path.relative_to(ROOT)) for path in modules() if path != PATH and writes(path.read_text())] == []


def test_every_way_to_write_is_seen() -> None:
    said = (
        "Span(id='x')",
        "models.Span(id='x')",
        "from app.rooms.models import Span as Taken\nTaken(id='x')",
        "db.session.execute(delete(Span).where(Span.id == 'x'))",
        "db.session.execute(update(Span).values(room_id='x'))",
        "insert(Span)",
        "text('DELETE FROM span')",
        "text('UPDATE span SET room_id = 1')",
    )
    assert [writes(one) for one in said if not writes(one)] == []
    assert writes("select(Span)\ntext('SELECT 1 FROM span')") == []
