"""Which cases a list shows: by desk, state, user and age, and those that have waited longer than their state should."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from worker.errors import OperatorError
from worker.store import Store
from worker.store.documents import case_of
from workflows.model import Case, CaseState, SyncRun
from workflows.notes.standing import wait_ends
from workflows.ports import Standing
from workflows.values.wording import moment, near_ones

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
TAKEN_WITHIN = timedelta(minutes=5)  # what is due is woken twice a minute: after this, no process takes it
AT_ALL = 1_000_000  # cases of one store
SOON = timedelta(minutes=15)  # for a state that needs no person, and after the end of a wait
# A claimed case may wait on purpose: for a run that must end first, or for the day from which the change holds.
BY_THEMSELVES = (CaseState.RECEIVED, CaseState.CLOSING)


@dataclass(frozen=True)
class Wanted:
    """The filters of a list; a case passes those that are set. `user` is a login, an Okta id or the ticket's name."""

    open_only: bool = False
    desk: str | None = None
    state: str | None = None
    user: str | None = None
    since: datetime | None = None
    stuck: bool = False

    def __post_init__(self) -> None:
        """Raise `OperatorError` for a state that does not exist."""
        states = [state.value for state in CaseState]
        if self.state is not None and self.state not in states:
            known = f"{near_ones(self.state, states)}; the states are: {', '.join(states)}"
            raise OperatorError(f"--state: found {self.state!r}{known}")

    def passes(self, case: Case) -> bool:
        """Say whether the list shows a case; whether it is stuck is for `stuck` to say."""
        return (
            not (self.open_only and case.ended)
            and self.desk in {None, case.ref.desk}
            and self.state in {None, case.state.value}
            and (self.since is None or case.opened_at >= self.since)
            and (self.user is None or self.user.strip().casefold() in set(_people(case)))
        )


def check_desk(desk: str | None, desks: Collection[str]) -> None:
    """Raise `OperatorError` for a desk that is not among those of the settings."""
    if desk is not None and desk not in desks:
        raise OperatorError(f"--desk: found {desk!r}{near_ones(desk, desks)}; the settings have: {', '.join(desks)}")


def _people(case: Case) -> list[str]:
    named = [case.requester]
    for subject in case.subjects:
        named.append(subject.request.user)
        if subject.verdict:
            named += [subject.verdict.login, subject.verdict.user_id]
    return [name.casefold() for name in named if name]


def moment_of(text: str, now: datetime, option: str = "--since") -> datetime:
    """Read an option's time: 90m, 12h, 30d, 4w, or a day such as 2026-03-01 (UTC)."""
    try:
        if ago := re.fullmatch(r"([0-9]{1,5})([mhdw])", text.strip()):
            return now - timedelta(**{UNITS[ago[2]]: int(ago[1])})
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise OperatorError(
            f"{option}: found {text!r}; allowed: 90m, 12h, 30d, 4w, or a day such as 2026-03-01"
        ) from None


def in_state_since(case: Case) -> datetime:
    """Return when the case came to its state."""
    return case.ended_at or (case.story[-1].at if case.story else case.opened_at)


def chosen(store: Store, wanted: Wanted, now: datetime) -> list[Choice]:
    """Return the cases that pass, those that are stuck first, then the newest first."""
    waits, runs = store.waits(), {run.id: run for run in store.runs(open_only=True)}
    found = []
    for case in store.cases(open_only=wanted.open_only or wanted.stuck, limit=AT_ALL):
        stands = waits.get(case.id, Standing())
        if wanted.passes(whole(store, case) if wanted.user else case):
            run = runs.get(case.run_id or "")
            found.append(Choice(case, stands, wait_ends(case, run), stuck(case, stands, now, run)))
    found = [item for item in found if item.late or not wanted.stuck]
    return sorted(found, key=lambda item: not item.late)


def whole(store: Store, case: Case) -> Case:
    """Return a case with its people and findings, which an archived one has in its record alone."""
    if not case.ended or _people(case):
        return case
    return case_of(store.record(case.id)["case"], case.id)


def found_case(store: Store, text: str) -> Case:
    """Return the case with this id or ticket, or raise `OperatorError`."""
    case = store.find_case(text)
    if case is None:
        raise OperatorError(f"no case has the id, ticket key or ticket id {text!r}; see `forcesync case list`")
    return case


class Choice(NamedTuple):
    """A case, its place in the queue, when its wait ends (UTC) if that is set, and why it is stuck; "" if it is not."""

    case: Case
    standing: Standing
    ends: datetime | None
    late: str


def stuck(case: Case, standing: Standing, now: datetime, run: SyncRun | None = None) -> str:
    """Tell why an open case has waited longer than its state should; "" if it has not. It rides `run`."""
    return "" if case.ended else next(_delays(case, standing, now, run), "")


def _delays(case: Case, standing: Standing, now: datetime, run: SyncRun | None) -> Iterator[str]:
    if standing.leased_until is not None and standing.leased_until > now:
        return
    if standing.due_at is None:
        yield "nothing will wake it"
    elif standing.due_at + TAKEN_WITHIN < now:
        yield f"due since {moment(standing.due_at)}, and no process took it"
    if case.trouble is not None and case.trouble.since + SOON < now:
        yield f"meets the same fault since {moment(case.trouble.since)}"
    if case.state in BY_THEMSELVES and in_state_since(case) + SOON < now:
        yield f"{case.state} since {moment(in_state_since(case))}, which takes minutes"
    deadline = run.awaited_until(case.deadline) if run else case.deadline
    if deadline is not None and deadline + SOON < now:
        yield f"its wait ended {moment(deadline)}"
