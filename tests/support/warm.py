"""What a process of a race has read before it starts: the application and the tools of the tests, with nothing open."""

import importlib

import pytest  # noqa: F401

from app.config import ROOT
from app.factory import DOORS
from tests.support import cast, clients, process, sockets  # noqa: F401

for _path in sorted((ROOT / "app").rglob("*.py")):
    if _path.stem in DOORS:
        importlib.import_module(".".join(_path.relative_to(ROOT).with_suffix("").parts))
