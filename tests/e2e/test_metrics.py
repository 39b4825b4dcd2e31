"""What the metrics of a working process say of its products, its cases and its Force Syncs, and what they never say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.conftest import Make
from tests.e2e.okta_users import NEW_VALUE
from tests.e2e.world import World
from worker.settings.tables import WebSettings
from workflows.model import CaseState

WEB = WebSettings(listen="127.0.0.1:9464")  # the numbers are read here without the server
SHORT = 3  # characters: such a value may be part of any word
PRODUCTS = {"main", "servicenow", "jira"}


def samples(world: World) -> dict[str, dict[tuple[str, ...], float]]:
    """Return the samples by name, each by its labels' values, in the order of the labels' names."""
    assert world.parts.metrics is not None
    found = dict[str, dict[tuple[str, ...], float]]()
    for family in text_string_to_metric_families(world.parts.metrics.text().decode()):
        for sample in family.samples:
            found.setdefault(sample.name.removeprefix("forcesync_"), {})[
                tuple(text for _, text in sorted(sample.labels.items()))
            ] = sample.value
    return found


@pytest.fixture
def world(a_world: Make) -> World:
    """Make a world whose worker counts, and looks again soon."""
    made = a_world(policy={"recheck_after": 600.0})
    made.settings = made.settings.model_copy(update={"web": WEB})
    made.restart_worker()
    return made


def test_a_ticket_that_was_resolved_is_seen_in_the_numbers_without_its_person(world: World) -> None:
    ticket, member = world.stale_ticket()
    world.settle()
    world.run_for(minutes=11)
    assert CaseState.RESOLVED == world.case(ticket).state
    found = samples(world)
    assert 1 == found["cases"]["servicenow", "resolved"]
    assert 1 == found["force_sync_runs"]["main", "ended"]
    assert {(): 1.0} == found["durable_ratio"]
    assert PRODUCTS == {product for _, _, product in found["product_operations_total"]}
    assert {"ok"} == {outcome for _, outcome, _ in found["product_operations_total"]}
    sent = sum(found["product_operation_duration_seconds_count"].values())
    assert sum(found["product_operations_total"].values()) == sent
    left, limits = found["okta_calls_left"], found["okta_calls_limit"]
    assert left.keys() == limits.keys() != set()
    assert all(0 <= left[key] <= limits[key] for key in left)
    told = str(found)
    words = {member.login, member.user_id, ticket.id, NEW_VALUE, *map(str, world.profile(member).values())}
    assert [word for word in words if len(word) > SHORT and word in told] == []


def test_a_product_that_fails_is_seen_by_its_outcome_and_by_what_is_stopped(world: World) -> None:
    world.fault("servicenow", "status", status=503, times=10**9, headers={"Retry-After": "3600"})
    world.stale_ticket()
    world.run_for(minutes=5)
    outcomes = {
        outcome: number
        for (_, outcome, product), number in samples(world)["product_operations_total"].items()
        if product == "servicenow" and outcome != "ok"
    }
    assert {"transient"} == outcomes.keys()
    assert 1 == samples(world)["stops"]["patience", "servicenow"]
    world.clear_faults()
    world.run_for(hours=1)
    at = samples(world)["last_complete_search_timestamp_seconds"][("servicenow",)]
    assert world.time.now() - timedelta(minutes=2) <= datetime.fromtimestamp(at, UTC)
