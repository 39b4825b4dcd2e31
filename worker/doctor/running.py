"""Makes many checks at once, each within a deadline: what hangs keeps neither the others nor the doctor from ending."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from connectors.http.governance import Patience, patience
from worker.doctor.checks import Check, Result, Seen, Status
from worker.doctor.hearing import hearing
from worker.errors import OperatorError
from workflows.errors import FarSideError, Misconfigured, Refused, Several, StoreUnavailable
from workflows.ports import NothingToSeeError
from workflows.values.masking import plain, without_people

WITHIN = 5.0  # seconds for all of them: with the start of the program, even on a busy machine, below ten
AT_ONCE = 6  # calls of one product: several limit how many may be under way
LONGEST = 1200  # characters of each line of what was seen: of several faults, each has one
WAITS = 0.05


class Running:
    """One run of some checks."""

    def __init__(
        self,
        checks: Sequence[Check],
        within: float = WITHIN,
        manners: Mapping[str, Patience] | None = None,
        own: frozenset[str] = frozenset(),
    ) -> None:
        """Prepare them; `own` are the e-mail addresses that may be shown, all others are masked."""
        self._checks, self._within, self._own = {check.id: check for check in checks}, within, own
        self._manners = manners or {}
        self._results: dict[str, Result] = {}
        self._looking: set[str] = set()
        self._done = threading.Condition()
        self._slots: Mapping[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(AT_ONCE))

    def results(self) -> list[Result]:
        """Make the checks and return a result for each, in their order; what hangs is left behind at the deadline."""
        end = time.monotonic() + self._within
        for system in {check.system for check in self._checks.values()}:
            _ = self._slots[system]  # made before threads ask for it
        for check in self._checks.values():  # daemons: a thread that hangs in a call must not keep the process
            threading.Thread(target=self._run, args=(check, end), daemon=True, name=check.id).start()
        with self._done:
            self._done.wait_for(lambda: len(self._results) == len(self._checks), timeout=self._within + WAITS)
            found, looking = dict(self._results), set(self._looking)
        return [found.get(check.id) or self._late(check, looking) for check in self._checks.values()]

    def _run(self, check: Check, end: float) -> None:
        result = self._waited_for(check, end)
        if result is None:
            slot = self._slots[check.system]
            if not slot.acquire(timeout=max(0.0, end - time.monotonic())):
                return
            with self._done:
                self._looking.add(check.id)
            try:
                with _minding(self._manners.get(check.system)):
                    result = _made(check, self._own)
            finally:
                slot.release()
        with self._done:
            self._results[check.id] = result
            self._done.notify_all()

    def _waited_for(self, check: Check, end: float) -> Result | None:
        """Wait for what the check needs; return its result if something it needs is not right."""
        wanted = [id for id in (*check.needs, *check.after) if id in self._checks]
        with self._done:
            self._done.wait_for(
                lambda: all(id in self._results for id in wanted), timeout=max(0.0, end - time.monotonic())
            )
            for id in check.needs:
                if id in self._checks and not self._serves(id):
                    return Result(check.id, Status.UNKNOWN, check.tried, f"not looked at, because of {id}", "", id)
        return None

    def _serves(self, id: str) -> bool:
        """Say whether what needs this check may be made; what is allowed to fail warns of that, and serves nobody."""
        found = self._results.get(id)
        if found is None or found.status is not Status.WARN:
            return found is not None and found.status is Status.OK
        return self._checks[id].needed

    def _late(self, check: Check, looking: Iterable[str]) -> Result:
        if check.id not in looking:
            return Result(check.id, Status.UNKNOWN, check.tried, "not looked at in time", "")
        status = Status.FAIL if check.vital else Status.WARN
        action = f"{check.action}; or try it alone: forcesync doctor --only {check.id}"
        return Result(check.id, status, check.tried, f"no answer within {self._within:g} s", action)


@contextmanager
def _minding(manners: Patience | None) -> Iterator[None]:
    token = patience.set(manners)
    try:
        yield
    finally:
        patience.reset(token)


def _made(check: Check, own: frozenset[str]) -> Result:
    """Make a check; whatever it raises is a result."""
    behind = ""
    with hearing() as heard:
        try:
            seen = check.look()
        except NothingToSeeError as error:
            seen, behind = Seen(Status.UNKNOWN, str(error)), f"{check.system}.{error.behind}" if error.behind else ""
        except (Misconfigured, Refused, OperatorError, StoreUnavailable) as error:
            seen = Seen(_fault(check), _words(error))
        except FarSideError as error:
            seen = Seen(Status.UNKNOWN, _words(error))
        except Exception as error:  # noqa: BLE001  # a defect in one check must not hide the others
            seen = Seen(Status.FAIL, f"a defect of forcesync: {type(error).__name__}: {error}")
    if isinstance(seen, str):
        seen = Seen(Status.OK, seen)
    if seen.status is Status.OK and (heard.warnings or heard.untold):
        status = Status.WARN if heard.warnings else Status.UNKNOWN
        seen = Seen(status, "; ".join(heard.warnings or heard.untold))
    text = without_people(_joined(plain(line, LONGEST) for line in seen.text.split("\n")), own)
    action = (seen.action or check.action) if seen.status in (Status.FAIL, Status.WARN) else ""
    return Result(check.id, seen.status, check.tried, text, action, behind)


def _joined(lines: Iterable[str]) -> str:
    """Write the lines of a text as one, such as several faults of the settings below their heading."""
    head, *others = map(str.strip, lines)
    return "; ".join([f"{head} {others[0]}" if others else head, *others[1:]])


def _fault(check: Check) -> Status:
    return Status.FAIL if check.needed else Status.WARN


def _words(error: Exception) -> str:
    if isinstance(error, Several):
        return "\n".join([f"could not {error.operation}:", *error.lines])
    return f"could not {error.operation}: {error.detail}" if isinstance(error, FarSideError) else str(error)
