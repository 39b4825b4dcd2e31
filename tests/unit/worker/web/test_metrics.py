"""Metrics follow Prometheus' conventions: the process's counts, and the store's state at the moment of the scrape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.unit.builders import NOW
from worker.store import Store
from worker.web.metrics import Metrics
from workflows.model import Sighting, Stop, StopKind, TicketRef
from workflows.steps import FOREVER


class Clock:
    """A clock that stands ten minutes after the store's content."""

    def now(self) -> datetime:
        return NOW + timedelta(minutes=10)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.open(f"sqlite:///{tmp_path}/store.sqlite3")
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def metrics(store: Store) -> Metrics:
    return Metrics(store, Clock(), ["jira"], {"main": lambda: {"users": (40, 600), "other": (3, 10)}})


def numbers(metrics: Metrics) -> dict[str, float]:
    """Return every sample by its name and labels, as Prometheus reads them."""
    found = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            labels = ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items()))
            found[f"{sample.name.removeprefix('forcesync_')}{{{labels}}}"] = sample.value
    return found


def test_names_follow_the_conventions(metrics: Metrics) -> None:
    metrics.operation("jira", "read", "ok", 0.2)
    metrics.begun("case", 1.5)
    text = metrics.text().decode()
    names = re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE)
    assert all(name.startswith("forcesync_") for name, _ in names)
    assert all(name.endswith("_total") for name, kind in names if kind == "counter")
    assert all(name.endswith(("_seconds", "_info", "_ratio")) or "seconds" not in name for name, _ in names)
    assert "_created" not in text


def test_an_operation_is_counted_by_its_outcome_and_timed_only_if_it_was_sent(metrics: Metrics) -> None:
    metrics.operation("jira", "read", "ok", 0.2)
    metrics.operation("jira", "read", "transient", 31.0)
    metrics.operation("jira", "read", "waited", None)
    found = numbers(metrics)
    by_outcome = {f"product_operations_total{{operation=read,outcome={o},product=jira}}" for o in ("ok", "waited")}
    assert {name: found[name] for name in by_outcome} == dict.fromkeys(by_outcome, 1)
    assert found["product_operation_duration_seconds_count{operation=read,product=jira}"] == 2
    assert found["product_operation_duration_seconds_sum{operation=read,product=jira}"] == pytest.approx(31.2)


def test_the_store_is_read_when_it_is_asked_for(store: Store, metrics: Metrics) -> None:
    assert numbers(metrics)["overdue_seconds{kind=case}"] == 0
    store.ensure_desk("jira", FOREVER)
    store.open_case(Sighting(ref=TicketRef(desk="jira", id="1", key="SUP-1"), stamp="1"), NOW)
    for kind, name in ((StopKind.SWITCH, "0oa1"), (StopKind.SWITCH, "corp.example.com"), (StopKind.SYSTEM, "jira")):
        store.pause(Stop(kind=kind, name=name, until=FOREVER, why="x"))
    store.pause(Stop(kind=StopKind.ALERT, name="jira: ada@example.com was refused", until=FOREVER, why="x"))
    found = numbers(metrics)
    expected = {
        "store_up{}": 1,
        "cases{desk=jira,state=received}": 1,
        "oldest_open_case_seconds{desk=jira,state=received}": 600,
        "overdue_seconds{kind=case}": 600,
        "approvals_waiting{}": 0,
        "last_complete_search_timestamp_seconds{desk=jira}": 0,
        "stops{kind=switch,name=}": 2,
        "stops{kind=system,name=jira}": 1,
        "okta_calls_left{family=users,org=main}": 40,
        "okta_calls_limit{family=other,org=main}": 10,
    }
    assert expected == {name: found[name] for name in expected}
    assert not any("refused" in name or "leader" in name or "durable_ratio" in name for name in found)


def test_every_metric_is_documented_and_every_documented_one_exists(store: Store, metrics: Metrics) -> None:
    store.lead("one", NOW, 10.0)
    text = (Path(__file__).resolve().parents[4] / "worker" / "README.md").read_text(encoding="utf-8")
    section = text.split("\n## Health and metrics\n")[1].split("\n## ")[0]
    there = set(re.findall(r"^# TYPE (\w+)", metrics.text().decode(), re.MULTILINE))
    assert there == set(re.findall(r"`(forcesync_\w+)`", section))


def test_how_late_something_is_comes_from_its_due_time(store: Store, metrics: Metrics) -> None:
    case = store.open_case(Sighting(ref=TicketRef(desk="jira", id="1", key="SUP-1"), stamp="1"), NOW)
    store.ensure_desk("jira", FOREVER)
    assert case is not None
    assert (600.0, None, None) == (
        metrics.late("case", case.id),
        metrics.late("desk", "jira"),
        metrics.late("run", "x"),
    )
    metrics.begun("case", 600.0)
    found = numbers(metrics)
    assert (0, 1) == tuple(found[f"wake_delay_seconds_bucket{{kind=case,le={le}}}"] for le in ("300.0", "900.0"))


def test_a_leader_is_known_by_its_time(store: Store, metrics: Metrics) -> None:
    store.lead("one", NOW, 10.0)
    assert numbers(metrics)["leader{}"] == 0
    store.lead("one", Clock().now(), 10.0)
    assert numbers(metrics)["leader{}"] == 1


def test_a_store_that_does_not_answer_is_a_number_too(tmp_path: Path) -> None:
    gone = Store.open(f"sqlite:///{tmp_path}/store.sqlite3")
    found = numbers(Metrics(gone, Clock(), ["jira"], {}))
    assert found["store_up{}"] == 0
    assert not any(name.startswith("cases") for name in found)
    gone.close()


def test_events_are_counted_by_name_and_told_on(metrics: Metrics) -> None:
    told: list[str] = []
    tell = metrics.counting(lambda event, _: told.append(event))
    tell("write refused", {"ticket": "SUP-1"})
    assert (["write refused"], 1) == (told, numbers(metrics)["events_total{event=write_refused}"])
