"""Every part of every answer replaced by a value of another type: understood, or refused with an error of ours.

An answer of another shape must never look like our defect, nor leave a half-read ticket. Only the first item of a list
is replaced, as all have the same shape.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from connectors.sandbox.okta.events import USER_UPDATED, user_target
from connectors.sandbox.wire.frame import Fault
from tests.contract.operations import OPERATIONS, Operation, Prepared
from tests.contract.places import PATIENCE, Stage
from workflows.errors import FarSideError

pytestmark = pytest.mark.long

ODD: tuple[Any, ...] = (None, 7, "odd", [], [7], {"odd": 1})
READS = [operation for operation in OPERATIONS if operation.kind != "write"]
WRITES = [operation for operation in OPERATIONS if operation.kind == "write"]


def odd(operation: Operation, node: int, value: Any) -> Fault:
    return Fault(
        id="odd",
        product=operation.product,
        kind="mutate",
        mutation="replace",
        node=node,
        value=value,
        method=operation.method,
        path=re.compile(operation.path),
    )


def nodes_met(cloud: Stage, prepared: Prepared, fault: Fault) -> int:
    """Do the operation once with the fault; let anything but our own errors propagate."""
    cloud.sandbox.frame.faults[:] = [fault]
    try:
        prepared.act()
    except FarSideError as error:
        assert error.detail
    finally:
        cloud.sandbox.frame.faults.clear()
    return fault.nodes


@pytest.fixture(autouse=True)
def told_of(cloud: Stage) -> None:
    """Add a System Log event about the operations' user."""
    user = cloud.sandbox.okta.people[cloud.sandbox.world.members[0].user_id]
    cloud.sandbox.okta.log.write(
        cloud.time.now(), USER_UPDATED, [user_target(user)], debug={"changedAttributes": "title"}
    )
    cloud.time.skip(minutes=2)


@pytest.mark.parametrize("operation", READS, ids=lambda operation: operation.name)
def test_an_odd_answer_is_understood_or_refused(operation: Operation, cloud: Stage) -> None:
    node, nodes = 0, 1
    while node < nodes:
        for value in ODD:
            prepared = operation.prepare(cloud, PATIENCE)
            nodes = nodes_met(cloud, prepared, odd(operation, node, value))
            cloud.time.skip(minutes=6)  # to stay far from rate limits, and because who is an agent is held for a while
        node += 1
    assert nodes > 1, "the operation's answer never came by"


@pytest.mark.parametrize("operation", WRITES, ids=lambda operation: operation.name)
def test_an_odd_echo_doubles_nothing(operation: Operation, cloud: Stage) -> None:
    node, nodes = 0, 0
    while node <= nodes:
        prepared = operation.prepare(cloud, PATIENCE)
        nodes = nodes_met(cloud, prepared, odd(operation, node, ODD[node % len(ODD)]))
        node += 1
        cloud.time.skip(minutes=2)
        prepared.again()
        assert prepared.standing() <= 1
