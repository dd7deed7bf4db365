"""What people take away, in one zip: a page, its sheet, data beside. It runs off the loop: no database, no request."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

# What the page in it looks like, in a browser without network.
SHEET = ("page.css", Path(__file__).resolve().parents[1] / "data" / "archive.css")
# A zip wants a moment for each file, and that of this machine is nobody's business.
LONG_AGO = (2020, 1, 1, 0, 0, 0)
IN_MEMORY = 8 * 1024 * 1024


def packed(files: Iterable[tuple[str, str | bytes | IO[bytes]]]) -> IO[bytes]:
    """A zip of files and of the sheet, open at its beginning; whoever sends it closes it, and what it was given."""
    name, sheet = SHEET
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 whoever sends it closes it
    with zipfile.ZipFile(file, "w") as pack:
        for each, content in ((name, sheet.read_bytes()), *files):
            if isinstance(content, str | bytes):
                pack.writestr(zipfile.ZipInfo(each, LONG_AGO), content, zipfile.ZIP_DEFLATED)
            else:
                _copy(content, pack, zipfile.ZipInfo(each, LONG_AGO))
    file.seek(0)
    return file


def _copy(content: IO[bytes], pack: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    entry.compress_type = zipfile.ZIP_DEFLATED
    with pack.open(entry, "w", force_zip64=True) as target:
        shutil.copyfileobj(content, target)
