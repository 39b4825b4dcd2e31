"""The judge of a chaos run sees what is lost, wrong, doubled or superfluous, in the control server's state alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from tests.e2e.world import World
from tests.recovery.judging import Report, expected, judge, unfinished

CLAIM, ANSWER = "is working on it", "holds the expected value"
TO_DONE = {"field": "status", "from": "In Progress", "to": "Done"}


def comment(body: str, *, by_worker: bool = True) -> dict[str, Any]:
    return {"body": body, "by_worker": by_worker, "visibility": "internal"}


def shown(**changes: Any) -> dict[str, Any]:
    """Return a ticket that was resolved as its scenario means it to be."""
    ticket = {
        "key": "SUP-1",
        "kind": "stale_in_okta",
        "status": "Done",
        "status_category": "done",
        "resolution": "Done",
        "assignee": None,
        "comments": [comment(CLAIM), comment(ANSWER)],
        "attachments": [],
        "history": [TO_DONE, TO_DONE | {"field": "resolution", "from": ""}],
    }
    return ticket | changes


def judged(ticket: dict[str, Any], *rules: str) -> Report:
    report = Report(tickets=1)
    violations = [{"rule": rule, "detail": "SUP-1"} for rule in rules]
    judge({"tickets": [ticket], "violations": violations, "faults_hit": 3}, report)
    return report


def test_a_ticket_as_it_should_be_passes() -> None:
    report = judged(shown())
    assert report.passed
    assert 3 == report.faults


def test_a_ticket_that_nobody_ended_is_lost_and_one_that_ended_otherwise_is_wrong() -> None:
    lost = judged(shown(status="In Progress", status_category="in_progress", resolution=None))
    assert ([1, 0], False) == ([len(lost.lost), len(lost.wrong)], lost.passed)
    wrong = judged(shown(kind="names_nobody"))
    assert [0, 1] == [len(wrong.lost), len(wrong.wrong)]


def test_a_ticket_of_somebody_else_is_handed_over_by_a_note_without_a_file() -> None:
    note = comment("The new department hasn't reached Okta yet\n\n[forcesync bec59b9b69f9.1.escalated.update]")
    given = {"kind": "stale_in_directory_copy", "status": "In Progress", "status_category": "in_progress"}
    assert judged(shown(**given, resolution=None, comments=[comment(CLAIM), note], history=[])).passed
    assert not judged(shown(**given, resolution=None, comments=[comment(CLAIM)], history=[])).passed


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"comments": [comment(CLAIM), comment(ANSWER), comment(ANSWER)]}, ANSWER),
        ({"attachments": [{"name": "a.zip", "by_worker": True}] * 2}, "a.zip 2 times"),
        ({"history": [TO_DONE, TO_DONE | {"from": "Done", "to": "In Progress"}, TO_DONE]}, "set to Done 2 times"),
    ],
    ids=["a comment", "a file", "the end"],
)
def test_what_was_done_twice_is_seen(changes: dict[str, Any], words: str) -> None:
    (line,) = judged(shown(**changes)).doubled
    assert words in line


def test_what_people_say_twice_is_their_affair() -> None:
    assert judged(shown(comments=[comment("me too", by_worker=False)] * 2)).passed


def test_a_superfluous_force_sync_is_told_from_other_objections() -> None:
    report = judged(shown(), "Force Sync without need", "a call before its Retry-After")
    assert [1, 1] == [len(report.extra_syncs), len(report.objections)]
    assert not report.passed


def test_who_is_asked_waits_until_somebody_answers() -> None:
    asked = shown(kind="cannot_tell", status="Waiting", status_category="on_hold", comments=[comment("Which?")])
    assert [] == unfinished({"tickets": [asked]})
    assert 1 == len(unfinished({"tickets": [asked | {"comments": []}]}))
    asked["comments"].append(comment("Treasury", by_worker=False))
    assert [asked] == unfinished({"tickets": [asked]})


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 6])
def test_what_a_mixed_world_expects_comes_where_nothing_misbehaves(seed: int, tmp_path: Path) -> None:
    with World(tmp_path, Scenario("mixed", seed=seed, tickets=60, users=60)) as world:
        world.settle()
        tickets = [ticket for desk in world.sandbox.world.desks.values() for ticket in desk.tickets()]
        script = world.sandbox.script.expected
    assert [] == unfinished({"tickets": tickets})
    meant = {(ticket["desk"], ticket["id"]): expected(ticket) for ticket in tickets}
    assert script == meant
