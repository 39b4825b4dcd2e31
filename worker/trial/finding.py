"""Finds the tickets of a trial: those that a person names, or the newest of every desk since a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice, zip_longest
from typing import NamedTuple

from workflows.errors import Refused
from workflows.model import TicketRef
from workflows.ports import PastTickets


class Wanted(NamedTuple):
    """One ticket of a trial; `ref` is None where no desk has it. One that a person named counts as tagged."""

    key: str
    ref: TicketRef | None
    named: bool = False


def named(keys: Iterable[str], desks: Mapping[str, PastTickets]) -> Iterator[Wanted]:
    """Yield the tickets with these keys, each once, from whichever desks have them."""
    for key in dict.fromkeys(key.strip() for key in keys):
        refs = [ref for desk in desks.values() if (ref := _named(desk, key))]
        if not refs:
            yield Wanted(key, None)
        yield from (Wanted(ref.key, ref, named=True) for ref in refs)


def _named(desk: PastTickets, key: str) -> TicketRef | None:
    """Return a desk's ticket; one that it refuses to show is not there for us."""
    try:
        return desk.named(key)
    except Refused:
        return None


def since(moment: datetime, most: int, desks: Mapping[str, PastTickets]) -> Sequence[Wanted]:
    """Return the newest tickets opened or closed since then (UTC), the desks in turn, at most so many in all."""
    turns = zip_longest(*(desk.past(moment, most) for desk in desks.values()))
    refs = (ref for ref in chain.from_iterable(turns) if ref is not None)
    return [Wanted(ref.key, ref) for ref in islice(refs, most)]
