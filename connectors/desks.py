"""What all ticket desks do alike: probes, checks of many things, agents, SLAs, copies of a write."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import structlog

from workflows.errors import Checklist, FarSideError, NotAllowed, Refused, Transient, Unexpected
from workflows.model import Move
from workflows.ports import Clock, Copies, NothingToSeeError, Probe

Item = TypeVar("Item")
OURS = frozenset({Move.CLAIMED, Move.ASKED, Move.RESOLVED, Move.UNCONFIRMED})  # what we do with a ticket that is ours
HOLD = timedelta(minutes=5)  # whether somebody is an agent may change at any time
MOST_PEOPLE = 1_000
UNREADABLE = (Refused, NotAllowed, Unexpected, Transient)  # of an SLA, without which the work goes on
REFUSALS = 3  # of the same look, until it is believed
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # of an entry whose time cannot be read: it answers no question of ours


def undone(rule: str, tickets: str) -> str:
    """Return the warning that a `rule` of the site took our assignment off again."""
    return (
        f"{rule} changes the assignee when this account is assigned; exempt the account, or its {tickets} are worked "
        "without an assignee"
    )


def at(desk: str, key: str) -> str:
    """Return the whole settings key of a key in a desk's table."""
    return f"desks.{desk}.{key}"


def probe(
    desk: str, product: str, id: str, tried: str, keys: str, look: Callable[[], str], needs: tuple[str, ...] = ()
) -> Probe:
    """Return a look at names in a desk's settings; `keys` are theirs, with blanks between."""
    own = tuple(at(desk, key) for key in keys.split())
    return Probe(
        id,
        tried,
        own,
        f"correct the name in the settings, create it in {product}, or let the account read it",
        look,
        needs,
    )


def check_each(system: str, items: Iterable[Item], check: Callable[[Item], object]) -> None:
    """Check one after the other; raise `Misconfigured` with all that is wrong with any."""
    checks = Checklist(system)
    for item in items:
        with checks.noting():
            check(item)
    checks.end()


class Usable:
    """Which of a desk's tables or projects can be looked at: all but those whose fault an earlier look has told."""

    def __init__(self, system: str, names: Iterable[str]) -> None:
        self._system, self._names, self._behind = system, tuple(names), ""

    def names(self) -> tuple[str, ...]:
        """Return their names, or raise `NothingToSeeError` if none is left."""
        if not self._names:
            raise NothingToSeeError(f"not looked at, because of {self._behind}", self._behind)
        return self._names

    def sift(self, probe: str, check: Callable[[str], object]) -> None:
        """Check each, and leave those with a fault out of later looks; `probe` is the id of the look that tells it."""
        checks, right = Checklist(self._system), list[str]()
        for name in self.names():
            with checks.noting():
                check(name)
                right.append(name)
        if len(right) < len(self._names):
            self._names, self._behind = tuple(right), probe
        checks.end()


class Agents:
    """Remembers for a while who is an agent in which scope, such as a project.

    A refused look tells nothing about anybody, so it is raised. Only once the same look was refused again and again are
    those of its scope who cannot be looked up taken for no agents, until a look there succeeds; that is warned of.
    """

    def __init__(self, product: str, clock: Clock) -> None:
        self._product, self._clock = product, clock
        self._held: dict[tuple[str, str], tuple[bool, datetime]] = {}
        self._refused = defaultdict[str, Counter[str]](Counter)  # by scope

    def is_one(self, scope: str, who: str, look: Callable[[], bool]) -> bool:
        """Return what `look` tells, or told lately."""
        held, now = self._held.get((scope, who)), self._clock.now()
        if held and now < held[1]:
            return held[0]
        try:
            found = look()
        except (Refused, NotAllowed) as error:
            return self._none(scope, who, error)
        self._refused[scope].clear()
        if len(self._held) >= MOST_PEOPLE:
            self._held.clear()
        self._held[scope, who] = found, now + HOLD
        return found

    def _none(self, scope: str, who: str, error: FarSideError) -> bool:
        refused = self._refused[scope]
        known = max(refused.values(), default=0)
        if known < REFUSALS:
            if who not in refused and len(refused) >= MOST_PEOPLE:
                refused.clear()
            refused[who] += 1
            if refused[who] < REFUSALS:
                raise error
            said = "who is an agent cannot be looked up; nobody is taken for one"
            structlog.get_logger(f"forcesync.{self._product}").warning(said, system=error.system, text=str(error))
        return False


class SlaRows:
    """Reads SLAs for a desk on which a person takes over at `limit` per cent; 0 means never.

    That one cannot be read is warned of once.
    """

    def __init__(self, product: str, limit: float) -> None:
        self.limit = limit
        self._product = product
        self._warned: set[str] = set()  # cleared when SLAs can be read again

    def read(self, read: Callable[[], list[Item]]) -> list[Item]:
        """Return what `read` does; nothing if no SLA counts."""
        if not self.limit:
            return []
        try:
            rows = read()
        except UNREADABLE as error:
            self._warn_once(error)
            raise
        self._warned.clear()
        return rows

    def _warn_once(self, error: FarSideError) -> None:
        """Warn once for a temporary fault and once for a refusal, so that the one does not hide the other."""
        said = "SLAs cannot be looked at now" if isinstance(error, Transient) else "SLAs are not looked at"
        if said not in self._warned:
            self._warned.add(said)
            structlog.get_logger(f"forcesync.{self._product}").warning(said, system=error.system, text=str(error))


def take_back_all_but_first(copies: Sequence[Item], delete: Callable[[Item], object]) -> Copies:
    """Delete the copies of a write, oldest first in `copies`, and count them."""
    removed = 0
    for copy in copies[1:]:
        try:
            delete(copy)
            removed += 1
        except Refused:
            continue  # another worker was faster, or the account lacks the right: the count shows it
    return Copies(found=max(0, len(copies) - 1), removed=removed)
