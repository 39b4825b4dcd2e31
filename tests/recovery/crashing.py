"""A world whose worker can be struck at any of its steps: killed, or left without the answer to what it sent.

A worker that is killed is dead at once: nothing of it writes or reads any more, and another one, with nothing but the
store, goes on when the leases of the dead have run out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tests.e2e.world import World
from worker import wiring
from workflows.engine.engine import LEASE_SECONDS, Engine
from workflows.errors import Uncertain
from workflows.ports import Clock
from workflows.steps import Ports

STEPS = ("open_case", "reopen", "commit_case", "commit_run", "write_sent", "write_unsent", "write_delivered")
CALLS = ("deliver", "start")
STALLED_SECONDS = 80.0  # a far side's silence until our timeout; longer than a cautious lease check allows for


class How(StrEnum):
    """What happens at a step."""

    KILLED_AFTER = "killed after it"
    NEVER_ARRIVED = "never arrived, and no answer either"
    STALLED = "done, and the answer stalled until the timeout"


class Killed(BaseException):
    """The worker is dead: no code of ours catches this."""


@dataclass
class Striker:
    """Strikes once, at the step of this name; without a name it only notes the steps."""

    at: str | None = None
    how: How = How.KILLED_AFTER
    passing: Callable[[float], None] = lambda seconds: None
    steps: list[str] = field(default_factory=list)
    struck: bool = False
    dead: bool = False

    def pass_through(self, step: str, act: Callable[[], Any]) -> Any:
        """Do a step, or what is to happen to it."""
        self.living()
        self.steps.append(step)
        if self.struck or step != self.at:
            return act()
        self.struck = True
        if self.how is How.NEVER_ARRIVED:
            raise Uncertain("far side", step, "the connection broke before the answer came")
        answer = act()
        if self.how is How.KILLED_AFTER:
            self.die()
        self.passing(STALLED_SECONDS)
        raise Uncertain("far side", step, f"the answer {answer!r} was lost")

    def die(self) -> None:
        """Die."""
        self.dead = True
        raise Killed

    def living(self) -> None:
        """Let nothing happen after death, not even in a `finally`."""
        if self.dead:
            raise Killed


class Struck:
    """A port of a worker that can be struck."""

    def __init__(self, port: Any, striker: Striker) -> None:
        self._port, self._striker = port, striker

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not callable(found):
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            self._striker.living()
            label = _label(name, args)
            if label is None:
                return found(*args, **kwargs)
            return self._striker.pass_through(label, lambda: found(*args, **kwargs))

        return call


class Skewed:
    """A clock that is off."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self._off = clock, timedelta(seconds=seconds)

    def now(self) -> datetime:
        """Return the wrong time."""
        return self._clock.now() + self._off


class CrashingWorld(World):
    """A world whose present worker can be struck; the next one, after its death, is left in peace."""

    skew = 0.0  # seconds by which the next worker's clock is off

    def strike(self, at: str | None, how: How = How.KILLED_AFTER) -> Striker:
        """Let the worker of now on be struck once, at the first step of that name."""
        striker = Striker(at, how, passing=lambda seconds: self.skip(seconds=seconds))
        self.use_ports(struck(self.parts.ports, striker))
        return striker

    def work(self) -> None:
        """Work until nothing is due now; a worker that dies is followed by another one when its leases are over."""
        while True:
            try:
                super().work()
            except Killed:
                self.skip(seconds=LEASE_SECONDS + 1 + max(0.0, -self.skew))
                self.parts.store.close()
                self.parts = wiring.build(self.settings, self._report, Skewed(self.time, self.skew))
                self.engine = Engine(self.parts.ports)
            else:
                return


def struck(ports: Ports, striker: Striker) -> Ports:
    """Return the ports with every step and call of theirs in the striker's hands."""

    def each(mapping: Mapping[str, Any]) -> Any:
        return {name: Struck(port, striker) for name, port in mapping.items()}

    store: Any = Struck(ports.store, striker)
    return replace(ports, store=store, desks=each(ports.desks), orgs=each(ports.orgs), drivers=each(ports.drivers))


def _label(name: str, args: tuple[Any, ...]) -> str | None:
    """Name a step by what it is, the same in every run of the same story; `None` for what changes nothing."""
    if name in {"commit_case", "commit_run"}:
        before, after = args[1].before, args[1].after
        moved = (before.state, getattr(before, "closing", None)) != (after.state, getattr(after, "closing", None))
        end = f" ({after.closing})" if getattr(after, "closing", None) else ""
        return f"{name} {before.state} -> {after.state}{end}" if moved else None
    if name in {"write_sent", "write_unsent", "write_delivered"}:
        return f"{name} {_step_of(args[1])}"
    if name == "deliver":
        return f"deliver {_step_of(args[1].key)}"
    return name if name in STEPS or name in CALLS else None


def _step_of(key: str) -> str:
    """Name a write without the ids of its case and run."""
    return re.sub(r"[0-9a-f]{12}", "ID", key.split(".", 1)[1])
