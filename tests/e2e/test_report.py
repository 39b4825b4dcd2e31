"""The report of a played scenario tells what the scenario says, and each of its numbers lists the right tickets."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from io import StringIO
from pathlib import Path

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from tests.e2e.conftest import Make
from tests.e2e.edges import OBSERVE
from tests.e2e.okta_users import NEW_VALUE, PLANT
from tests.e2e.stories import NAMES_NO_VALUE, confirmed_by, copy_is_old, helped
from tests.e2e.test_afterwards import a_day_later
from tests.e2e.tickets import INCIDENT, SERVICE_DESK, Filed
from tests.e2e.world import World
from worker.demo.report import rows_of
from worker.reporting.figures import Report, reported
from worker.reporting.forms import as_csv
from worker.reporting.lines import report_lines
from worker.reporting.listing import listed
from worker.reporting.metrics import ADVICE
from worker.reporting.page import page
from worker.web.gauges import StoreGauges
from workflows.model import RideState
from workflows.precheck.verdicts import VERDICTS, Act

MONTH = timedelta(days=30)


def of(world: World) -> Report:
    now = world.time.now() + timedelta(seconds=1)
    return reported(world.parts.store, now - MONTH, now)


def numbers(report: Report) -> Mapping[str, int]:
    return {id: share.number for id, share in report.whole.counts.items()}


def keys(report: Report, name: str) -> list[str]:
    return sorted(row.ticket for row in listed(report, name))


@pytest.mark.long
def test_a_played_scenario_is_reported_as_it_says(tmp_path: Path) -> None:
    with World(tmp_path, Scenario("cases", users=12)) as world:
        world.settle()
        rows, report = rows_of(world.sandbox, world.parts.store), of(world)
        store = world.parts.store
        expected = Counter(str(row.expected) for row in rows if row.case)
        found = numbers(report)
        assert found["tickets"] == len([row for row in rows if row.case])
        assert found["resolved"] == expected["resolved"]
        assert found["handed_over"] == expected["escalated"]
        assert found["open"] == expected["waiting"]
        assert keys(report, "resolved") == sorted(row.key for row in rows if row.expected == "resolved")
        assert keys(report, "handed_over") == sorted(row.key for row in rows if row.expected == "escalated")

        causes = Counter({item.cause.name: 0 for item in report.handed_over})
        for item in report.handed_over:
            causes[item.cause.name] += item.number
        calling_for_people = {kind.value for kind, row in VERDICTS.items() if row.act is Act.ESCALATE}
        judged = Counter(row.cause for row in rows if row.expected == "escalated" and row.cause in calling_for_people)
        assert judged == Counter({name: number for name, number in causes.items() if name in judged})
        assert 1 == causes["no_effect"]
        for name, number in causes.items():
            assert number == len(listed(report, f"cause:{name}"))

        started = [run for run in store.runs() if run.started_at]
        rides = [ride for run in started for ride in store.rides(run.id) if ride.state is not RideState.DROPPED]
        assert (len(started), len(rides)) == (report.syncs.started, report.syncs.tickets)
        assert len(rides) == len(listed(report, "force_syncs"))
        ends = ("resolved", "handed_over", "advised", "withdrawn")
        assert found["ended"] == sum(found[id] for id in ends)


def test_what_was_confirmed_what_lasted_and_how_long_it_took(world: World) -> None:
    first = helped(world, INCIDENT)
    second = confirmed_by("Yes, it is right now")(world, INCIDENT)
    third = copy_is_old(world, SERVICE_DESK)
    a_day_later(world)
    report = of(world)
    found = numbers(report)
    shown = {name: found[name] for name in ("tickets", "attempted", "resolved", "untouched", "asked", "confirmed")}
    assert {"tickets": 3, "attempted": 2, "resolved": 2, "untouched": 1, "asked": 1, "confirmed": 1} == shown
    assert (2, 2, 0) == tuple(found[name] for name in ("looked_at", "lasted", "not_lasted"))
    assert [key(world, first)] == keys(report, "untouched")
    assert [key(world, second)] == keys(report, "confirmed")
    assert [key(world, third)] == keys(report, "cause:stale_in_directory_copy") == keys(report, "team:directory_team")
    assert (2, 2, 2) == (report.syncs.started, report.syncs.tickets, report.syncs.repaired)
    case = world.case(first)
    assert case.ended_at is not None and case.filed_at is not None
    took = {row.ticket: row.seconds for row in listed(report, "time_to_resolve")}
    assert (case.ended_at - case.filed_at).total_seconds() == took[key(world, first)]
    assert (took[key(world, second)] or 0) > 300, "five minutes passed before the reply"


def test_a_ticket_that_people_open_again_is_not_durable_and_counts_again(world: World) -> None:
    ticket = helped(world, INCIDENT)
    a_day_later(world)
    assert (1, 0) == (numbers(of(world))["lasted"], numbers(of(world))["not_lasted"])
    world.reopen(ticket)
    world.settle()
    found = numbers(of(world))
    assert (2, 1, 0, 1) == tuple(found[name] for name in ("tickets", "reopened", "lasted", "not_lasted"))
    (gauge,) = (
        metric
        for metric in StoreGauges(world.parts.store, world.time, (), {}).collect()
        if metric.name == "forcesync_durable_ratio"
    )
    assert [0.0] == [sample.value for sample in gauge.samples]


def test_advice_is_counted_as_right_or_wrong_by_what_people_did(a_world: Make) -> None:
    world = a_world(policy=OBSERVE)
    synced, member = world.stale_ticket()
    world.settle()
    with world.sandbox.frame.lock:
        world.sandbox.okta.syncing.reapply(member.app_id, "by hand")
    world.skip(minutes=5)
    nothing_done, _ = world.stale_ticket()
    other = world.member(PLANT)
    world.change_directory(other, "department", NEW_VALUE, imported=False)
    by_hand = world.ticket(INCIDENT, about=other)
    world.settle()
    world.change_okta(other, "department", NEW_VALUE)
    for ticket in (synced, nothing_done, by_hand):
        world.take(ticket)
        world.set_status(ticket, "Resolved")
    a_day_later(world)
    report = of(world)
    found = numbers(report)
    assert (3, 3, 3) == tuple(found[name] for name in ("tickets", "advised", "advice_known"))
    assert (0, 0) == tuple(found[name] for name in ("advice_open", "advice_untold"))
    assert {"run Force Sync"} == {row.advice for row in listed(report, "advice_right")}
    assert [key(world, synced)] == keys(report, "advice_right")
    assert sorted(key(world, item) for item in (nothing_done, by_hand)) == keys(report, "advice_wrong")


def test_every_advised_ticket_is_known_open_or_cannot_be_told(a_world: Make) -> None:
    world = a_world(policy=OBSERVE)
    known, _ = world.stale_ticket()
    still_open, _ = world.stale_ticket()
    asked = world.said(INCIDENT, by=world.member(PLANT), text=NAMES_NO_VALUE)
    world.settle()
    for ticket in (known, asked):
        world.take(ticket)
        world.set_status(ticket, "Resolved")
    a_day_later(world)
    report = of(world)
    assert [[key(world, item)] for item in (known, still_open, asked)] == [
        keys(report, name) for name in ("advice_wrong", "advice_open", "advice_untold")
    ]
    told = " ".join("\n".join(report_lines(report)).split())
    for metric in ADVICE:
        assert f"{metric.definition} (--cases {metric.id})" in told
        assert metric.definition in unescape(page(report))
        assert metric.definition in {line["definition"] for line in csv.DictReader(StringIO(as_csv(report)))}


def key(world: World, ticket: Filed) -> str:
    return world.case(ticket).ref.key
