"""The time limits of calls."""

from __future__ import annotations

from connectors.http.governance import Timeouts
from workflows.model.writes import CALL_LASTS


def test_a_call_that_changes_something_is_over_when_the_core_sends_it_again() -> None:
    patient, quick = Timeouts(5.0, 70.0), Timeouts(1.0, 2.0)
    assert CALL_LASTS.total_seconds() == sum(patient.of_a_write())
    assert quick == quick.of_a_write()
