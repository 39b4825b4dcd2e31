"""Finds the tickets of a trial: those that a person names, or the newest of every desk since a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import chain, islice, zip_longest
from typing import NamedTuple, Protocol, TypeVar

from workflows.errors import FarSideError, Refused
from workflows.model import TicketRef
from workflows.ports import PastTickets


class Wanted(NamedTuple):
    """One ticket of a trial; `ref` is None where no desk has it. One that a person named counts as tagged."""

    key: str
    ref: TicketRef | None
    named: bool = False


class Found(NamedTuple):
    """The tickets of a trial, and why some desks could not be searched, by their names."""

    wanted: tuple[Wanted, ...]
    unsearched: Mapping[str, FarSideError]


Answer = TypeVar("Answer")


class Patiently(Protocol):
    """Makes a call again where it must wait for a product."""

    def __call__(self, call: Callable[[], Answer], /) -> Answer:
        """Return what the call returns."""


def named(keys: Sequence[str], desks: Mapping[str, PastTickets], patiently: Patiently) -> Found:
    """Return the tickets with these keys, each once, from whichever desks have them."""
    asked = tuple(dict.fromkeys(key.strip() for key in keys))
    refs, unsearched = _of_each(desks, lambda desk: {key: _named(desk, key) for key in asked}, patiently)
    wanted: list[Wanted] = []
    for key in asked:
        held = [Wanted(ref.key, ref, named=True) for found in refs.values() if (ref := found[key])]
        wanted += held or [Wanted(key, None)]
    return Found(tuple(wanted), unsearched)


def since(moment: datetime, most: int, desks: Mapping[str, PastTickets], patiently: Patiently) -> Found:
    """Return the newest tickets opened or closed since then (UTC), the desks in turn, at most so many in all."""
    refs, unsearched = _of_each(desks, lambda desk: tuple(desk.past(moment, most)), patiently)
    turns = (ref for ref in chain.from_iterable(zip_longest(*refs.values())) if ref is not None)
    return Found(tuple(Wanted(ref.key, ref) for ref in islice(turns, most)), unsearched)


def _of_each(
    desks: Mapping[str, PastTickets], look: Callable[[PastTickets], Answer], patiently: Patiently
) -> tuple[dict[str, Answer], dict[str, FarSideError]]:
    """Ask every desk; one that cannot be asked keeps no other from it. Raises its error if none can."""
    answers: dict[str, Answer] = {}
    errors: dict[str, FarSideError] = {}
    for name, desk in desks.items():
        try:
            answers[name] = patiently(partial(look, desk))
        except FarSideError as error:
            errors[name] = error
    if errors and not answers:
        raise next(iter(errors.values()))
    return answers, errors


def _named(desk: PastTickets, key: str) -> TicketRef | None:
    """Return a desk's ticket; one that it refuses to show is not there for us."""
    try:
        return desk.named(key)
    except Refused:
        return None
