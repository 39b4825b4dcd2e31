"""What a file about a case is made from, and how others' sentences are written in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from pydantic import JsonValue

from workflows.acts import leading_verdict
from workflows.case_values import names_of, values_of
from workflows.diagnosis import Diagnosis, SubjectDiagnosis
from workflows.model import Case, Directory, Policy, RideState, Subject, SyncRun, Verdict
from workflows.ports import CaseStore
from workflows.redaction import Hidden, plain

LONGEST = 400  # characters of one quoted sentence


class Attempt(NamedTuple):
    """One Force Sync that was made for the case, and on how many of its tickets an effect was seen."""

    run: SyncRun
    tickets: int = 1
    helped: int = 0


@dataclass(frozen=True)
class Material:
    """Everything that is known when a ticket is handed over; `now` (UTC) is the files' time.

    `attempts` are in their order: an uncertain start stands before the one that repeated it.
    """

    case: Case
    attempts: tuple[Attempt, ...]
    found: Diagnosis
    policy: Policy
    now: datetime

    @property
    def verdict(self) -> Verdict | None:
        """Return the verdict that the case's end turned on."""
        return leading_verdict(self.case)

    @property
    def directory(self) -> Directory | None:
        """Return the directory that the case is about."""
        return self.verdict.directory if self.verdict else None

    @property
    def subjects(self) -> Iterator[tuple[Subject, SubjectDiagnosis]]:
        """Yield every subject with what was read of it."""
        known = [*self.found.subjects, *[SubjectDiagnosis()] * len(self.case.subjects)]
        yield from zip(self.case.subjects, known, strict=False)

    def quoted(self, text: str) -> str:
        """Write a sentence in which others' words may stand: no secrets, no addresses, no values that are not open."""
        return plain(self._hidden(text), LONGEST)

    @cached_property
    def _hidden(self) -> Hidden:
        found: list[Mapping[str, JsonValue]] = [{"": self.case.requester}]
        for subject, known in self.subjects:
            found += [*values_of(subject), *names_of(subject)]
            found += [copy.profile for copy in (known.user, known.copy_in_directory) if copy]
        return Hidden(found, self.policy, addresses=True)


def attempts(run: SyncRun | None, store: CaseStore) -> tuple[Attempt, ...]:
    """Return the Force Syncs that were started up to this run: one that was repeated comes first."""
    chain: list[SyncRun] = []
    while run is not None:
        chain.insert(0, run)
        run = store.run(run.successor_of) if run.successor_of else None
    return tuple(_attempt(item, store) for item in chain if item.started_at)


def _attempt(run: SyncRun, store: CaseStore) -> Attempt:
    states = [ride.state for ride in store.rides(run.id) if ride.state is not RideState.DROPPED]
    return Attempt(run, len(states), states.count(RideState.SEEN))
