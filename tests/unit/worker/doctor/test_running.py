"""Checks run side by side; what hangs, fails or breaks is one line and keeps no other from its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import structlog

from worker.doctor.checks import Check, Result, Seen, Status
from worker.doctor.command import lines_of
from worker.doctor.hearing import listen
from worker.doctor.running import Running
from worker.errors import OperatorError
from workflows.errors import Checklist, Misconfigured, NotAllowed, Refused, Transient
from workflows.ports import NothingToSeeError


def check(id: str, look: Callable[[], Seen | str] = lambda: "fine", **how: object) -> Check:
    return Check(id, f"whether {id}", f"mend `{id}`", look, **how)  # type: ignore[arg-type]


def raising(error: Exception) -> Callable[[], str]:
    def look() -> str:
        raise error

    return look


def outcome(*checks: Check, within: float = 5.0) -> dict[str, tuple[str, str, str]]:
    return {item.id: (item.status.value, item.seen, item.action) for item in Running(checks, within).results()}


def test_results_come_in_the_order_of_the_checks_and_only_faults_have_an_action() -> None:
    found = Running([check("b"), check("a", lambda: Seen(Status.WARN, "odd"))]).results()
    assert [("b", "ok", ""), ("a", "warn", "mend `a`")] == [(item.id, item.status, item.action) for item in found]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Misconfigured("jira", "look", "no such name"), "fail"),
        (NotAllowed("jira", "look", "HTTP 403", "; grant it"), "fail"),
        (Refused("jira", "look", "HTTP 404"), "fail"),
        (OperatorError("store.url: wrong"), "fail"),
        (Transient("jira", "look", "HTTP 503"), "unknown"),
        (NothingToSeeError("there is no ticket"), "unknown"),
        (ZeroDivisionError("a bug"), "fail"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_a_look_raises_is_its_result(error: Exception, status: str) -> None:
    assert status == outcome(check("it", raising(error), system="jira"))["it"][0]


def test_of_many_faults_each_is_told_whole() -> None:
    faults = Checklist("jira")
    for number in range(20):
        with faults.noting():
            raise Misconfigured("jira", "look", f"key{number}: {'long ' * 30}")
    with pytest.raises(Misconfigured) as raised:
        faults.end()
    seen = outcome(check("it", raising(raised.value), system="jira"))["it"][1]
    assert all(f"key{number}: long" in seen for number in range(20))
    assert "…" not in seen


def test_addresses_are_masked_but_those_that_may_be_shown() -> None:
    said = check("it", lambda: "found 'robin@example.com' for jane@example.com")
    (found,) = Running([said], own=frozenset({"robin@example.com"})).results()
    assert "found 'robin@example.com' for j••••••••••••••m" == found.seen


def test_faults_in_several_lines_stay_apart() -> None:
    assert "It cannot be used: one; two" == outcome(check("it", lambda: "It cannot be used:\n  one\n  two"))["it"][1]


def test_a_fault_of_what_is_not_needed_is_a_warning_and_serves_nobody() -> None:
    denied = check("logs", raising(Misconfigured("okta", "look", "denied")), needed=False)
    found = outcome(denied, check("agents", needs=("logs",)))
    assert ("warn", "unknown") == (found["logs"][0], found["agents"][0])
    assert found["agents"][1].endswith("because of logs")


def test_what_needs_a_fault_is_not_looked_at_and_what_comes_after_it_is() -> None:
    broken = check("first", raising(Misconfigured("okta", "look", "wrong")))
    found = outcome(check("second", needs=("first",)), check("third", after=("first",)), broken)
    assert ("unknown", "ok") == (found["second"][0], found["third"][0])


def test_what_hangs_is_told_at_the_deadline_and_the_others_have_their_own_results() -> None:
    release = threading.Event()
    hangs, slow = (check(id, lambda: str(release.wait(30)), vital=id == "hangs") for id in ("hangs", "is_slow"))
    found = outcome(hangs, slow, check("waits", needs=("hangs",)), check("is_fine"), within=0.3)
    release.set()
    statuses = {id: item[0] for id, item in found.items()}
    assert {"hangs": "fail", "is_slow": "warn", "waits": "unknown", "is_fine": "ok"} == statuses
    assert found["hangs"][1] == "no answer within 0.3 s"
    assert "--only is_slow" in found["is_slow"][2]


def test_a_product_is_asked_by_few_at_once() -> None:
    asked, most, lock = [0], [0], threading.Lock()
    gate = threading.Barrier(6)

    def look() -> str:
        with lock:
            asked[0] += 1
            most[0] = max(most[0], asked[0])
        gate.wait(5)
        with lock:
            asked[0] -= 1
        return "fine"

    outcome(*(check(f"c{number}", look, system="okta") for number in range(12)))
    assert 6 == most[0]


def test_what_the_code_of_a_check_warns_of_is_its_warning_alone() -> None:
    listen()

    def warns() -> str:
        structlog.get_logger("a").warning("something odd", system="jira", text="nobody gets hand-overs")
        return "fine"

    def cannot_tell() -> str:
        structlog.get_logger("a").info("columns are not checked", why="no records")
        return "fine"

    found = outcome(check("warns", warns), check("tells", cannot_tell), check("is_fine"))
    assert {"warns": "warn", "tells": "unknown", "is_fine": "ok"} == {id: item[0] for id, item in found.items()}
    assert "nobody gets hand-overs" == found["warns"][1]


def test_what_is_seen_holds_no_address_and_no_secret() -> None:
    text = "jane.doe@example.com has token=Zm9vYmFyYmF6cXV4MTIzNDU2"
    seen = outcome(check("it", lambda: text))["it"][1]
    assert "jane.doe" not in seen
    assert "Zm9vYmFy" not in seen


def test_what_a_fault_stands_in_the_way_of_is_one_line() -> None:
    results = [
        Result("store", Status.UNKNOWN, "the store", "not made yet", "make it"),
        Result("store.stops", Status.UNKNOWN, "the stops", "", "", behind="store"),
        Result("store.claims", Status.UNKNOWN, "the claims", "", "", behind="store.stops"),
    ]
    told = [" ".join(line.split()) for line in lines_of(results)]
    assert "? store stands in the way of: store.stops, store.claims" in told
