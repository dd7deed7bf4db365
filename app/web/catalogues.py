"""Compile the translations that are older than their source. ``python -m app.web.catalogues``."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parent.parent / "translations"


def compile_catalogues(folder: Path = FOLDER) -> int:
    """Write each ``.mo`` whose ``.po`` is newer; returns how many."""
    written = 0
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as po, target.open("wb") as mo:
            write_mo(mo, read_po(po, locale=source.parent.parent.name))
        written += 1
    return written


if __name__ == "__main__":
    compile_catalogues()
