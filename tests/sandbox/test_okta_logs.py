"""The simulated System Log over the wire: time ranges, filters, order and its endless `next` link.

Diagnostics are read from it, so an answer must hold nothing outside the question.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest

from connectors.sandbox.wire.frame import iso
from tests.sandbox.okta_org import Org, links


@pytest.fixture
def org() -> Org:
    """Return an org in which an import changed Ada at 9:00, one changed Ben an hour later, and a sync Ada's profile."""
    org = Org()
    ada, ben = org.add("Ada"), org.add("Ben", org.ldap)
    org.state.set_user(ada, directories=[{"app_id": org.corp, "source": {"title": "Curator"}}])
    org.state.set_user(ben, directories=[{"app_id": org.ldap, "source": {"title": "Curator"}}])
    org.state.imports.run(org.corp)
    org.clock.advance(3600)
    org.state.imports.run(org.ldap)
    org.force_sync(org.corp)
    org.clock.advance(60)
    return org


def types(org: Org, query: str = "") -> list[str]:
    answer = org.get(f"/api/v1/logs?{query}")
    assert answer.status == 200
    return [event["eventType"] for event in answer.json()]


IMPORT = ["system.import.schedule", "system.import.start", "system.import.user.update", "system.import.complete"]
START = ["system.import.start"]
CHANGE = ["user.account.update_profile"]


def test_events_come_oldest_first_or_newest_first(org: Org) -> None:
    assert types(org) == [*IMPORT, *IMPORT, *CHANGE]
    assert types(org, "sortOrder=DESCENDING&limit=2") == [*CHANGE, "system.import.complete"]


def test_an_effect_is_published_at_its_own_time(org: Org) -> None:
    event = org.get("/api/v1/logs").json()[-1]

    assert event["published"] == "2026-11-24T10:00:05.000Z"
    assert event["target"][0]["alternateId"] == "ada@example.com"
    assert event["debugContext"]["debugData"]["changedAttributes"] == "title"


def test_since_is_included_and_until_is_not(org: Org) -> None:
    assert types(org, "since=2026-11-24T10:00:00Z") == [*IMPORT, *CHANGE]
    assert types(org, "until=2026-11-24T10:00:00Z") == IMPORT
    assert types(org, "since=2026-11-24T11:00:00%2B01:00&until=2026-11-24T10:00:01Z") == IMPORT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('target.id eq "{corp}"', IMPORT),
        ('target.id eq "{ada}"', ["system.import.user.update", *CHANGE]),
        ('eventType eq "system.import.complete"', ["system.import.complete"] * 2),
        ('target.id eq "{ada}" and eventType eq "user.account.update_profile"', CHANGE),
        ('eventType eq "user.account.update_profile" or eventType eq "system.import.start"', START * 2 + CHANGE),
        ('outcome.result eq "FAILURE"', []),
    ],
)
def test_filters_choose_by_target_and_type(org: Org, text: str, expected: list[str]) -> None:
    text = text.format(corp=org.corp, ada=org.state.user_id("ada@example.com"))

    assert types(org, f"filter={quote(text)}") == expected


def test_keywords_must_all_occur(org: Org) -> None:
    assert types(org, "q=ada%40example.com+CURATOR") == []
    assert types(org, "q=ADA%40example.com+import") == ["system.import.user.update"]


@pytest.mark.parametrize("order", ["ASCENDING", "DESCENDING"])
def test_paging_ends_with_an_empty_page_whose_next_link_goes_on(org: Org, order: str) -> None:
    whole = types(org, f"sortOrder={order}")
    found: list[str] = []
    url = f"/api/v1/logs?limit=3&sortOrder={order}"
    for _ in range(5):
        answer = org.get(url)
        found += [event["eventType"] for event in answer.json()]
        url = links(answer)["next"]

    assert found == whole
    assert org.get(url).json() == []


def test_polling_the_next_link_finds_what_happened_since(org: Org) -> None:
    following = links(org.get("/api/v1/logs?filter=eventType+eq+%22system.import.start%22&since=2026-11-24T10:30:00Z"))
    org.clock.advance(3600)
    org.state.imports.run(org.plant)

    found = org.get(following["next"]).json()

    assert [event["target"][0]["id"] for event in found] == [org.plant]


@pytest.mark.parametrize(
    "query",
    [
        "filter=eventType+xx+1",
        "filter=published+gt+%222026-11-24T10:00:00Z%22",
        "since=yesterday",
        "limit=-1",
        "sortOrder=UP",
        "filter=shoe.size+eq+%2242%22",
        "q=" + "+".join("abcdefghijk"),
        "q=" + 41 * "a",
    ],
)
def test_a_malformed_query_is_a_400(org: Org, query: str) -> None:
    assert org.get(f"/api/v1/logs?{query}").status == 400


def test_the_log_reaches_back_180_days(org: Org) -> None:
    now = org.clock.now

    assert org.get(f"/api/v1/logs?since={iso(now - timedelta(days=179))}").status == 200
    assert org.get(f"/api/v1/logs?since={iso(now - timedelta(days=181))}").status == 400
