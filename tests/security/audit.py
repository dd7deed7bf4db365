"""``make audit``: what PyPI knows of the versions that are installed. What does not touch us stands in ``known.txt``.

0 when nothing is known, or when PyPI is away (it says so): what a network does is no fault of the house. 1 for a
weakness that nobody has judged, and for a judgement whose day is over.
"""

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

KNOWN = Path(__file__).with_name("known.txt")


def judged(text: str) -> dict[str, date]:
    """Weaknesses that are known not to touch us, each with the day to look at it again: ``ID DAY why``, one a line."""
    rows = [line.split(maxsplit=2) for line in text.splitlines() if line and not line.startswith("#")]
    return {number: date.fromisoformat(day) for number, day, _why in rows}


def findings(packages: list[dict[str, Any]], known: dict[str, date], today: date) -> list[str]:
    """What is left to do, a line for each weakness."""
    found = []
    for package in packages:
        for weak in package.get("vulns", []):
            names = {weak["id"], *weak.get("aliases", [])}
            if not any(name in known and known[name] >= today for name in names):
                better = ", ".join(weak.get("fix_versions", [])) or "none yet"
                found.append(f"{package['name']} {package['version']}: {weak['id']} (mended in: {better})")
    return found


def ask() -> list[dict[str, Any]]:
    """Each package with what is known of it; those that PyPI said nothing of are left out."""
    asked = [sys.executable, "-m", "pip_audit", "--local", "--progress-spinner", "off", "--format", "json"]
    ended = subprocess.run(asked, capture_output=True, text=True, check=False)
    try:
        told: list[dict[str, Any]] = json.loads(ended.stdout)["dependencies"]
    except (ValueError, KeyError):
        return []
    return [package for package in told if "skip_reason" not in package]


def main() -> int:
    packages = ask()
    if not packages:
        print("PyPI did not answer: nothing was compared. Try again later.")
        return 0
    found = findings(packages, judged(KNOWN.read_text(encoding="utf-8")), datetime.now(UTC).date())
    print(*found, f"{len(packages)} packages were compared.", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
