"""What ``make audit`` makes of an answer of PyPI; nothing is asked here."""

from datetime import date, timedelta
from typing import Any

from tests.security.audit import KNOWN, findings, judged

TODAY = date(2026, 11, 26)
WEAK = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-0001"], "fix_versions": ["1.1"]}
PACKAGES: list[dict[str, Any]] = [
    {"name": "bread", "version": "1.0", "vulns": [WEAK]},
    {"name": "salt", "version": "2.0", "vulns": []},
]


def test_a_weakness_is_said_until_somebody_has_judged_it() -> None:
    assert findings(PACKAGES, {}, TODAY) == ["bread 1.0: PYSEC-2026-1 (mended in: 1.1)"]
    assert findings(PACKAGES, judged("# why\nCVE-2026-0001 2026-12-01 The part is not used here."), TODAY) == []


def test_a_judgement_is_made_again_after_its_day() -> None:
    known = judged("PYSEC-2026-1 2026-11-25 The part is not used here.")
    assert findings(PACKAGES, known, TODAY) == ["bread 1.0: PYSEC-2026-1 (mended in: 1.1)"]


def test_no_judgement_is_for_longer_than_thirty_days_from_when_it_is_read() -> None:
    today = date.today()
    days = judged(KNOWN.read_text(encoding="utf-8")).values()
    assert [day for day in days if day > today + timedelta(days=30)] == []
