"""An order that waits for a process says so where none runs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker import wiring
from worker.cases.choosing import Wanted
from worker.cases.orders import Given, ordered
from workflows.model import Act, Sighting, TicketRef


@pytest.mark.parametrize("works", [True, False])
def test_a_retry_tells_where_no_process_runs(works: bool, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = Given(Act.RETRY, "robin", "the mapping is mended")
    with wiring.opened_store(config) as store:
        store.open_case(Sighting(ref=TicketRef(desk="jira", id="1", key="SUP-1"), stamp="1"), datetime.now(UTC))
        if works:
            store.enter("host", 1, 600.0)
        capsys.readouterr()
        code = ordered(config, given, "SUP-1", Wanted(open_only=True), limit=None, yes=False)
        store.leave()
    told = capsys.readouterr()
    assert 0 == code
    assert told.out.endswith("(SUP-1) is looked at again by the next free worker\n")
    nobody = "no process is running: start `forcesync run`, or a scheduler and a worker; nothing more happens before"
    assert ("" if works else f"forcesync: {nobody}\n") == told.err
