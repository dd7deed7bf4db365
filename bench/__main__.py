"""``make bench``: every benchmark on every engine, into ``bench/results/*.json`` and a table on the screen.

Names, engines and ``--short`` choose: ``make bench ARGS="live sqlite --short"``.
"""

import importlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench import places
from bench.places import ENGINES, a_run, machine

HERE = Path(__file__).resolve().parent
# Name, and whether it needs a database.
KNOWN = {"claims": True, "week": True, "draw": False, "live": True, "pages": True}


def main(asked: Sequence[str]) -> int:
    places.short = "--short" in asked
    names, engines = ([one for one in asked if one in known] for known in (KNOWN, ENGINES))
    unknown = [one for one in asked if one not in (*names, *engines, "--short")]
    if unknown:
        print(f"unknown: {', '.join(unknown)}. There are: {', '.join((*KNOWN, *ENGINES))}, --short.")
        return 2
    with a_run():
        for name in names or KNOWN:
            for engine in (engines or ENGINES) if KNOWN[name] else ("",):
                _report(name, engine)
    return 0


def _report(name: str, engine: str) -> None:
    bench = importlib.import_module(f"bench.{name}")
    found: dict[str, Any] = {"benchmark": name, "machine": machine()}
    found |= {"engine": engine, **bench.run(engine)} if engine else bench.run()
    path = HERE / "results" / f"{'-'.join(filter(None, (name, engine)))}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\n{name} {engine}".rstrip())
    for label, value in _flat(found):
        print(f"  {label:<32}{value}")


def _flat(values: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for label, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{label} · ")
        elif not before.startswith("machine"):
            yield f"{before}{label}", value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
