"""A write whose own proof is lost, cancelled or refused by something in front is looked for, and stands once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from connectors.sandbox.servicenow.quirks import Kind
from connectors.sandbox.wire.frame import Fault
from tests.contract.operations import PLACE
from tests.contract.places import Stage, note
from workflows.errors import Uncertain
from workflows.model import Intent, PlannedWrite, TicketRef
from workflows.ports import TicketDesk

INCIDENT, SERVICE_DESK = PLACE["incident"], PLACE["cloud-service-desk"]


def planned(desk: TicketDesk, ref: TicketRef, key: str) -> PlannedWrite:
    """Plan a public comment."""
    (write,) = desk.plan(desk.read(ref), Intent(key=key, public=note("It came right.")))
    return write


def told(cloud: Stage, ref: TicketRef) -> int:
    """Return how many public comments the worker has on an issue or incident."""
    place = INCIDENT if "/" in ref.id else SERVICE_DESK
    return sum(item["by_worker"] and item["visibility"] == "public" for item in cloud.shown(place, ref)["comments"])


@pytest.fixture
def shy(cloud: Stage) -> Iterator[Stage]:
    """Return a site whose answer to a new comment lacks its properties."""
    habits = cloud.sandbox.jira.state.habits
    habits.hides_new_properties = True
    yield cloud
    habits.hides_new_properties = False
    cloud.sandbox.frame.faults.clear()


def test_a_marker_that_the_answer_lacks_is_read_by_its_own_call(shy: Stage) -> None:
    desk, ref = shy.desk(SERVICE_DESK), shy.file(SERVICE_DESK)
    write = planned(desk, ref, shy.key())
    receipt = desk.deliver(ref, write)
    found = desk.find(ref, write)
    assert (1, receipt.id) == (told(shy, ref), found and found.id)


@pytest.mark.parametrize("body", [None, ""], ids=["foreign", "empty"])
def test_a_gateways_404_for_the_marker_takes_no_comment_back(shy: Stage, body: str | None) -> None:
    desk, ref = shy.desk(SERVICE_DESK), shy.file(SERVICE_DESK)
    write = planned(desk, ref, shy.key())
    path = re.compile(r"/comment/\d+/properties/")
    shy.sandbox.frame.faults[:] = [Fault("gateway", "jira", "gateway", path=path, status=404, times=2, body=body)]
    with pytest.raises(Uncertain, match="could not be verified: HTTP 404"):
        desk.deliver(ref, write)
    assert told(shy, ref) == 1
    assert desk.find(ref, write)


@pytest.mark.parametrize("kind", ["cancelled", "cancelled_error_first", "cancelled_text"])
def test_a_cancelled_write_says_so_in_servicenows_words_and_is_found(cloud: Stage, kind: Kind) -> None:
    desk, ref = cloud.desk(INCIDENT), cloud.file(INCIDENT)
    write = planned(desk, ref, cloud.key())
    cloud.sandbox.servicenow.state.quirks.plan(kind, method="PATCH")
    with pytest.raises(Uncertain, match="ServiceNow cancelled it: Transaction cancelled: maximum execution time"):
        desk.deliver(ref, write)
    assert (1, True) == (told(cloud, ref), desk.find(ref, write) is not None)
