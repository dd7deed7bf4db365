"""How much a test of faults does: a small share here and in continuous integration, the whole with ``SOAK=1``."""

import os
import random
from typing import TypeVar

T = TypeVar("T")
SOAK = os.environ.get("SOAK") == "1"


def scaled(share: T, whole: T) -> T:
    """The share of every run, or the whole."""
    return whole if SOAK else share


def chance() -> random.Random:
    """The chance of one test. Its seed is printed, so it is shown when the test fails; ``SEED=…`` brings it back."""
    seed = int(os.environ.get("SEED") or random.randrange(10**6))
    print(f"seed {seed}")
    return random.Random(seed)
