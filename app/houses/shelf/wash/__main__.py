"""A file comes in; out comes one line of JSON, and the new file behind it."""

import json
import resource
import sys
from contextlib import suppress

from app.houses.shelf.wash.kinds import Refused, kind_of
from app.houses.shelf.wash.pdf import new_pdf
from app.houses.shelf.wash.pictures import new_picture

MEMORY, SECONDS = 1024**3, 15
LIMITS = {
    resource.RLIMIT_AS: MEMORY,
    resource.RLIMIT_CPU: SECONDS,
    # It writes no file, not even what is left of it when it breaks.
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}


def main() -> None:
    """Whatever breaks a reader is a file that it cannot read."""
    for limit, most in LIMITS.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))
    told, made = _washed(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + made)


def _washed(data: bytes) -> tuple[dict[str, object], bytes]:
    kind = kind_of(data)
    try:
        if kind == "pdf":
            made, pages = new_pdf(data)
        elif kind:
            made, pages = new_picture(data, kind), 1
        else:
            raise Refused("kind")
    except Refused as refused:
        return {"refused": str(refused)}, b""
    except MemoryError:
        return {"refused": "heavy"}, b""
    except Exception:
        return {"refused": "broken"}, b""
    return {"kind": kind, "pages": pages}, made


main()
