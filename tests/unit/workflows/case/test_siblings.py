"""Tickets about the same fault stand in one line: by when they were given to us, then by their keys."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

from tests.unit import builders as build
from workflows.case.siblings import precedence
from workflows.model import Case, TicketRef

SECOND = timedelta(seconds=1)


def given(key: str, seconds: float = 0, *, found: float = 60) -> Case:
    times = {"given_at": build.NOW + seconds * SECOND, "opened_at": build.NOW + found * SECOND}
    return build.case(id=f"case-of-{key}", ref=TicketRef(desk="desk", id=key, key=key), **times)


def test_tickets_stand_in_line_by_the_time_that_they_were_tagged_and_not_by_when_they_were_found() -> None:
    first, second, third = given("SUP-3", 0, found=90), given("INC0010007", 20, found=30), given("SUP-2", 21, found=10)
    for mixed in permutations((first, second, third)):
        assert [first, second, third] == sorted(mixed, key=precedence)


def test_tickets_of_the_same_second_stand_in_line_as_their_keys_count_up() -> None:
    line = [given("INC0010007", 0.9), given("SUP-9", 0.2), given("SUP-10", 0.0), given("SUP-101", 0.1)]
    for mixed in permutations(line):
        assert line == sorted(mixed, key=precedence)


def test_a_case_of_which_no_time_of_its_ticket_is_known_counts_from_when_it_was_found() -> None:
    older, newer = given("SUP-9", 20), build.case(opened_at=build.NOW + 21 * SECOND)
    assert [older, newer] == sorted((newer, older), key=precedence)
