"""One case as text for the operator: what was found, what was done, and what later looks found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from worker.store import Store
from workflows.model import (
    Aftermath,
    Case,
    Evidence,
    Followup,
    FollowupKind,
    FollowupState,
    PlannedWrite,
    Policy,
    SyncRun,
    Write,
)
from workflows.notes.console import profile_page
from workflows.notes.reasons import sentence
from workflows.notes.standing import case_waits_for
from workflows.ports import CaseStore, Standing
from workflows.values.case_values import hidden
from workflows.values.masking import called, plain
from workflows.values.wording import moment

Texts = Callable[[PlannedWrite], Iterable[tuple[str, str]]]  # who sees a text, and the text
NOT_WAITING = Standing()
LONGEST = 400  # characters of one sentence
MOST_LINKS = 100
ASKED = {
    FollowupKind.RECHECK: "does the resolved value last",
    FollowupKind.LOOK_AGAIN: "do the values come right",
    FollowupKind.SUPPORT_CASE: "has a person opened the Support Case",
    FollowupKind.AFTERWARDS: "what became of the ticket",
    FollowupKind.AT_ODDS: "was it told of another ticket that states another value",
    FollowupKind.PATTERN: "was it told of the other tickets of its cause",
}
FOUND = {
    FollowupState.OPEN: "not known yet",
    FollowupState.HOLDS: "yes",
    FollowupState.CHANGED: "NOT DURABLE: the values did not last",
    FollowupState.ARRIVED: "yes",
    FollowupState.MISSED: "no, and the time for it is over",
    FollowupState.NOTED: "yes",
    FollowupState.CLOSED: "it was closed",
    FollowupState.DROPPED: "not asked any more",
}


def told_of(case: Case, store: CaseStore, policy: Policy, standing: Standing = NOT_WAITING) -> Iterator[str]:
    """Yield the lines; people's values are shown as on internal notes. `standing` is the case's place in the queue."""
    hide = hidden(case, policy)

    def quoted(text: str) -> str:
        return plain(hide(text), LONGEST)  # a value that is cut in two is not found any more

    yield f"case {case.id}, round {case.round}: {case.ref.key} on {case.ref.desk}, {case.state}"
    if waits := case_waits_for(standing):
        yield quoted(waits)
    for subject in case.subjects:
        if verdict := subject.verdict:
            who = f" ({called(verdict.login, policy)}, {verdict.user_id})" if verdict.user_id else ""
            yield f"verdict: {verdict.kind}{who}: {quoted(sentence(verdict.reason))}"
            yield from (quoted(_read(item)) for item in verdict.evidence)
    for at, source, target, because in store.events("case", case.id):
        yield f"{moment(at)}  {source} -> {target}: {quoted(because)}"
    for write in store.writes(case.id):
        reason = f" ({quoted(write.reason)})" if write.reason else ""
        yield f"write {write.planned.key}: {write.planned.operation}, {write.state}{reason}"
    if case.run_id and (run := store.run(case.run_id)):
        yield _run(run)
    for kind in FollowupKind:
        if followup := store.followup(f"{case.id}.{case.round}.{kind}"):
            yield _later(followup, quoted(sentence(followup.finding)))


def _read(item: Evidence) -> str:
    """Tell what was read or logged when, with the id that Okta knows it by."""
    id = item.request_id or item.log_id
    return f"evidence {moment(item.at)}: {sentence(item.what)}{f' ({id})' if id else ''}"


def _run(run: SyncRun) -> str:
    told = f"run {run.id} of {run.label}: {run.state}, started {moment(run.started_at)}"
    told += f", request id {run.request_id}" if run.request_id else ""
    decision = run.decision
    if decision is None:
        return told
    word = "approved" if decision.approved else "rejected"
    return f"{told}; {word} by {plain(decision.by, 80)} at {moment(decision.at)}: {plain(decision.why, 200)}"


def _later(followup: Followup, finding: str) -> str:
    due = f"looked at until {moment(followup.until)}" if followup.until else f"looked at {moment(followup.due_at)}"
    when = f"; {due}" if followup.state is FollowupState.OPEN else ""
    then = _aftermath(followup.aftermath) if followup.aftermath else ""
    return f"{ASKED[followup.kind]}? {FOUND[followup.state]}{f'; {finding}' if finding else ''}{then}{when}"


def _aftermath(found: Aftermath) -> str:
    """Describe the last known state of a ticket that was left to people."""
    words = {True: "as expected", False: "not as expected", None: "not known"}
    return (
        f"; seen {moment(found.seen_at)}, assigned to {plain(found.held_by or 'nobody', 80)}; Okta profile "
        f"{words[found.profile_right]}, directory's copy {words[found.copy_right]}"
    )


def story_of(case: Case, store: CaseStore, policy: Policy) -> Iterator[str]:
    """Yield what happened in all rounds and no transition tells."""
    hide, told = hidden(case, policy), {because for _, _, _, because in store.events("case", case.id)}
    for entry in case.story:
        if (text := sentence(entry.what)) not in told:
            yield f"{moment(entry.at)}  {plain(hide(text), LONGEST)}"


class Link(NamedTuple):
    """Where a person finds what a case is about: what is there, and its address or key."""

    to: str
    where: str


def links_of(case: Case, store: Store, org_url: str) -> Iterator[Link]:
    """Yield the ticket, its users' pages in Okta, and the tickets that are worked together with it."""
    yield Link("ticket", case.ref.url or case.ref.key)
    for user_id in dict.fromkeys(item.verdict.user_id for item in case.subjects if item.verdict):
        if user_id and (page := profile_page(user_id, org_url)):
            yield Link("Okta user", page)
    others = {"same cause, stands for it": (case.said.pattern,), "states another value": case.said.contrary}
    for to, ids in others.items():
        yield from (Link(to, _ticket(other)) for id in ids if id and (other := store.case(id)))
    if case.cause and store.followup(f"{case.id}.{case.round}.{FollowupKind.PATTERN}"):
        alike = store.ended_for(case.cause, case.opened_at, MOST_LINKS)
        yield from (Link("same cause, linked to it", _ticket(item)) for item in alike if item.said.pattern == case.id)


def _ticket(case: Case) -> str:
    return f"{case.ref.key} on {case.ref.desk}{f' ({case.ref.url})' if case.ref.url else ''}"


class Shown(NamedTuple):
    """One text as it was written on the ticket: when, whether it is there, and who sees it."""

    at: str
    state: str
    seen_by: str
    text: str


def notes_of(writes: Iterable[Write], texts: Texts) -> Iterator[Shown]:
    """Yield every text of a case's writes, in order; `texts` reads them from a write."""
    for write in writes:
        at = moment(write.receipt.at if write.receipt else write.sent_at)
        yield from (Shown(at, write.state, seen_by, text) for seen_by, text in texts(write.planned))


def lines_of(notes: Iterable[Shown]) -> Iterator[str]:
    """Yield the texts in lines, each below a head."""
    for note in notes:
        yield f"--- {note.at}, {note.seen_by}, {note.state}"
        yield from (f"    {line}".rstrip() for line in note.text.splitlines())
