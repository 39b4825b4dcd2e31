"""A trial takes the newest tickets of each desk in turn, or those that a person names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from worker.trial.finding import Wanted, named, since
from workflows.errors import Refused
from workflows.model import TicketRef
from workflows.ports import PastTickets

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Desk:
    """A desk with some tickets; `read` counts those that were taken from its list."""

    def __init__(self, name: str, *keys: str, hidden: str = "") -> None:
        self.name, self._keys, self._hidden, self.read = name, keys, hidden, 0

    def past(self, since: datetime, most: int) -> Iterator[TicketRef]:
        for key in self._keys[:most]:
            self.read += 1
            yield self._ref(key)

    def named(self, key: str) -> TicketRef | None:
        if key == self._hidden:
            raise Refused(self.name, "find the ticket", "hidden", status=403)
        return self._ref(key) if key in self._keys else None

    def _ref(self, key: str) -> TicketRef:
        return TicketRef(desk=self.name, id=key, key=key)


def desks(*found: Desk) -> Mapping[str, PastTickets]:
    return {desk.name: desk for desk in found}


def test_the_desks_come_in_turn_and_no_more_is_read_than_asked_for() -> None:
    one, two = Desk("one", *"abcdef"), Desk("two", "x")
    assert ["a", "x", "b", "c"] == [item.key for item in since(NOON, 4, desks(one, two))]
    assert one.read <= 4


def test_a_key_is_looked_for_on_every_desk_and_an_unknown_one_is_kept() -> None:
    one, two = Desk("one", "a", "b", hidden="c"), Desk("two", "a")
    found = list(named(["a", " b ", "b", "c"], desks(one, two)))
    assert [("a", "one"), ("a", "two"), ("b", "one")] == [(item.key, item.ref.desk) for item in found if item.ref]
    assert Wanted("c", None) == found[-1]
