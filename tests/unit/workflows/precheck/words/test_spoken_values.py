"""What a ticket is about by the values that its words contain, where its sentences are not understood."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.unit import builders as build
from workflows.model import MappingRule, Request, Want
from workflows.model import VerdictKind as V
from workflows.precheck.facts import Facts
from workflows.precheck.table import judge
from workflows.precheck.words.mentioned_values import speaks_of

TITLE_IS_BEHIND = ({"title": "Clerk"}, {"title": "Chef"})


def _facts(words: str, okta: dict[str, Any], copy: dict[str, Any], *wants: Want) -> Facts:
    request = Request(user="ada@example.com", wants=wants)
    return build.facts(
        request=request,
        words=words,
        users=(build.okta_user(okta),),
        app_users=(build.app_user(copy),),
        history=(),
        directory_history=(),
    )


@pytest.mark.parametrize(
    ("words", "kind", "attribute"),
    [
        ("nothing arrives", V.STALE_IN_OKTA, "title"),
        ("Olen nyt Chef", V.STALE_IN_OKTA, "title"),
        ("vielä Clerk", V.STALE_IN_OKTA, "title"),
        ("osasto ei ole enää Sales", V.CANNOT_TELL, None),
        ("department: AD=Tax", V.CANNOT_TELL, None),
        ("salesperson", V.STALE_IN_OKTA, "title"),
    ],
)
def test_a_value_says_what_a_ticket_is_about_whose_sentences_nobody_understands(
    words: str, kind: V, attribute: str | None
) -> None:
    verdict = judge(_facts(words, *TITLE_IS_BEHIND), {})
    assert (kind, attribute) == (verdict.kind, verdict.attribute)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("now in cafe\u0301 team", "Café"),
        ("now in café team", "Cafe\u0301"),
        ("i am at O’Neill’s desk", "O'Neill"),
        ("in der STRASSE", "strasse"),
        ("jetzt 東京支社", "東京支社"),
        ("R&D -- here", "R&D"),
    ],
)
def test_a_value_is_found_however_its_signs_are_written(words: str, value: str) -> None:
    assert speaks_of(_facts(words, *TITLE_IS_BEHIND), value)
    assert not speaks_of(_facts("nothing of it", *TITLE_IS_BEHIND), value)


@pytest.mark.long
def test_many_long_comments_are_held_against_the_values_in_little_time() -> None:
    profile = {f"attribute{number}": f"value {number}" for number in range(30)}
    words = "hello there ok\n" * 50_000
    began = time.process_time()
    judge(_facts(words, profile, profile), {})
    assert time.process_time() - began < 5.0


@pytest.mark.parametrize(
    "words",
    [
        "My Okta photo is old",
        "my badge number hasn't changed",
        "I am now called King",
        "I just married",
        "Moved to Legal",
        "I report to Eve now",
        "I'm in Legal",
    ],
)
def test_a_ticket_about_one_thing_that_no_attribute_holds_is_not_served_by_another(words: str) -> None:
    assert V.NEEDS_INFORMATION is judge(_facts(words, *TITLE_IS_BEHIND), {}).kind


@pytest.mark.parametrize("words", ["My Okta profile is old", "my account details haven't changed", "My boss is angry"])
def test_a_ticket_about_the_whole_profile_is_served_by_what_differs(words: str) -> None:
    assert V.STALE_IN_OKTA is judge(_facts(words, *TITLE_IS_BEHIND), {}).kind


def test_an_attribute_that_is_to_be_cleared_is_one_that_okta_fills() -> None:
    rules = {
        name: MappingRule(attribute=name, expression=f"appuser.{name}") for name in ("primaryPhone", "mobilePhone")
    }
    facts = _facts("x", {"mobilePhone": "123-4567"}, {"mobilePhone": None}, Want(attribute="phone", expected=""))
    facts = facts.model_copy(update={"mapping": build.mapping(**rules)})
    assert ["mobilePhone"] == [item.attribute for item in judge(facts, {}).expectations]
    both = facts.model_copy(update={"app_users": (build.app_user({"mobilePhone": "123-4567"}),)})
    assert V.NEEDS_INFORMATION is judge(both, {}).kind


def test_what_the_copy_would_bring_and_the_ticket_speaks_of_is_looked_for_beside_what_was_understood() -> None:
    facts = _facts("x", {"title": "Clerk", "department": "Sales"}, {"title": "Chef", "department": "Kitchen"})
    want = Want(attribute="title", expected="Chef")
    alone = facts.model_copy(update={"request": Request(user="ada@example.com", wants=(want,))})
    both = alone.model_copy(update={"words": "Chef -- Kitchen"})
    assert ["title"] == [item.attribute for item in judge(alone, {}).expectations]
    assert {"title", "department"} == {item.attribute for item in judge(both, {}).expectations}


def test_a_ticket_that_speaks_of_the_copys_value_and_was_read_to_want_another_is_asked() -> None:
    want = Want(attribute="title", expected="Cook")
    assert V.STALE_IN_DIRECTORY_COPY is judge(_facts("it should be Cook", *TITLE_IS_BEHIND, want), {}).kind
    assert V.NEEDS_INFORMATION is judge(_facts("should be Cook, I mean Chef", *TITLE_IS_BEHIND, want), {}).kind
    both_hold = ({"title": "Chef"}, {"title": "Chef"})
    assert V.STALE_IN_DIRECTORY_COPY is judge(_facts("Chef, should be Cook", *both_hold, want), {}).kind
    assert V.NEEDS_INFORMATION is judge(_facts("should be Cook. Sorry, Chef", *both_hold, want), {}).kind
