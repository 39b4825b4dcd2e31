"""How much of the texts of the tree is helped before any question, and how little goes wrong: neither may get worse."""

from __future__ import annotations

import pytest

from tests.reading.score import End, World, totals
from tests.reading.texts import all_texts

LEAST_HELPED = 0.80  # where the copy is ahead
MOST_WRONG = 0.005  # of all arrangements
MOST_CONFIRMED = 0.30  # of what is helped


@pytest.mark.long
def test_the_texts_of_the_tree_are_helped_and_read_as_well_as_before() -> None:
    number, counts, _ = totals(all_texts())
    ahead = counts[World.AHEAD]
    helped = ahead[End.SERVED] + ahead[End.CONFIRM]
    assert helped / number >= LEAST_HELPED
    assert ahead[End.CONFIRM] / helped <= MOST_CONFIRMED
    assert sum(found[End.WRONG] for found in counts.values()) / (number * len(World)) <= MOST_WRONG
