"""How the simulated Okta pages its lists and limits its calls, as seen over the wire.

A client that trusts the links and the headers must get everything, once, and never break a rule.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.sandbox.asgi import Answer
from tests.sandbox.okta_org import HOST, Org, links


def ids(answer: Answer) -> list[str]:
    return [item["id"] for item in answer.json()]


def error(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json()["errorCode"]


def crawl(org: Org, url: str) -> list[list[dict[str, Any]]]:
    """Follow `next` until it is missing; return the pages."""
    pages = []
    following: str | None = url
    while following:
        answer = org.get(following)
        assert answer.status == 200
        pages.append(answer.json())
        following = links(answer).get("next")
    return pages


# Paging


@pytest.mark.parametrize("path", ["/api/v1/users", "/api/v1/apps/{corp}/users", "/api/v1/apps", "/api/v1/mappings"])
def test_a_list_pages_to_the_end_by_its_links(path: str) -> None:
    org = Org()
    for name in ("Ada", "Ben", "Cleo", "Dora", "Emil"):
        org.add(name)
    url = f"{HOST}{path.format(corp=org.corp)}"

    pages = crawl(org, f"{url}?limit=2")

    flat = [item["id"] for page in pages for item in page]
    assert all(pages)
    assert all(len(page) == 2 for page in pages[:-1])
    assert flat == ids(org.get(f"{url}?limit=200"))
    assert len(set(flat)) == len(flat) >= 4


def test_links_keep_the_query_and_the_clients_own_address() -> None:
    org = Org()
    for name in ("Ada", "Adam", "Adele"):
        org.add(name)

    answer = org.get("/api/v1/users?q=ad&limit=1")

    assert links(answer)["self"] == f"{HOST}/api/v1/users?q=ad&limit=1"
    assert links(answer)["next"].startswith(f"{HOST}/api/v1/users?q=ad&limit=1&after=")
    assert len(answer.headers.getlist("link")) == 2


@pytest.mark.parametrize("query", ["limit=0", "limit=many", "after=00uGone"])
def test_a_bad_page_request_is_a_400(query: str) -> None:
    assert error(Org().get(f"/api/v1/users?{query}")) == (400, "E0000001")


# Rate limits


def test_every_answer_tells_the_limit_of_its_bucket() -> None:
    org = Org()

    first, second = org.get("/api/v1/agentPools"), org.get("/api/v1/agentPools")
    other = org.get("/api/v1/mappings")

    assert (first.headers["x-rate-limit-limit"], first.headers["x-rate-limit-remaining"]) == ("10", "9")
    assert second.headers["x-rate-limit-remaining"] == "8"
    assert other.headers["x-rate-limit-remaining"] == "499"
    assert 60 <= int(first.headers["x-rate-limit-reset"]) - org.clock.now.timestamp() <= 61


def test_a_spent_bucket_answers_429_until_its_reset() -> None:
    org = Org()
    for _ in range(10):
        assert org.get("/api/v1/agentPools").status == 200

    refused = org.get("/api/v1/agentPools")
    assert error(refused) == (429, "E0000047")
    assert refused.headers["x-rate-limit-remaining"] == "0"
    assert org.get("/api/v1/mappings").status == 200

    org.clock.now = datetime.fromtimestamp(int(refused.headers["x-rate-limit-reset"]), tz=UTC)
    assert org.get("/api/v1/agentPools").status == 200
    assert org.rules_broken() == []


def test_going_on_after_a_429_is_a_violation() -> None:
    org = Org()
    for _ in range(12):
        org.get("/api/v1/agentPools")
    assert org.rules_broken() == []

    org.clock.advance(10)
    org.get("/api/v1/agentPools")

    assert org.rules_broken() == ["rate limit not respected"]


def test_limits_can_be_switched_off() -> None:
    org = Org()
    org.frame.settings.limits = False

    assert {org.get("/api/v1/agentPools").status for _ in range(12)} == {200}
