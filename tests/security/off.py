"""``make asvs``: takes one control away at a time, and looks whether the tests that prove it fail.

A switch (``off.toml``) writes other text over the lines that hold a control, in a copy of the house: so a test that
opens a browser, starts a server or reads the code meets the same loss. ``make asvs ARGS="csrf 6.2.4"`` takes away
these alone, by name or by requirement. Whether all of them pass with everything in place is for ``make test`` to say.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.config import ROOT

SWITCHES: dict[str, dict[str, list[str]]] = tomllib.loads(
    (ROOT / "tests" / "security" / "off.toml").read_text(encoding="utf-8")
)
COPIED = ("app", "docs", "migrations", "tests", "pyproject.toml")


def proofs(asked: Sequence[str] = ()) -> dict[tuple[str, str], list[str]]:
    """Which requirements each pair of switch and test proves."""
    found: dict[tuple[str, str], list[str]] = {}
    for item in tomllib.loads((ROOT / "docs" / "asvs.toml").read_text(encoding="utf-8"))["item"]:
        if "switch" in item and (not asked or item["id"] in asked or item["switch"] in asked):
            found.setdefault((item["switch"], item["test"]), []).append(item["id"])
    return found


def edited(switch: str, folder: Path = ROOT) -> dict[Path, str]:
    """The files of a switch as they read without its control. Each text that it replaces stands there once."""
    texts = {}
    for name, pairs in SWITCHES[switch].items():
        text = (folder / name).read_text(encoding="utf-8")
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            if text.count(old) != 1:
                raise LookupError(f"{switch}: {name} holds {text.count(old)} times {old!r}")
            text = text.replace(old, new)
        texts[folder / name] = text
    return texts


@contextmanager
def away(switch: str, folder: Path) -> Iterator[None]:
    """The control is gone from the copy in this folder, for a while."""
    before = {path: path.read_text(encoding="utf-8") for path in edited(switch, folder)}
    _write(edited(switch, folder))
    yield
    _write(before)


def _write(texts: dict[Path, str]) -> None:
    """With what Python compiled of them: two texts of one length, written in one second, are the same to it."""
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
            compiled.unlink()


def copy_of_the_house(folder: Path) -> None:
    for each in [*COPIED, *(path.name for path in ROOT.glob("*.md")), *(path.name for path in ROOT.glob("*.txt"))]:
        if (ROOT / each).is_dir():
            shutil.copytree(ROOT / each, folder / each, ignore=shutil.ignore_patterns("__pycache__", "pictures"))
        else:
            shutil.copy(ROOT / each, folder / each)


def notices(test: str, folder: Path) -> bool:
    """Does the test itself fail? One that cannot begin, or is skipped, has noticed nothing."""
    asked = [sys.executable, "-m", "pytest", "-x", "-n", "0", test]
    ended = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=False)
    last = ended.stdout.strip().rpartition("\n")[2]
    return ended.returncode == 1 and re.search(r"\b1 failed\b", last) is not None and "error" not in last


def main(asked: Sequence[str]) -> int:
    """One line for each; the number of tests that did not notice is the exit code."""
    unmoved = 0
    chosen = proofs(asked)
    with tempfile.TemporaryDirectory(prefix="pepiniere-off-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        copy_of_the_house(folder)
        for (switch, test), numbers in chosen.items():
            with away(switch, folder):
                noticed = notices(test, folder)
            unmoved += not noticed
            print(f"{'noticed' if noticed else 'NOT NOTICED'}  {switch:16} {test}  ({', '.join(numbers)})", flush=True)
    print(f"{len(chosen) - unmoved} of {len(chosen)} noticed.")
    return unmoved if chosen else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
