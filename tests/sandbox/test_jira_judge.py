"""What the simulated Jira reports as a violation, and what it does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.jira_server import AGENT, INTERNAL, PUBLIC, Server

MARKER = {"key": "forcesync.marker", "value": "c1.note"}


@pytest.fixture
def site() -> Server:
    return Server()


def test_a_comment_that_states_its_side_once_is_fine(site: Server) -> None:
    site.comment(site.file(), "Note.", INTERNAL, MARKER)
    site.comment(site.file("ENG"), "Note.", MARKER)
    assert site.rules_broken() == []


@pytest.mark.parametrize("told", [{}, {"internal": "yes"}, None])
def test_a_side_that_is_not_stated_plainly_is_an_offence(site: Server, told: Any) -> None:
    site.comment(site.file(), "Note.", {"key": "sd.public.comment", "value": told})
    assert site.rules_broken() == ["comment without a stated side"]


def test_the_same_marker_twice_is_an_offence(site: Server) -> None:
    id = site.file()
    site.comment(id, "Note.", MARKER)
    site.comment(id, "Other words.", MARKER)
    assert site.rules_broken() == ["comment twice"]


def test_a_mention_in_markup_is_an_offence_and_one_in_quoted_text_is_not(site: Server) -> None:
    id = site.file()
    site.comment(id, r"Asked by \[~admin], who wrote {noformat}[~admin]{noformat}")
    assert site.rules_broken() == []
    site.comment(id, "Asked by [~accountid:712020:1]")
    assert site.rules_broken() == ["mention in a comment"]


def test_a_secret_that_becomes_public_by_a_change_is_an_offence(site: Server) -> None:
    site.frame.sensitive = lambda: {"555-0100"}
    id = site.file()
    comment = site.comment(id, "Their number is 555-0100.").json()["id"]
    assert site.rules_broken() == []
    site.call("PUT", f"/issue/{id}/comment/{comment}", {"body": "It is 555-0100.", "properties": [PUBLIC]})
    assert site.rules_broken() == ["masked value in public"]


@pytest.mark.parametrize("how", ["comment", "transition", "property", "edit"])
def test_a_write_on_an_issue_that_a_person_took_is_an_offence(site: Server, how: str) -> None:
    id = site.file()
    site.people.change(id, by=AGENT, assignee=AGENT)
    site.clock.advance(timedelta(minutes=1).total_seconds())
    if how == "comment":
        site.comment(id)
    elif how == "transition":
        site.transition(id, "Start work")
    elif how == "property":
        site.call("PUT", f"/issue/{id}/properties/run", 1)
    else:
        site.call("PUT", f"/issue/{id}", {"fields": {"summary": "New"}})
    assert site.rules_broken() == ["write on a ticket that a person has taken"]
