"""An intent becomes as few writes as possible: what is already so is left unchanged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.servicenow.writing.planning import texts_of
from tests.unit.builders import ticket
from tests.unit.snow_instance import REF, Instance, desk, instance
from workflows.model import Intent, Move, Person, PlannedWrite


@pytest.fixture
def snow() -> Iterator[Instance]:
    with instance() as served:
        yield served


def test_a_ticket_that_a_person_holds_needs_no_release(snow: Instance) -> None:
    person = Person(id="9" * 32, login="robin")
    seen = ticket(ref=REF, context={"table": "incident"}, assignee=person)
    assert desk(snow).plan(seen, Intent(key="c1.1.released", move=Move.RELEASED)) == ()


def test_the_texts_of_an_update_are_told_with_who_sees_them() -> None:
    fields = {"state": "6", "work_notes": "Done", "comments": "Hello"}
    write = PlannedWrite(key="k.update", operation="update", payload={"fields": fields})
    assert (("internal", "Done"), ("public", "Hello")) == texts_of(write)


def test_a_file_has_no_text() -> None:
    assert () == texts_of(PlannedWrite(key="k.file1", operation="attach", payload={"name": "a.json"}))
