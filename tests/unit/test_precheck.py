"""The precheck as a table: one row a verdict, and the borders between them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit import builders as build
from workflows.expectations import identity, same, still_helps
from workflows.facts import Facts
from workflows.model import Basis, Expectation, MappingRule, Request
from workflows.model import VerdictKind as V
from workflows.precheck import TABLE, judge

DEPARTMENT = Request(user="ada@example.com", attributes=("department",))
FINANCE = Request(user="ada@example.com", attributes=("department",), expected="Finance")
SYNONYMS = {"job title": "title"}

ROWS: list[tuple[str, Facts, V]] = [
    (
        "no user named, requester without address",
        build.facts(identifier=None, named=False, users=()),
        V.NEEDS_INFORMATION,
    ),
    ("no user named, requester unknown in Okta", build.facts(named=False, users=()), V.NEEDS_INFORMATION),
    ("a value without an attribute", build.facts(request=Request(expected="Finance")), V.NEEDS_INFORMATION),
    (
        "a value and two attributes",
        build.facts(request=Request(attributes=("title", "department"), expected="Finance")),
        V.NEEDS_INFORMATION,
    ),
    ("a named user who is not there", build.facts(users=(), app_users=()), V.USER_NOT_FOUND),
    ("two users fit", build.facts(users=(build.okta_user(), build.okta_user(id="00u2"))), V.USER_AMBIGUOUS),
    ("a deactivated user", build.facts(users=(build.okta_user(status="DEPROVISIONED"),)), V.USER_NOT_ACTIVE),
    ("a suspended user", build.facts(users=(build.okta_user(status="SUSPENDED"),)), V.USER_NOT_ACTIVE),
    ("no directory", build.facts(app_users=(), mapping=None), V.NOT_LINKED),
    ("two directories", build.facts(app_users=(build.app_user(), build.app_user())), V.LINKED_TO_SEVERAL),
    ("provisioned by Okta", build.facts(app_users=(build.app_user(scope="GROUP"),)), V.OKTA_MASTERS_DIRECTORY),
    (
        "inactive directory",
        build.facts(app_users=(build.app_user(directory=build.directory(active=False)),)),
        V.DIRECTORY_INACTIVE,
    ),
    (
        "directory that is no profile source",
        build.facts(app_users=(build.app_user(directory=build.directory(features=("IMPORT_PROFILE_UPDATES",))),)),
        V.DIRECTORY_INACTIVE,
    ),
    ("no mapping", build.facts(mapping=None), V.NOT_MAPPED),
    ("an attribute that nothing maps", build.facts(request=Request(attributes=("shoeSize",))), V.NOT_MAPPED),
    (
        "the stated value stands in Okta",
        build.facts(request=FINANCE, users=(build.okta_user({"department": "Finance"}),)),
        V.ALREADY_RIGHT,
    ),
    (
        "the schema says Okta",
        build.facts(request=FINANCE, schema_rules=(build.source("department", "OKTA"),)),
        V.SOURCED_ELSEWHERE,
    ),
    (
        "overridden by another app",
        build.facts(request=FINANCE, schema_rules=(build.source("department", "OVERRIDE", "0oa2", "0oa1"),)),
        V.SOURCED_ELSEWHERE,
    ),
    (
        "overridden by this directory",
        build.facts(
            request=FINANCE,
            schema_rules=(build.source("department", "OVERRIDE", "0oa1"),),
            app_users=(build.app_user({"department": "Finance"}),),
        ),
        V.STALE_IN_OKTA,
    ),
    (
        "mapped on create only",
        build.facts(
            request=FINANCE,
            mapping=build.mapping(
                department=MappingRule(attribute="department", expression="appuser.department", on_update=False)
            ),
        ),
        V.CREATE_ONLY,
    ),
    (
        "a computed attribute",
        build.facts(request=Request(attributes=("displayName",), expected="Ada King")),
        V.NOT_PREDICTABLE,
    ),
    ("the copy holds the old value", build.facts(request=FINANCE), V.STALE_IN_DIRECTORY_COPY),
    (
        "the copy holds the stated value",
        build.facts(request=FINANCE, app_users=(build.app_user({"department": "Finance"}),)),
        V.STALE_IN_OKTA,
    ),
    (
        "the copy differs and no value is stated",
        build.facts(request=DEPARTMENT, app_users=(build.app_user({"department": "Legal"}),)),
        V.STALE_IN_OKTA,
    ),
    (
        "some attribute differs, none named",
        build.facts(app_users=(build.app_user({"title": "Chief"}),)),
        V.STALE_IN_OKTA,
    ),
    (
        "only another attribute than the named one differs",
        build.facts(request=DEPARTMENT, app_users=(build.app_user({"title": "Chief"}),)),
        V.CANNOT_TELL,
    ),
    ("everything agrees, no value", build.facts(), V.CANNOT_TELL),
    ("the named one agrees, no value", build.facts(request=DEPARTMENT), V.CANNOT_TELL),
]


@pytest.mark.parametrize(("facts", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_each_situation_has_its_verdict(facts: Facts, expected: V) -> None:
    assert expected == judge(facts, SYNONYMS).kind


def test_every_verdict_is_in_the_table_and_tested() -> None:
    assert set(V) == {kind for kind, _ in TABLE}
    assert set(V) == {row[2] for row in ROWS}


def test_a_stated_value_is_the_expectation() -> None:
    verdict = judge(build.facts(request=FINANCE, app_users=(build.app_user({"department": "Finance"}),)), {})
    assert (Expectation(attribute="department", value="Finance", basis=Basis.STATED),) == verdict.expectations


def test_the_directory_decides_how_a_stated_value_is_spelt() -> None:
    request = Request(attributes=("department",), expected="finance")
    verdict = judge(build.facts(request=request, app_users=(build.app_user({"department": "Finance"}),)), {})
    assert verdict.kind == V.STALE_IN_OKTA
    assert verdict.expectations[0].value == "Finance"


def test_every_differing_attribute_is_predicted_and_computed_ones_never_are() -> None:
    copy = build.app_user({"department": "Legal", "title": "Chief", "firstName": "Zoe"})
    verdict = judge(build.facts(app_users=(copy,)), {})
    assert {item.attribute: item.value for item in verdict.expectations} == {"department": "Legal", "title": "Chief"}


def test_no_value_and_the_empty_value_do_not_tell_copies_apart() -> None:
    assert (
        judge(
            build.facts(app_users=(build.app_user({"title": ""}),), users=(build.okta_user({"title": None}),)), {}
        ).kind
        == V.CANNOT_TELL
    )


def test_a_value_to_be_cleared_is_an_expectation() -> None:
    request = Request(attributes=("title",), expected="")
    verdict = judge(build.facts(request=request, app_users=(build.app_user({"title": None}),)), {})
    assert verdict.kind == V.STALE_IN_OKTA


@pytest.mark.parametrize("name", ["job title", "Title", "TITLE"])
def test_attributes_are_known_by_synonym_and_any_case(name: str) -> None:
    request = Request(attributes=(name,), expected="Chief")
    assert judge(build.facts(request=request), SYNONYMS).attribute == "title"


def test_attributes_are_known_by_the_directory_copys_name() -> None:
    request = Request(attributes=("mail",), expected="new@example.com")
    assert judge(build.facts(request=request), {}).attribute == "email"


def test_a_value_without_an_attribute_means_the_one_that_holds_it() -> None:
    facts = build.facts(request=Request(expected="Legal"), app_users=(build.app_user({"department": "Legal"}),))
    assert (judge(facts, {}).kind, judge(facts, {}).attribute) == (V.STALE_IN_OKTA, "department")


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("appuser.department", "department"),
        (" appuser.department ", "department"),
        ("appuser.department + ''", None),
        ("user.department", None),
        ("String.toUpperCase(appuser.department)", None),
        ("appuser.department\n+appuser.title", None),
        ("appuser.", None),
        ("", None),
    ],
)
def test_only_the_bare_attribute_is_an_identity(expression: str, name: str | None) -> None:
    assert name == identity(expression)


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [("a", "a", True), ("a", "A", False), (None, "", True), (12, "12", True), (True, "true", True), ("a", None, False)],
)
def test_values_are_compared_by_their_text(left: Any, right: Any, equal: bool) -> None:
    assert equal is same(left, right)


def test_a_rider_is_helped_only_while_copy_mapping_and_user_stand() -> None:
    ahead = build.app_user({"department": "Finance"})
    verdict = judge(build.facts(request=FINANCE, app_users=(ahead,)), {})
    computed = build.mapping(department=MappingRule(attribute="department", expression="appuser.a + appuser.b"))
    right = build.okta_user({"department": "Finance"})
    inactive = build.app_user({"department": "Finance"}, directory=build.directory(active=False))
    assert still_helps(verdict, build.okta_user(), ahead, build.mapping())
    assert not still_helps(verdict, right, ahead, build.mapping())
    assert not still_helps(verdict, build.okta_user(), build.app_user(), build.mapping())
    assert not still_helps(verdict, build.okta_user(), None, build.mapping())
    assert not still_helps(verdict, build.okta_user(), ahead, computed)
    assert not still_helps(verdict, build.okta_user(), inactive, build.mapping())
    assert not still_helps(verdict, build.okta_user(status="SUSPENDED"), ahead, build.mapping())
