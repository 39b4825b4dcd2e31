"""What a file about a case is made from, and how others' sentences are written in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from pydantic import JsonValue

from workflows.model import Case, Directory, Policy, RideState, Subject, SyncRun, Verdict
from workflows.ports import CaseStore
from workflows.precheck.acts import leading_verdict
from workflows.support.diagnosis import Diagnosis, SubjectDiagnosis
from workflows.values.case_values import names_of, values_of
from workflows.values.masking import Hidden, plain

LONGEST = 400  # characters of one quoted sentence
MOST_NAMED = 10  # users whom the same Force Sync helped: enough to compare with


class Took(NamedTuple):
    """One user for whom a Force Sync was seen to take effect: in which attributes, and the reading that showed it."""

    user_id: str
    attributes: tuple[str, ...]
    at: datetime
    request_id: str | None


class Attempt(NamedTuple):
    """One Force Sync that was made for the case: on how many of its tickets an effect was seen, and some of whom."""

    run: SyncRun
    tickets: int = 1
    helped: int = 0
    took: tuple[Took, ...] = ()


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
    took = tuple(user for case in store.helped(run.id, MOST_NAMED) for user in _took(case, run))
    return Attempt(run, len(states), states.count(RideState.SEEN), took[:MOST_NAMED])


def _took(case: Case, run: SyncRun) -> Iterator[Took]:
    """Yield the case's users who were seen right after the run's start."""
    for subject in case.subjects:
        verdict, at = subject.verdict, min((item.at for item in subject.seen), default=None)
        here = verdict is not None and verdict.directory is not None and verdict.directory.ref == run.directory.ref
        if verdict and verdict.user_id and here and subject.right and at and run.started_at and at >= run.started_at:
            names = tuple(item.attribute for item in verdict.expectations)
            yield Took(verdict.user_id, names, at, subject.seen[0].request_id)
