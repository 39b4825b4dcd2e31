"""The simulated Jira's rate limits, and what it reports about a client that does not wait."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.sandbox.jira_server import Server


@pytest.fixture
def site() -> Server:
    return Server()


def write(site: Server, id: str, number: int) -> int:
    return site.call("PUT", f"/issue/{id}/properties/run", number).status


def test_headers_tell_the_recorded_limits_and_what_is_left(site: Server) -> None:
    headers = site.get("/myself").headers
    assert (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]) == ("350", "349")
    assert site.get(f"/issue/{site.file()}").headers["x-ratelimit-limit"] == "400"
    assert "retry-after" not in headers


def test_data_center_sends_retry_after_0_with_every_answer() -> None:
    headers = Server("datacenter").get("/myself").headers
    names = ("retry-after", "x-ratelimit-limit", "x-ratelimit-fillrate", "x-ratelimit-interval-seconds")
    assert [headers[name] for name in names] == ["0", "5", "5", "1"]


def test_a_burst_on_one_endpoint_is_refused_and_others_are_not(site: Server) -> None:
    site.state.limits.bursts["GET"] = (3, 1.0)
    assert [site.get("/myself").status for _ in range(4)] == [200, 200, 200, 429]
    refused = site.get("/myself").headers
    assert (refused["ratelimit-reason"], refused["retry-after"]) == ("jira-burst-based", "1")
    assert datetime.fromisoformat(refused["x-ratelimit-reset"]) == site.clock() + timedelta(seconds=1)
    assert refused["x-ratelimit-nearlimit"] == "true"
    assert site.get("/field").status == 200
    site.clock.advance(1)
    assert site.get("/myself").status == 200


def test_one_issue_takes_20_writes_in_two_seconds_and_100_in_thirty(site: Server) -> None:
    id, other = site.file(), site.file()
    assert {write(site, id, number) for number in range(20)} == {200, 201}
    refused = site.call("PUT", f"/issue/{id}/properties/run", 21)
    assert (refused.status, refused.headers["ratelimit-reason"]) == (429, "jira-per-issue-on-write")
    assert refused.headers["retry-after"] == "2"
    assert write(site, other, 1) == 201
    for _ in range(4):
        site.clock.advance(2)
        assert {write(site, id, number) for number in range(20)} == {200}
    site.clock.advance(2)
    refused = site.call("PUT", f"/issue/{id}/properties/run", 101)
    assert (refused.status, refused.headers["retry-after"]) == (429, "20")
    assert site.rules_broken() == []


def test_a_write_on_an_issue_before_its_time_is_reported(site: Server) -> None:
    id = site.file()
    for number in range(21):
        write(site, id, number)
    site.clock.advance(1.5)
    site.comment(id)
    assert site.rules_broken() == ["write during a Retry-After"]


def test_a_quota_holds_everything_until_its_hour_is_over(site: Server) -> None:
    site.state.habits.quota = 2
    assert [site.get(path).status for path in ("/myself", "/field", "/resolution")] == [200, 200, 429]
    refused = site.get("/myself").headers
    assert (refused["ratelimit-reason"], refused["retry-after"]) == ("jira-quota-tenant-based", "3600")
    site.clock.advance(60)
    site.get("/field")
    assert site.rules_broken() == ["call during a quota pause"]
    site.clock.advance(3540)
    assert site.get("/myself").status == 200


def test_a_refusal_may_come_without_any_header(site: Server) -> None:
    site.state.limits.bursts["GET"] = (1, 1.0)
    site.state.habits.silent_limits = True
    refused = [site.get("/myself") for _ in range(2)][1]
    assert refused.status == 429
    assert not {"retry-after", "ratelimit-reason", "x-ratelimit-reset"} & set(refused.headers)


def test_limits_can_be_turned_off(site: Server) -> None:
    site.frame.settings.limits = False
    site.state.limits.bursts["GET"] = (1, 1.0)
    assert [site.get("/myself").status for _ in range(3)] == [200] * 3
