"""What a Force Sync run or a case is waiting for, what a stop keeps from being done, and what a run would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from workflows.model import RUN_ENDS, Case, CaseState, Radius, Reason, RunState, Stop, StopKind, SyncRun
from workflows.notes.reasons import sentence
from workflows.ports import Standing
from workflows.values.masking import plain
from workflows.values.wording import capital, counted, moment

LONGEST = 200  # characters of a reason
TAKEN_WITHIN = timedelta(seconds=60)  # a due run is woken twice a minute: after this, no process takes it


def told_of(stop: Stop) -> str:
    """Tell what a stop of a desk or an org keeps from being done, until when and why."""
    if stop.kind is StopKind.INTAKE:
        return f"the tickets of {stop.name} are left alone: {stop.why}"
    if stop.kind is StopKind.START:
        again = f"until {moment(stop.until)} or `forcesync resume {stop.name}`"
        return f"no Force Sync of {stop.name} is started {again}: {stop.why}"
    return f"{stop.name} is left alone until {moment(stop.until)}: {stop.why}"


def wait_ends(case: Case, run: SyncRun | None) -> datetime | None:
    """Return when an open case that rides `run` stops waiting (UTC): a person takes over, or its day has come.

    None where no such time is set. A fault's end is not known, and moves the deadline.
    """
    if case.trouble is not None:
        return None
    if case.state is CaseState.JOINED and run:
        return run.awaited_until(case.deadline)
    if case.state in {CaseState.ASKED, CaseState.JOINED, CaseState.SYNCED}:
        return case.deadline
    return case.held_until if case.state is CaseState.CLAIMED else None


def case_waits_for(standing: Standing, ends: datetime | None) -> str:
    """Tell what an open case is waiting for, and when the wait `ends` or else is looked at; "" if nothing was noted."""
    what = plain(standing.waiting, LONGEST)
    if what and ends:
        return f"waits until {moment(ends)}: {what}"
    return f"{what}; next look at {moment(standing.due_at)}" if what and standing.due_at else what


def left_behind(case: Case) -> str:
    """Tell what stays on the ticket of a case, as it stood, once it is left alone; "" where nothing was written."""
    if case.state is CaseState.ASKED and not case.asked_inside:
        return (
            "our question stays on the ticket, which waits for its requester and has no assignee: it names "
            f"{moment(case.deadline)} for what comes next, which forcesync doesn't do any more. Tell the requester who "
            "has it"
        )
    if case.state is CaseState.ASKED:
        return f"our note stays on the ticket: it asks colleagues for a reply by {moment(case.deadline)}. Take that up"
    return "our notes stay on the ticket, which has no assignee" if case.said.claimed else ""


def waiting_for(run: SyncRun, standing: Standing, held_back: Reason | None, now: datetime) -> str:
    """Explain what a run is waiting for, or why it ended; `held_back` is what keeps a gathering one from its start."""
    if run.state in RUN_ENDS:
        return plain(sentence(run.because), LONGEST) or "-"
    until = moment(run.deadline)
    approve = f"forcesync sync approve {run.id} --by YOUR-LOGIN --why REASON"
    proposed = f"waits for a person's approval until {until} ({approve}, or reject)"
    waits = {
        RunState.GATHERING: _gathers(run, standing, sentence(held_back), now),
        RunState.PROPOSED: "decided, and taken up at its next turn" if run.decision else proposed,
        RunState.REQUESTED: f"waits until {until} for a person to press Force Sync in the Okta Admin Console",
        RunState.STARTING: "about to run, or running now",
        RunState.STARTED: f"started at {moment(run.started_at)}; its effect is looked for until {until}",
    }
    return "; ".join((waits[run.state], *_held_by(run, standing, now)))


def _gathers(run: SyncRun, standing: Standing, held_back: str, now: datetime) -> str:
    """Say what a run waits for before its start: its window, a pause, the cool-down, or what its last turn said."""
    if now < run.gather_until:
        return "; ".join(filter(None, (f"gathers tickets until {moment(run.gather_until)}", held_back)))
    last = plain(standing.waiting or sentence(run.because), LONGEST)
    return held_back or last or "its window is over; it reads its tickets again and starts at its next turn"


def _held_by(run: SyncRun, standing: Standing, now: datetime) -> Iterator[str]:
    """Say whether a process has the run, may have died with it, or whether none takes it."""
    leased, due = standing.leased_until, standing.due_at
    lost = " (a start whose answer was not seen counts as made)" if run.state is RunState.STARTING else ""
    if leased and leased > now:
        yield f"a process has it in hand; if that one died, another goes on at {moment(leased)}{lost}"
    elif leased:
        yield f"the process that had it died, its lease ended at {moment(leased)}; another goes on{lost}"
    elif due and due + TAKEN_WITHIN < now:
        yield f"due since {moment(due)}, and no process took it: is `forcesync run`, or scheduler and worker, running?"
    elif due and due > now:
        yield f"next turn at {moment(due)}"


def described(found: Radius | None) -> str:
    """Describe a radius in one sentence, for people."""
    if found is None:
        return "How many Okta profiles it would change was not looked up, nor whether protected users are among them."
    parts = ", ".join(f"{name}: {count}" for name, count in sorted(found.by_attribute.items()))
    told = [
        f"It would change {found.changed} of {counted(found.users, 'Okta profile')}{f' ({parts})' if parts else ''}."
    ]
    if found.protected or found.protected_unpredictable:
        told.append(_protected(found))
    if found.emptied:
        erased = ", ".join(f"{name}: {count}" for name, count in sorted(found.emptied.items()))
        told.append(f"It would empty {counted(sum(found.emptied.values()), 'value')} that Okta holds ({erased}).")
    if found.unpredictable:
        told.append(f"{_unpredictable(found.unpredictable)} (expressions).")
    if found.unread:
        told.append(f"{counted(found.unread, 'user')} of the directory could not be read.")
    if found.refused:
        told.append(f"The user schema would refuse {counted(found.refused, 'value')}.")
    return " ".join(told)


def _protected(found: Radius) -> str:
    """Say how many members of protected groups it would change, and for how many that cannot be predicted."""
    told = f"It would change {counted(found.protected, 'user')} in protected groups"
    if not found.protected_unpredictable:
        return f"{told}."
    return f"{told}; for {found.protected_unpredictable} more, that can't be predicted."


def _unpredictable(users: Mapping[str, int]) -> str:
    """Name the attributes of which it cannot be predicted, for as many users each."""
    groups = {number: [name for name in sorted(users) if users[name] == number] for number in sorted(users.values())}
    told = [f"for {counted(number, 'user')}, its effect on {' and '.join(names)}" for number, names in groups.items()]
    return capital(f"{'; '.join(told)} can't be predicted")
