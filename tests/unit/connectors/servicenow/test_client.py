"""A record is the one that was asked for; a refusal keeps the product's words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.snow_instance import (
    ID,
    REF,
    Instance,
    cells,
    desk,
    instance,
    refusal,
    result,
)
from workflows.errors import FarSideError, Refused, Unexpected
from workflows.model import PlannedWrite

NOTE = PlannedWrite(key="c1.1.noted.update", operation="update", payload={"fields": {"work_notes": "x"}})


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        yield served


def test_a_record_other_than_the_requested_one_is_unexpected(snow: Instance) -> None:
    snow.on(f"GET /table/incident/{ID}", result(cells(sys_id="f" * 32)))
    with pytest.raises(Unexpected, match="another record"):
        desk(snow).read(REF)


def test_a_record_that_is_gone_is_refused(snow: Instance) -> None:
    gone = refusal(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
    snow.on(f"GET /table/incident/{ID}", gone)
    with pytest.raises(Refused, match="ACL restricts"):
        desk(snow).read(REF)


@pytest.mark.parametrize(
    "words",
    [
        "Operation against file 'incident' was aborted by Business Rule 'Guard^0123'. Business Rule Stack:Guard",
        "Data Policy Exception: The following fields are mandatory: Resolution code",
    ],
)
def test_the_products_words_reach_the_reader(snow: Instance, words: str) -> None:
    snow.on(f"PATCH /table/incident/{ID}", refusal(403, "Operation Failed", words))
    with pytest.raises(Refused) as caught:
        desk(snow).deliver(REF, NOTE)
    assert words in str(caught.value)
    assert caught.value.request_id == "t1"


@pytest.mark.parametrize("ref_id", ["incident/../sys_user", "incident/", "sys_user/" + ID, f"incident/{ID}/x", ID])
def test_only_a_ticket_can_be_addressed(snow: Instance, ref_id: str) -> None:
    made = desk(snow)
    with pytest.raises(FarSideError):
        made.read(REF.model_copy(update={"id": ref_id}))
    assert snow.wire.requests == []
