"""Every ticket text of tests/tickets in four worlds: nobody is served by what the ticket does not ask for."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.tickets.outcomes import End, World, end
from tests.tickets.reading import all_texts, everyday_texts

TEXTS = [*all_texts(), *everyday_texts()]
LEAST_SERVED = 0.77  # of the texts that say whose profile is meant and what: helped without a question


@pytest.mark.parametrize("theme", sorted({told.theme for told in TEXTS}))
def test_no_text_is_served_by_what_it_does_not_ask_for(theme: str) -> None:
    ends = {(told.name, world): end(told, world) for told in TEXTS if told.theme == theme for world in World}
    assert {} == {place: verdicts for place, (reached, verdicts) in ends.items() if reached is End.WRONG}


def test_most_texts_that_a_sync_helps_are_helped_without_a_question() -> None:
    clear = [told for told in TEXTS if all(meant.who != "unclear" and meant.wants for meant in told.meant)]
    ends = Counter(end(told, World.AHEAD)[0] for told in clear)
    assert ends[End.SERVED] >= LEAST_SERVED * len(clear), ends
