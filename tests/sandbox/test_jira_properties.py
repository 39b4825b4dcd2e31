"""Issue properties of the simulated Jira, and the bulk change that is its only compare-and-set."""

from __future__ import annotations

import pytest

from tests.sandbox.jira_server import HOST, Server


@pytest.fixture
def site() -> Server:
    return Server()


def test_a_property_is_created_replaced_read_and_deleted(site: Server) -> None:
    place = f"/issue/{site.file()}/properties/run"
    assert [site.call("PUT", place, {"step": number}).status for number in (1, 2)] == [201, 200]
    assert site.get(place).json() == {"key": "run", "value": {"step": 2}}
    assert [site.call("DELETE", place).status for _ in range(2)] == [204, 404]
    assert site.get(place).status == 404


def test_a_property_has_a_limited_size_and_is_json(site: Server) -> None:
    place = f"/issue/{site.file()}/properties"
    assert site.call("PUT", f"{place}/run", "x" * 32766).status == 201
    assert site.call("PUT", f"{place}/run", "x" * 32767).status == 400
    assert site.call("PUT", f"{place}/{'k' * 256}", 1).status == 400
    assert site.call("PUT", f"{place}/run", body=b"{no json").status == 400


def test_a_bulk_change_happens_later_and_only_where_its_condition_holds(site: Server) -> None:
    free, taken = site.file(), site.file()
    site.call("PUT", f"/issue/{taken}/properties/lease", "other")
    asked = {"value": "ours", "filter": {"entityIds": [int(free), int(taken)], "hasProperty": False}}
    answer = site.call("PUT", "/issue/properties/lease", asked)
    assert answer.status == 303
    task = answer.headers["location"].removeprefix(HOST)
    assert site.get(task).json()["status"] == "ENQUEUED"
    assert site.get(f"/issue/{free}/properties/lease").status == 404
    site.clock.advance(1)
    assert site.get(task).json()["status"] == "COMPLETE"
    held = [site.get(f"/issue/{id}/properties/lease").json()["value"] for id in (free, taken)]
    assert held == ["ours", "other"]


def test_of_two_bulk_claims_at_once_one_wins(site: Server) -> None:
    id = site.file()
    for owner in ("one", "two"):
        asked = {"value": owner, "filter": {"entityIds": [int(id)], "hasProperty": False}}
        site.call("PUT", "/issue/properties/lease", asked)
    site.clock.advance(1)
    assert site.get(f"/issue/{id}/properties/lease").json()["value"] == "one"


def test_data_center_has_no_bulk_change() -> None:
    assert Server("datacenter").call("PUT", "/issue/properties/lease", {"value": 1}).status == 404
