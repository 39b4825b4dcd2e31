"""A ticket that speaks against what the directory holds, or against a sync, is not served by one."""

from __future__ import annotations

import pytest

from tests.unit import builders as build
from workflows.model import Request, Verdict, Want
from workflows.model import VerdictKind as V
from workflows.precheck.table import judge

MY_TITLE = Want(attribute="title")


def _judged(words: str, *wants: Want) -> Verdict:
    facts = build.facts(
        request=Request(user="ada@example.com", wants=wants),
        words=words,
        users=(build.okta_user({"title": "Clerk"}),),
        app_users=(build.app_user({"title": "Chef"}),),
        history=(),
        directory_history=(),
    )
    return judge(facts, {})


@pytest.mark.parametrize(
    "words",
    [
        "Okta says Clerk and AD says Chef. AD is wrong.",
        "AD has the wrong title, Chef",
        "my title is wrong in AD",
        "HR wrote Chef, but Okta is right",
        "Please do not sync my title",
        "My title is Chef now. Don't force sync it!",
        "AD wrongly says Chef; please revert",
        "the directory mistakenly holds Chef",
        "It should stay Clerk",
        "Sorry, Clerk is correct",
        "keep me as Clerk",
    ],
)
def test_a_value_that_the_ticket_speaks_against_is_asked_about(words: str) -> None:
    assert V.NEEDS_INFORMATION is _judged(words).kind
    assert V.NEEDS_INFORMATION is _judged(words, MY_TITLE).kind


@pytest.mark.parametrize(
    "words",
    [
        "AD is right, Okta is wrong",
        "AD was wrong and has been corrected, Okta still shows Clerk",
        "my attributes don't sync",
        "Okta is right now showing Clerk",
        "please sync until Okta is right",
        "it was wrong in AD",
        "Clerk is wrong",
        "Okta still says Clerk",
    ],
)
def test_a_value_that_the_ticket_does_not_speak_against_is_brought(words: str) -> None:
    assert V.STALE_IN_OKTA is _judged(words, MY_TITLE).kind


@pytest.mark.parametrize("words", ["my title is Cook and Okta doesn't show that", "title: Cook"])
def test_a_value_that_is_told_and_neither_copy_holds_is_asked_about(words: str) -> None:
    assert V.NEEDS_INFORMATION is _judged(words, MY_TITLE).kind
    assert V.STALE_IN_OKTA is _judged(words.replace("Cook", "Chef"), MY_TITLE).kind
    assert V.STALE_IN_OKTA is _judged("my title is Clerk, title: Chef", MY_TITLE).kind


def test_a_stated_value_that_the_copy_holds_is_wanted_whatever_else_is_said() -> None:
    assert V.STALE_IN_OKTA is _judged("AD is outdated", Want(attribute="title", expected="Chef")).kind
