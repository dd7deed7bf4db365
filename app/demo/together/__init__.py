"""What clubs of the demo plan together: their files, told by the verbs that their members use, on the day itself."""

import tomllib
from collections.abc import Callable
from pathlib import Path

from app.demo.together.clubs import ClubPlans

FOLDER = Path(__file__).parent


def load_together(account_of: Callable[[str], str]) -> None:
    """Tell the files into the database, once every club is there: what is free is known then."""
    for path in sorted(FOLDER.glob("*.toml")):
        ClubPlans(path.stem, account_of).tell(tomllib.loads(path.read_text(encoding="utf-8")))
