"""Lists are followed to their end, whichever way Jira pages them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.connectors.jira.issues import hit, keys
from tests.unit.jira_site import Reply, Site, datacenter, desk, serving
from workflows.errors import Transient, Unexpected


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def test_a_search_is_followed_by_its_tokens_to_the_end(site: Site) -> None:
    site.on(
        "GET /search/jql",
        Reply({"issues": [hit(1)], "nextPageToken": "t1"}),
        Reply({"issues": [hit(2)], "nextPageToken": "t2", "isLast": False}),
        Reply({"issues": [hit(3)], "isLast": True}),
    )
    assert keys(desk(site)) == ["SUP-1", "SUP-2", "SUP-3"]
    assert [asked.query.get("nextPageToken") for asked in site.asked] == [None, "t1", "t2"]


def test_a_page_that_is_not_the_last_one_needs_a_token(site: Site) -> None:
    site.on("GET /search/jql", Reply({"issues": [hit(1)], "isLast": False}))
    with pytest.raises(Unexpected, match="not the last one, but no token"):
        keys(desk(site))


def test_a_token_that_comes_twice_is_an_error_and_not_a_loop(site: Site) -> None:
    site.on("GET /search/jql", Reply({"issues": [hit(1)], "nextPageToken": "t1"}))
    with pytest.raises(Unexpected, match="same page token twice"):
        keys(desk(site))


def test_data_center_is_searched_by_offsets_and_a_shifted_hit_is_yielded_once(site: Site) -> None:
    site.on(
        "GET /search",
        Reply({"issues": [hit(1), hit(2)], "total": 3}),
        Reply({"issues": [hit(2)], "total": 3}),
    )
    assert keys(datacenter(site)) == ["SUP-1", "SUP-2"]
    assert [asked.query["startAt"] for asked in site.asked] == ["0", "2"]


def test_a_page_that_fails_is_not_the_end(site: Site) -> None:
    site.on("GET /search/jql", Reply({"issues": [hit(1)], "nextPageToken": "t1"}), Reply(status=500))
    with pytest.raises(Transient):
        keys(desk(site))


@pytest.mark.parametrize("words", [{"errorMessages": ["It took too long."]}, {"message": "Timed out"}])
def test_an_error_beside_a_page_is_not_the_end(site: Site, words: dict[str, object]) -> None:
    site.on("GET /search/jql", Reply({"issues": [hit(1)], "isLast": True} | words))
    with pytest.raises(Transient, match="an error came with the answer"):
        keys(desk(site))
