"""Encoded queries against the simulated ServiceNow: operators, joins, escapes, times, and invalid parts.

https://www.servicenow.com/docs/, "Encoded query strings" and "Operators available for filters and queries".
"""

from __future__ import annotations

import pytest

from tests.sandbox.servicenow_instance import Instance


@pytest.fixture
def three() -> Instance:
    """Return an instance with three tickets, one a minute, each with a different name and priority."""
    instance = Instance()
    for name, urgency in (("alpha", "1"), ("beta", "2"), ("gamma^ORactive=true", "3")):
        instance.ticket(
            short_description=name, impact="1", urgency=urgency, correlation_id="" if name == "beta" else name
        )
        instance.clock.advance(60)
    return instance


def names(instance: Instance, query: str) -> list[str]:
    return [row["short_description"].partition("^")[0] for row in instance.found("incident", query)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("short_description=alpha", ["alpha"]),
        ("short_description=ALPHA", []),
        ("short_description!=alpha^ORDERBYnumber", ["beta", "gamma"]),
        ("short_descriptionINalpha,beta^ORDERBYnumber", ["alpha", "beta"]),
        ("short_descriptionNOT INalpha,beta", ["gamma"]),
        ("short_descriptionLIKEet", ["beta"]),
        ("short_descriptionSTARTSWITHgam", ["gamma"]),
        ("priority<2", ["alpha"]),
        ("priority<=2^ORDERBYDESCpriority", ["beta", "alpha"]),
        ("priority>2", ["gamma"]),
        ("priority>=2^ORDERBYpriority", ["beta", "gamma"]),
        ("correlation_idISEMPTY", ["beta"]),
        ("correlation_idISNOTEMPTY^ORDERBYnumber", ["alpha", "gamma"]),
        ("priority=1^ORpriority=2^ORDERBYnumber", ["alpha", "beta"]),
        ("priority=1^short_description=beta", []),
        ("caller_id.user_name=ada@example.com^priority=3", ["gamma"]),
    ],
)
def test_every_operator_finds_what_it_says(three: Instance, query: str, found: list[str]) -> None:
    assert names(three, query) == found


def test_a_new_query_term_undoes_the_conditions_before_it(three: Instance) -> None:
    assert names(three, "active=true^priority=1^NQactive=true^ORDERBYnumber") == ["alpha", "beta", "gamma"]


def test_a_caret_in_a_value_ends_the_condition_unless_it_is_doubled(three: Instance) -> None:
    # https://www.servicenow.com/docs/, GlideStringUtil.escapeQueryTermSeparator
    assert names(three, "short_description=gamma^ORactive=true^ORDERBYnumber") == ["alpha", "beta", "gamma"]
    assert names(three, "short_description=gamma^^ORactive=true") == ["gamma"]


def test_an_invalid_part_is_ignored_and_the_rest_is_run(three: Instance) -> None:
    assert len(names(three, "no_such_field=1")) == 3
    assert names(three, "no_such_field=1^priority=1") == ["alpha"]
    assert names(three, "priority=1^ORno_such_field=1") == ["alpha"]


def test_an_instance_can_answer_invalid_queries_with_no_rows(three: Instance) -> None:
    # the property glide.invalid_query.returns_no_rows
    three.state.switches.invalid_query_returns_no_rows = True

    assert names(three, "no_such_field=1^priority=1") == []
    assert names(three, "priority=1") == ["alpha"]


def test_a_literal_time_is_utc_and_a_generated_one_is_in_the_accounts_zone(three: Instance) -> None:
    # community "soap-web-service-and-time-zones-examples"; the account of the sandbox is seven hours behind UTC
    assert names(three, "sys_created_on>=2026-11-24 16:01:00^ORDERBYnumber") == ["beta", "gamma"]
    generated = "sys_created_on>=javascript:gs.dateGenerate('2026-11-24','09:02:00')"
    assert names(three, generated) == ["gamma"]
    between = (
        "BETWEENjavascript:gs.dateGenerate('2026-11-24 09:00:30')@javascript:gs.dateGenerate('2026-11-24 09:01:30')"
    )
    assert names(three, f"sys_created_on{between}") == ["beta"]


def test_other_scripts_in_a_query_are_not_run(three: Instance) -> None:
    assert len(names(three, "priority=javascript:gs.getUserID()")) == 3


def test_a_ticket_is_found_by_the_tags_that_the_account_may_see() -> None:
    instance = Instance()
    tagged, _ = instance.ticket(), instance.ticket(tagged=False)
    instance.state.tag(tagged, instance.state.private_tag_id, "tag.owner@example.com")

    shared, private = instance.state.tag_id, instance.state.private_tag_id
    assert [row["sys_id"] for row in instance.found("incident", f"sys_tags.{shared}={shared}")] == [tagged]
    assert instance.found("incident", f"sys_tags.{private}={private}") == []


def test_pairs_in_the_url_filter_where_their_name_is_a_column(three: Instance) -> None:
    # "Table API", name-value pairs; an unknown name is ignored, as a recorded `query=...` that found all 67 rows shows
    by_column = three.get("/api/now/table/incident", priority="1").json()["result"]
    by_other = three.get("/api/now/table/incident", query="priority=1").json()["result"]

    assert ([row["short_description"] for row in by_column], len(by_other)) == (["alpha"], 3)


def test_without_an_order_pages_overlap_and_miss_rows() -> None:
    instance = Instance()
    ids = {instance.ticket() for _ in range(30)}
    pages = [instance.found("incident", "", sysparm_limit="10", sysparm_offset=str(at)) for at in (0, 10, 20)]
    ordered = [
        instance.found("incident", "ORDERBYsys_id", sysparm_limit="10", sysparm_offset=str(at)) for at in (0, 10, 20)
    ]

    assert {row["sys_id"] for page in pages for row in page} < ids
    assert {row["sys_id"] for page in ordered for row in page} == ids
