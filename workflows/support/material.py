"""The material for files about a case, and how other people's text is quoted in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple, TypeVar

from pydantic import JsonValue

from workflows.errors import FarSideError, Misconfigured, NotAllowed
from workflows.model import (
    AgentPool,
    AppUser,
    AttributeRule,
    Case,
    Directory,
    LogEvent,
    MappingRule,
    Note,
    OktaUser,
    Organization,
    Policy,
    Reason,
    RideState,
    Subject,
    SyncRun,
    Value,
    Verdict,
)
from workflows.notes.audience import Reader, Sight
from workflows.notes.reasons import naming_nobody, on_ticket
from workflows.ports import CaseStore, OktaOrg
from workflows.precheck.verdicts import leading_verdict, reached
from workflows.values.case_values import names_of, names_of_askers, values_of
from workflows.values.masking import Hidden, display, plain
from workflows.values.wording import capital, local

LONGEST = 400  # characters of one quoted sentence
MOST_NAMED = 10  # users whom the same Force Sync helped: enough to compare with
MOST_EVENTS = 100  # of each log; the package's size is limited, and recent events matter most
LOOK_BACK = timedelta(days=7)

Read = TypeVar("Read")


class Took(NamedTuple):
    """One user for whom a Force Sync was seen to take effect: in which attributes, and the reading that showed it."""

    user_id: str
    attributes: tuple[str, ...]
    at: datetime
    request_id: str | None


class Attempt(NamedTuple):
    """One Force Sync that was run for the case: how many of its tickets saw an effect, and some of their users.

    `others` are the tickets besides the case's own that saw one.
    """

    run: SyncRun
    tickets: int = 1
    helped: int = 0
    others: int = 0
    took: tuple[Took, ...] = ()


@dataclass(frozen=True)
class Material:
    """Everything that is known when a ticket is handed over; `now` (UTC) is the files' time.

    `attempts` are in order: an uncertain start comes before the one that repeated it. `reader` is whoever may open the
    files, and `note` what the hand-over's note tells them.
    """

    case: Case
    attempts: tuple[Attempt, ...]
    found: Diagnosis
    reader: Reader
    now: datetime
    note: Note | None = None

    @property
    def policy(self) -> Policy:
        """Return the settings that class values."""
        return self.reader.policy

    @property
    def inside(self) -> bool:
        """Return whether the ticket has an internal side; elsewhere everybody who sees it may open its files."""
        return self.reader.sight is Sight.INSIDE

    @property
    def tells_status(self) -> bool:
        """Return whether a file tells users' statuses: after a run, for which they were active, and inside alone."""
        return self.inside and bool(self.attempts)

    @property
    def verdict(self) -> Verdict | None:
        """Return the verdict that decided the case's end."""
        return leading_verdict(self.case)

    @property
    def directory(self) -> Directory | None:
        """Return the directory that the case is about."""
        return self.verdict.directory if self.verdict else None

    @property
    def was_pressed(self) -> bool:
        """Return whether a person pressed the console's own button, which is what Okta documents."""
        return any(attempt.run.by_hand for attempt in self.attempts)

    @property
    def subjects(self) -> Iterator[tuple[Subject, SubjectDiagnosis]]:
        """Yield every subject with what was read about it."""
        known = [*self.found.subjects, *[SubjectDiagnosis()] * len(self.case.subjects)]
        yield from zip(self.case.subjects, known, strict=False)

    @property
    def pools(self) -> tuple[AgentPool, ...]:
        """Return the directories' agents, each pool once."""
        return tuple({pool.id: pool for known in self.found.subjects for pool in known.pools}.values())

    def at(self, moment: datetime | None) -> str:
        """Write a time to the second for the material's readers: in their own zone, then in UTC."""
        return local(moment, self.reader.zone, "%H:%M:%S") if moment else "-"

    def value(self, attribute: str, value: JsonValue) -> str:
        """Write a value as its attribute's class allows."""
        return display(attribute, value, self.policy)

    def why(self, reason: Reason) -> str:
        """Return a reason's sentence as one safe line that names nobody, with its times as `at` writes them.

        What it quotes is hidden in its words, never in our own sentence.
        """
        said = naming_nobody(reason).in_words(lambda _name, word: self._hidden(word))
        return plain(on_ticket(said, self.at), LONGEST)

    def quoted(self, text: str) -> str:
        """Return a text that may quote others as one safe line: no secrets, no addresses, only values that are open."""
        return plain(self._hidden(text), LONGEST)

    @cached_property
    def _hidden(self) -> Hidden:
        found: list[Mapping[str, JsonValue]] = [{"": name} for name in names_of_askers(self.case)]
        for subject, known in self.subjects:
            found += [*values_of(subject), *names_of(subject)]
            found += [copy.profile for copy in (known.user, known.copy_in_directory) if copy]
        return Hidden(found, self.policy, addresses=True)


def attempts(case: Case, run: SyncRun | None, store: CaseStore, *, inside: bool) -> tuple[Attempt, ...]:
    """Return the Force Syncs that were started up to this run, in order: a repeated one comes first.

    Not `inside`, where everybody may read it, nobody is named whom the case is not about.
    """
    chain: list[SyncRun] = []
    while run is not None:
        chain.insert(0, run)
        run = store.run(run.successor_of) if run.successor_of else None
    return tuple(_attempt(case, item, store, inside=inside) for item in chain if item.started_at)


def _attempt(case: Case, run: SyncRun, store: CaseStore, *, inside: bool) -> Attempt:
    rides = [ride for ride in store.rides(run.id) if ride.state is not RideState.DROPPED]
    helped = [ride.case_id for ride in rides if ride.state is RideState.SEEN]
    others = [of for of in helped if of != case.id]
    cases = store.helped(run.id, MOST_NAMED) if inside else (case,)
    took = tuple(user for of in cases for user in _took(of, run))
    return Attempt(run, len(rides), len(helped), len(others), took[:MOST_NAMED])


def lacks(subject: Subject) -> bool:
    """Return whether Okta was not seen to hold what was expected of a subject when it was last looked at."""
    return not subject.looks or bool(subject.looks[-1].lacking)


def _took(case: Case, run: SyncRun) -> Iterator[Took]:
    """Yield the case's users whose values were seen to be right after the run's start."""
    for subject in case.subjects:
        verdict, seen = subject.verdict, subject.seen
        if verdict and verdict.user_id and seen and subject.right and reached(subject, run):
            at = min(item.at for item in seen)
            if run.started_at and at >= run.started_at:
                names = tuple(item.attribute for item in verdict.expectations)
                yield Took(verdict.user_id, names, at, seen[0].request_id)


class SubjectDiagnosis(Value):
    """What is known about one subject besides its verdict; parts are None or empty if they could not be read."""

    user: OktaUser | None = None
    copy_in_directory: AppUser | None = None
    rules: tuple[MappingRule, ...] = ()
    schema_rules: tuple[AttributeRule, ...] = ()
    user_events: tuple[LogEvent, ...] | None = None
    directory_events: tuple[LogEvent, ...] | None = None
    pools: tuple[AgentPool, ...] = ()


class Diagnosis(Value):
    """What was read for a case, subject by subject; `missing` names what could not be read, and why."""

    subjects: tuple[SubjectDiagnosis, ...] = ()
    organization: Organization | None = None
    missing: tuple[str, ...] = ()


def log_since(case: Case) -> datetime:
    """Return the time from which on the System Log is searched for a case (UTC)."""
    return case.opened_at - LOOK_BACK


def collect(case: Case, org: OktaOrg) -> Diagnosis:
    """Read what helps the person who takes the case; a failed read is listed, and never stops the others."""
    missing: list[str] = []
    subjects = tuple(_subject(subject, case, org, missing) for subject in case.subjects)
    judged = any(subject.verdict and subject.verdict.user_id for subject in case.subjects)
    organization = _tried(org.organization, missing) if judged else None
    return Diagnosis(subjects=subjects, organization=organization, missing=tuple(dict.fromkeys(missing)))


def _subject(subject: Subject, case: Case, org: OktaOrg, missing: list[str]) -> SubjectDiagnosis:
    verdict = subject.verdict
    user_id, directory = (verdict.user_id, verdict.directory) if verdict else (None, None)
    if verdict is None or user_id is None:
        return SubjectDiagnosis()
    user = _tried(lambda: org.user(user_id), missing)
    known = SubjectDiagnosis(
        user=user,
        user_events=_tried(lambda: org.log(user_id, log_since(case), MOST_EVENTS), missing),
        schema_rules=(_tried(lambda: org.attribute_rules(user), missing) or ()) if user else (),
    )
    if directory is None:
        return known
    app_id = directory.ref.app_id
    mapping = _tried(lambda: org.mapping(directory, verdict.target_type_id or ""), missing)
    return known.but(
        copy_in_directory=_tried(lambda: org.app_user(directory, user_id), missing),
        directory_events=_tried(lambda: _of_nobody(org.log(app_id, log_since(case), MOST_EVENTS)), missing),
        pools=tuple(pool for pool in _tried(org.agent_pools, missing) or () if pool.id == app_id),
        rules=tuple(mapping.rules.values()) if mapping else (),
    )


def _of_nobody(events: Iterable[LogEvent]) -> tuple[LogEvent, ...]:
    """Return the directory's events that are about no user: those of a case's own are in their logs."""
    return tuple(event for event in events if not event.users)


def _tried(read: Callable[[], Read], missing: list[str]) -> Read | None:
    """Make one reading; why it could not be made is added to the list."""
    try:
        return read()
    except NotAllowed as error:
        missing.append(capital(error.told))
    except Misconfigured:
        raise
    except FarSideError as error:
        missing.append(capital(error.told))
    return None
