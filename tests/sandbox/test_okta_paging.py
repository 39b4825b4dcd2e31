"""How the simulated Okta pages its lists, over the wire.

A client that follows the links must get everything exactly once.
"""

from __future__ import annotations

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
