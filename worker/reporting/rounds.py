"""One round of a ticket as the report counts it: facts of its outcome and of the Force Syncs that it rode on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from worker.cases.records import Cause, cause_of
from worker.store.retention.outcomes import Outcome
from workflows.model import (
    Aftermath,
    Case,
    CaseState,
    Followup,
    FollowupKind,
    FollowupState,
    ReasonKind,
    Ride,
    RideState,
    Route,
    SyncRun,
)
from workflows.notes.handovers import team_of
from workflows.precheck.verdicts import ROUTES, VERDICTS, Act, leading_verdict

NOTHING = timedelta(0)


@dataclass(frozen=True)
class Round:
    """One round; `syncs` are the Force Syncs that were started for it, each with the state of its ride."""

    outcome: Outcome
    syncs: tuple[tuple[SyncRun, RideState], ...] = ()

    @property
    def case(self) -> Case:
        """Return the round's case, perhaps without people."""
        return self.outcome.case

    @property
    def name(self) -> str:
        """Return how lists name it: the case's id, and the round behind the first."""
        return self.case.id if self.case.round == 1 else f"{self.case.id}, round {self.case.round}"

    @property
    def week(self) -> str:
        """Return the ISO week in which it was opened (UTC)."""
        year, week, _ = self.case.opened_at.isocalendar()
        return f"{year}-W{week:02}"

    @cached_property
    def act(self) -> Act | None:
        """Return what its leading verdict calls for; None if nobody was judged."""
        verdict = leading_verdict(self.case)
        return VERDICTS[verdict.kind].act if verdict else None

    @property
    def resolved(self) -> bool:
        """Say whether forcesync resolved the ticket."""
        return self.case.state is CaseState.RESOLVED

    @property
    def advised(self) -> bool:
        """Say whether the ticket only got advice."""
        return self.case.state is CaseState.ADVISED

    @property
    def attempted(self) -> bool:
        """Say whether a solution was tried or advised, or the requester was asked on the way to one."""
        seen_right = any(subject.right for subject in self.case.subjects)
        solution = self.act in {Act.SYNC, Act.RESOLVE} or seen_right
        return self.resolved or self.case.questions > 0 or bool(self.syncs) or solution

    @property
    def untouched(self) -> bool:
        """Say whether it was resolved and no person was asked, approved, pressed or ordered anything for it."""
        by_people = any(run.by_hand or run.decision is not None for run, _ in self.syncs)
        return self.resolved and not self.case.questions and not by_people and not self.outcome.orders

    @property
    def confirmed(self) -> bool:
        """Say whether it was resolved on the requester's word, or an agent's."""
        because = self.case.because
        return self.resolved and because is not None and because.tells(ReasonKind.CONFIRMED)

    @property
    def cause(self) -> Cause | None:
        """Return why it was handed over; None if it was not."""
        return cause_of(self.case)

    @property
    def team(self) -> Route | None:
        """Return to whom it was handed over; None if it was not."""
        if self.case.state is not CaseState.ESCALATED:
            return None
        run = next((run for run, _ in self.syncs if run.id == self.case.run_id), None)
        return ROUTES[team_of(self.case, run)]

    @property
    def repaired(self) -> int:
        """Return how many of its people's profiles were seen right after a Force Sync."""
        if not any(state is RideState.SEEN for _, state in self.syncs):
            return 0
        return sum(subject.right for subject in self.case.subjects)

    @property
    def aftermath(self) -> Aftermath | None:
        """Return what became of a ticket that only got advice; None while that is not known."""
        return next((look.aftermath for look in self._looks_after if look.state is FollowupState.CLOSED), None)

    @property
    def advice_open(self) -> bool:
        """Say whether it is still looked for what became of a ticket that only got advice."""
        return self.advised and any(look.state is FollowupState.OPEN for look in self._looks_after)

    @property
    def _looks_after(self) -> tuple[Followup, ...]:
        return tuple(look for look in self.outcome.looks if look.kind is FollowupKind.AFTERWARDS)

    @property
    def advice_right(self) -> bool | None:
        """Say whether what became of the ticket bears out the advice; None where that does not tell.

        Force Sync, or that all is right: the profile then holds what was expected. The directory team: the copy does,
        and not the profile alone.
        """
        found, verdict = self.aftermath, leading_verdict(self.case)
        if found is None or verdict is None:
            return None
        if self.act in {Act.SYNC, Act.RESOLVE}:
            return found.profile_right
        if self.act is Act.ESCALATE and ROUTES[VERDICTS[verdict.kind].team] is Route.DIRECTORY_TEAM:
            return found.copy_right if found.copy_right or found.profile_right else None
        return None

    @property
    def created_at(self) -> datetime:
        """Return when the ticket was created; of a later round, when it was seen to be open again."""
        case = self.case
        first = case.filed_at or case.given_at or case.opened_at
        return min(first, case.opened_at) if case.round == 1 else case.opened_at

    @property
    def until_response(self) -> timedelta | None:
        """Return how long it took from the creation to our first write on the ticket."""
        at = self.outcome.responded_at
        return max(NOTHING, at - self.created_at) if at else None

    @property
    def until_resolved(self) -> timedelta | None:
        """Return how long it took from the creation to the end, if it was resolved."""
        return self._ended_after(self.created_at)

    @property
    def work(self) -> timedelta | None:
        """Return how long it took from when the ticket was first seen with the tag to the end, if it was resolved."""
        return self._ended_after(self.case.opened_at)

    def _ended_after(self, start: datetime) -> timedelta | None:
        ended = self.case.ended_at
        return max(NOTHING, ended - start) if ended and self.resolved else None


def rounds_of(outcomes: Iterable[Outcome], syncs: Iterable[tuple[SyncRun, tuple[Ride, ...]]]) -> tuple[Round, ...]:
    """Join outcomes with the Force Syncs that were started for them, in the order in which they were opened."""
    rode: Mapping[str, list[tuple[SyncRun, RideState]]] = _by_case(syncs)
    found = [Round(outcome, tuple(_within(outcome.case, rode.get(outcome.case.id, ())))) for outcome in outcomes]
    return tuple(sorted(found, key=lambda item: (item.case.opened_at, item.case.id)))


def _by_case(syncs: Iterable[tuple[SyncRun, tuple[Ride, ...]]]) -> dict[str, list[tuple[SyncRun, RideState]]]:
    found = dict[str, list[tuple[SyncRun, RideState]]]()
    for run, rides in syncs:
        for ride in rides:
            if ride.state is not RideState.DROPPED:
                found.setdefault(ride.case_id, []).append((run, ride.state))
    return found


def _within(case: Case, syncs: Iterable[tuple[SyncRun, RideState]]) -> Iterable[tuple[SyncRun, RideState]]:
    """Yield the Force Syncs that were started while the round was open."""
    for run, state in syncs:
        if (
            run.started_at
            and case.opened_at <= run.started_at
            and (not case.ended_at or run.started_at <= case.ended_at)
        ):
            yield run, state
