"""What both desks do alike: every fault of several is named, and a copy that stays is counted."""

from __future__ import annotations

import pytest

from connectors.desks import Agents, check_each, probe, take_back_all_but_first
from tests.unit.wire import StoppedClock
from workflows.errors import Misconfigured, Refused
from workflows.ports import Copies


def test_all_that_is_wrong_is_named_at_once() -> None:
    def check(name: str) -> None:
        if name != "right":
            raise Misconfigured("snow", "check the names", f"{name} is unknown")

    with pytest.raises(Misconfigured, match=r"this is unknown.*that is unknown"):
        check_each("snow", ["this", "right", "that"], check)


def test_a_copy_that_cannot_be_deleted_is_counted_and_keeps_no_other() -> None:
    left = ["oldest", "kept", "gone"]

    def delete(name: str) -> None:
        if name == "kept":
            raise Refused("snow", "delete a copy", "no right")
        left.remove(name)

    assert take_back_all_but_first(tuple(left), delete) == Copies(found=2, removed=1)
    assert left == ["oldest", "kept"]


def test_a_write_without_copies_loses_nothing() -> None:
    assert take_back_all_but_first((), pytest.fail) == Copies()
    assert take_back_all_but_first(("one",), pytest.fail) == Copies()


def test_a_probe_names_the_settings_in_full() -> None:
    found = probe("snow", "ServiceNow", "tag", "the tag is there", "tag tables", lambda: "yes")
    assert found.keys == ("desks.snow.tag", "desks.snow.tables")
    assert found.action.endswith("create it in ServiceNow, or let the account read it")


def test_looks_that_succeed_elsewhere_take_back_no_refusals_of_a_project() -> None:
    def refused() -> bool:
        raise Refused("jira", "find out whether an account is an agent", "HTTP 403: No")

    agents = Agents("jira", StoppedClock())
    for number in range(2):
        with pytest.raises(Refused):
            agents.is_one("OPS", "ada", refused)
        assert agents.is_one("HELP", str(number), lambda: True)
    assert not agents.is_one("OPS", "ada", refused)
    assert agents.is_one("OPS", "bo", lambda: True)
    with pytest.raises(Refused):
        agents.is_one("OPS", "ada", refused)
