"""Tickets are read at the pace that products allow, and one bad ticket stops nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from worker.trial.finding import Wanted
from worker.trial.pace import MOST_SEARCHES, MOST_TRIES, Pace
from worker.trial.rows import Outcome, Row
from workflows.errors import Misconfigured, Refused, Transient, Unexpected

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WANTED = [Wanted(f"INC{number}", None) for number in range(4)]


class Time:
    """A clock that the wait moves."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> bool:
        self.at += timedelta(seconds=seconds)
        return False


class Told:
    """Keeps what is told."""

    def __init__(self) -> None:
        self.done, self.failed = 0, 0
        self.waited: list[tuple[str, datetime]] = []

    def read(self, done: int, failed: int) -> None:
        self.done, self.failed = done, failed

    def waits(self, system: str, until: datetime) -> None:
        self.waited.append((system, until))


def read(wanted: Wanted) -> Row:
    return Row(wanted.key, "servicenow", Outcome.SYNC)


def failing(key: str, error: Callable[[], Exception]) -> Callable[[Wanted], Row]:
    def call(wanted: Wanted) -> Row:
        if wanted.key == key:
            raise error()
        return read(wanted)

    return call


@pytest.mark.parametrize("threads", [1, 3])
def test_rows_come_in_the_order_of_the_tickets(threads: int) -> None:
    time, told = Time(), Told()
    rows = Pace(time, told, time.wait).rows(WANTED, read, threads)
    assert [item.key for item in WANTED] == [row.ticket for row in rows]
    assert (4, 0) == (told.done, told.failed)


def test_a_rate_limit_is_waited_for_and_the_ticket_read_again() -> None:
    time, told, reset = Time(), Told(), NOON + timedelta(seconds=42)

    def limited(wanted: Wanted) -> Row:
        if wanted.key == "INC2" and time.now() < reset:
            raise Transient("okta", "read the user", "nearly used up", until=reset)
        return read(wanted)

    rows = Pace(time, told, time.wait).rows(WANTED, limited, 1)
    assert ({Outcome.SYNC}, reset) == ({row.outcome for row in rows}, time.now())
    assert [("okta", reset)] == told.waited


def test_a_product_that_never_answers_is_given_up_for_one_ticket() -> None:
    time, told = Time(), Told()
    silent = failing("INC1", lambda: Transient("okta", "read the user", "HTTP 503"))
    rows = Pace(time, told, time.wait).rows(WANTED, silent, 1)
    assert (Outcome.NOT_READ, "okta did not answer") == (rows[1].outcome, rows[1].why)
    assert [Outcome.SYNC] * 3 == [row.outcome for row in (rows[0], *rows[2:])]
    assert MOST_TRIES - 1 == len(told.waited)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (Refused("jira", "read the issue", "Jane Doe", status=403), "jira could not read the issue (HTTP 403)"),
        (Refused("jira", "read the issue", "it is in project X"), "could not read the issue: it is in project X"),
        (Unexpected("jira", "read Jira's answer", "Jane Doe"), "because the answer is not understood"),
        (KeyError("Jane Doe"), "a defect in forcesync (KeyError)"),
    ],
    ids=["refused", "by us", "odd", "defect"],
)
def test_a_bad_ticket_is_a_line_without_the_products_words(error: Exception, why: str) -> None:
    time, told = Time(), Told()
    rows = Pace(time, told, time.wait).rows(WANTED, failing("INC0", lambda: error), 1)
    assert why in rows[0].why
    assert "Jane" not in rows[0].why
    assert (4, 1) == (told.done, told.failed)


def test_what_concerns_every_ticket_stops_it_with_what_was_read() -> None:
    time = Time()
    pace = Pace(time, Told(), time.wait)
    rows = pace.rows(WANTED, failing("INC2", lambda: Misconfigured("okta", "sign in", "HTTP 401")), 1)
    assert ["INC0", "INC1"] == [row.ticket for row in rows]
    assert "okta: could not sign in" in pace.why


def test_a_person_who_stops_it_keeps_what_was_read() -> None:
    time = Time()
    pace = Pace(time, Told(), time.wait)

    def interrupted(wanted: Wanted) -> Row:
        if wanted.key == "INC3":
            raise KeyboardInterrupt
        return read(wanted)

    assert ["INC0", "INC1", "INC2"] == [row.ticket for row in pace.rows(WANTED, interrupted, 1)]
    assert "interrupted" == pace.why


def test_a_search_is_made_a_few_times() -> None:
    time, told, made = Time(), Told(), list[datetime]()

    def search() -> None:
        made.append(time.now())
        raise Transient("jira", "search", "HTTP 502")

    with pytest.raises(Transient):
        Pace(time, told, time.wait).patiently(search)
    assert MOST_SEARCHES == len(made)
    assert timedelta(seconds=60) == made[-1] - made[0]
