"""A trial takes the newest tickets of each desk in turn, or those that a person names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

import pytest

from worker.trial.finding import Answer, Wanted, named, since
from workflows.errors import Refused, Transient
from workflows.model import TicketRef
from workflows.ports import PastTickets

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Desk:
    """A desk with some tickets; `read` counts those that were taken from its list. One that is `down` has no answer."""

    def __init__(self, name: str, *keys: str, hidden: str = "", down: bool = False) -> None:
        self.name, self._keys, self._hidden, self.read, self._down = name, keys, hidden, 0, down

    def past(self, since: datetime, most: int) -> Iterator[TicketRef]:
        self._answer()
        for key in self._keys[:most]:
            self.read += 1
            yield self._ref(key)

    def named(self, key: str) -> TicketRef | None:
        self._answer()
        if key == self._hidden:
            raise Refused(self.name, "find the ticket", "hidden", status=403)
        return self._ref(key) if key in self._keys else None

    def _answer(self) -> None:
        if self._down:
            raise Transient(self.name, "search", "HTTP 503")

    def _ref(self, key: str) -> TicketRef:
        return TicketRef(desk=self.name, id=key, key=key)


def desks(*found: Desk) -> Mapping[str, PastTickets]:
    return {desk.name: desk for desk in found}


def once(call: Callable[[], Answer], /) -> Answer:
    return call()


def test_the_desks_come_in_turn_and_no_more_is_read_than_asked_for() -> None:
    one, two = Desk("one", *"abcdef"), Desk("two", "x")
    assert ["a", "x", "b", "c"] == [item.key for item in since(NOON, 4, desks(one, two), once).wanted]
    assert one.read <= 4


def test_a_key_is_looked_for_on_every_desk_and_an_unknown_one_is_kept() -> None:
    one, two = Desk("one", "a", "b", hidden="c"), Desk("two", "a")
    found = named(["a", " b ", "b", "c"], desks(one, two), once).wanted
    assert [("a", "one"), ("a", "two"), ("b", "one")] == [(item.key, item.ref.desk) for item in found if item.ref]
    assert Wanted("c", None) == found[-1]


def test_a_desk_that_does_not_answer_keeps_no_other_from_being_searched() -> None:
    held = desks(Desk("one", "a", down=True), Desk("two", "x", "y"))
    for found in (since(NOON, 4, held, once), named(["x", "y"], held, once)):
        assert ["x", "y"] == [item.key for item in found.wanted]
        assert ["one"] == list(found.unsearched)


def test_where_no_desk_answers_nothing_is_found() -> None:
    held = desks(Desk("one", down=True), Desk("two", down=True))
    with pytest.raises(Transient, match="one: could not search"):
        named(["a"], held, once)
