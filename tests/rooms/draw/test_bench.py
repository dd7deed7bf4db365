"""What the benchmark of the draw says, to the figure: the same on every machine."""

import pytest

from bench import draw as bench


def test_half_a_year_of_fourteen_clubs(capsys: pytest.CaptureFixture[str]) -> None:
    found = bench.run(replays=10)
    assert found["rule"] == {
        "gini": 0.0339, "worst_losing_streak": 3, "fewest": 9.7, "most": 12, "used": 0.969,
    }  # fmt: skip
    assert found["first_come"] == {
        "gini": 0.2231, "worst_losing_streak": 11, "fewest": 5.1, "most": 19.8, "used": 0.974,
    }  # fmt: skip
    # Two halves that hide their split get nearly twice as much: what declaring it prevents, and what nobody can see.
    assert found["evenings_of_one_club"] == {"whole": 10.7, "split_declared": 11.9, "split_hidden": 20.7}
    with capsys.disabled():
        print("\nevenings of one club in 26 weeks:", found["evenings_of_one_club"])
