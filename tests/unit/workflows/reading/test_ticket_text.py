"""The ticket texts of tests/tickets, by many hands: nothing is read that a careful person would not read.

Reading less only leads to a question, so a share of that is allowed.
"""

from __future__ import annotations

import pytest

from tests.tickets.reading import Score, Told, all_texts, score

TEXTS = all_texts()
MOST_ASKED = 0.16  # of the texts: how many may be asked about although a careful person would not have to


@pytest.mark.parametrize("told", TEXTS, ids=[f"{told.theme}: {told.name}" for told in TEXTS])
def test_nobody_and_nothing_is_taken_that_the_ticket_does_not_say(told: Told) -> None:
    outcome, seen = score(told)
    assert outcome in {Score.RIGHT, Score.ASKS}, seen


def test_few_texts_are_asked_about_again() -> None:
    asked = [f"{told.theme}: {told.name}" for told in TEXTS if score(told)[0] is Score.ASKS]
    assert len(asked) <= MOST_ASKED * len(TEXTS), "\n".join([f"{len(asked)} of {len(TEXTS)}", *asked])
