"""`forcesync case show`: what was found in one case, what was done, and what later looks found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from worker import wiring
from worker.cases.choosing import found_case, whole
from worker.cases.records import advice_of, masked_record
from worker.output import LONGEST, aligned, empty_folder, print_aside, print_json, print_lines, room, write_file
from worker.settings.model import load
from worker.store import Store
from worker.store.documents import case_of, load_followup
from worker.store.retention.archive import Record
from worker.syncs.page import told_decision
from workflows.case.pattern import points_to
from workflows.model import (
    Act,
    Aftermath,
    Case,
    Evidence,
    Followup,
    FollowupKind,
    FollowupState,
    OperatorAct,
    PlannedWrite,
    Policy,
    SyncRun,
)
from workflows.notes.console import profile_page
from workflows.notes.reasons import sentence
from workflows.notes.standing import case_waits_for, wait_ends
from workflows.ports import Standing
from workflows.values.case_values import hidden
from workflows.values.masking import called, plain
from workflows.values.wording import moment

Texts = Callable[[PlannedWrite], Iterable[tuple[str, str]]]  # who sees a text, and the text
NOT_WAITING = Standing()
MOST_LINKS = 100
SAVE = "--save"
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


def case_show(config: Path, text: str, *, as_json: bool = False, save: Path | None = None) -> int:
    """Print one case: its links, what was found and happened, and the notes as they were written.

    An archived one is shown from its record. `save` is a folder for its files; return 1 if there are none, else 0.
    """
    settings = load(config)
    with wiring.opened_store(config) as store:
        case = found_case(store, text)
        record, stands = store.record(case.id), store.waits(case.id)[case.id]
        known = whole(store, case)
        org, run = settings.okta.get(known.org), store.run(known.run_id) if known.run_id else None
        links = list(links_of(record, store, org.url if org else ""))
        notes = list(notes_of(record, lambda write: wiring.texts_of(case.ref.desk, settings, write)))
        page = [*told_of(record, settings.policy, stands, run), *story_of(record, settings.policy)]
        page += retries_of(case.id, store.acts())
        files = store.files_of(case.id)
    if save is not None:
        print_aside(*_saved(record, files, save))
    code = int(save is not None and not files)
    if as_json:
        told = {"links": [link._asdict() for link in links], "notes": [note._asdict() for note in notes]}
        print_json(masked_record(record, settings.policy) | told)
        return code
    print_lines(aligned([*links, *page], room()))
    print_lines(lines_of(notes), further="")
    return code


def _saved(record: Record, files: Mapping[str, bytes], folder: Path) -> Iterator[str]:
    """Write a case's files into a folder, each by its name on the ticket, and yield what was done."""
    if not files:
        yield f"{SAVE}: no file is kept: {_fileless(record)}"
        return
    empty_folder(folder, SAVE)
    names = {write["key"]: write["payload"].get("name") for write in record["writes"]}
    for key, content in files.items():
        yield write_file(folder / Path(names.get(key) or key).name, SAVE, content)


def _fileless(record: Record) -> str:
    ref = record["case"]["ref"]
    if any(write["bytes"] for write in record["writes"]):
        return f"the record is archived, and what was attached is on {ref['key']} alone"
    return f"none was made for {ref['key']}: it was not handed over, or nothing was read for it in Okta"


def told_of(
    record: Record, policy: Policy, standing: Standing = NOT_WAITING, run: SyncRun | None = None
) -> Iterator[tuple[str, str]]:
    """Yield what a record holds, each with a word for what it is; people's values are shown as on internal notes.

    `standing` is the case's place in the queue, `run` the Force Sync that it rides.
    """
    case = case_of(record["case"], record["case"]["id"])
    hide = hidden(case, policy)

    def quoted(text: str) -> str:
        return plain(hide(text), LONGEST)  # a value that is cut in two is not found any more

    yield "case", f"{case.id}, round {case.round}: {case.ref.key} on {case.ref.desk}, {case.state}"
    ends = wait_ends(case, run)
    if waits := case_waits_for(standing, ends):
        yield "now", quoted(waits)
        if ends and standing.due_at and standing.due_at < ends:
            yield "next look", moment(standing.due_at)
    if advice := advice_of(case):
        yield "advice", advice
    for subject in case.subjects:
        if verdict := subject.verdict:
            who = f" ({called(verdict.login, policy)}, {verdict.user_id})" if verdict.user_id else ""
            yield "verdict", f"{verdict.kind}{who}: {quoted(sentence(verdict.reason))}"
            yield from (("evidence", quoted(_read(item))) for item in verdict.evidence)
    for event in record["events"]:
        at = moment(datetime.fromisoformat(event["at"]))
        yield "step", f"{at}  {event['from']} -> {event['to']}: {quoted(event['because'])}"
    for write in record["writes"]:
        reason = f" ({quoted(write['reason'])})" if write["reason"] else ""
        yield "write", f"{write['key']}: {write['operation']}, {write['state']}{reason}"
    if run:
        yield "run", _run(run)
    for followup in looks_of(record):
        yield "later", _later(followup, quoted(sentence(followup.finding)))


def looks_of(record: Record) -> list[Followup]:
    """Return the later looks at the record's round, in a fixed order."""
    found = [item for item in map(load_followup, record["followups"]) if item.round == record["case"]["round"]]
    return sorted(found, key=lambda item: list(FollowupKind).index(item.kind))


def _read(item: Evidence) -> str:
    """Tell what was read or logged when, with the id that Okta knows it by."""
    id = item.request_id or item.log_id
    return f"{moment(item.at)}: {sentence(item.what)}{f' ({id})' if id else ''}"


def _run(run: SyncRun) -> str:
    told = f"{run.id} of {run.label}: {run.state}, started {moment(run.started_at)}"
    told += f", request id {run.request_id}" if run.request_id else ""
    return f"{told}; {told_decision(run.decision)}" if run.decision else told


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


def story_of(record: Record, policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield what happened in all rounds and no transition tells."""
    case, told = case_of(record["case"], record["case"]["id"]), {event["because"] for event in record["events"]}
    hide = hidden(case, policy)
    for entry in case.story:
        if (text := sentence(entry.what)) not in told:
            yield "story", f"{moment(entry.at)}  {plain(hide(text), LONGEST)}"


def retries_of(case_id: str, acts: Iterable[OperatorAct]) -> list[tuple[str, str]]:
    """Return who had the case looked at again, oldest first: an order that makes no transition of its own."""
    found = [act for act in acts if act.act is Act.RETRY and act.target == case_id]
    return [("order", f"{moment(act.at)}  retry by {act.by}: {plain(act.why, LONGEST)}") for act in reversed(found)]


class Link(NamedTuple):
    """Where a person finds what a case is about: what is there, and its address or key."""

    to: str
    where: str


def links_of(record: Record, store: Store, org_url: str) -> Iterator[Link]:
    """Yield the ticket, its users' pages in Okta, and the tickets that are worked together with it."""
    case = case_of(record["case"], record["case"]["id"])
    yield Link("ticket", case.ref.url or case.ref.key)
    for user_id in dict.fromkeys(item.verdict.user_id for item in case.subjects if item.verdict):
        if user_id and (page := profile_page(user_id, org_url)):
            yield Link("Okta user", page)
    if case.said.pattern and (first := store.case(case.said.pattern)):
        yield Link("same cause", f"{_ticket(first)}, which stands for it")
    yield from (Link("another value", _ticket(other)) for id in case.said.contrary if (other := store.case(id)))
    if case.cause and any(item.kind is FollowupKind.PATTERN for item in looks_of(record)):
        alike = store.of_cause(case.cause, case.opened_at, MOST_LINKS)
        told = [item for item in alike if points_to(item, case, store)]
        yield from (Link("same cause", f"{_ticket(item)}, linked to it") for item in told)


def _ticket(case: Case) -> str:
    return f"{case.ref.key} on {case.ref.desk}{f' ({case.ref.url})' if case.ref.url else ''}"


class Shown(NamedTuple):
    """One text as it was written on the ticket: when, whether it is there, and who sees it."""

    at: str
    state: str
    seen_by: str
    text: str


def notes_of(record: Record, texts: Texts) -> Iterator[Shown]:
    """Yield every text of a record's writes, in order; `texts` reads them from a write."""
    for item in record["writes"]:
        write = PlannedWrite(key=item["key"], operation=item["operation"], payload=item["payload"])
        at = moment(datetime.fromisoformat(item["receipt"]["at"]) if item["receipt"] else None)
        yield from (Shown(at, item["state"], seen_by, text) for seen_by, text in texts(write))


def lines_of(notes: Iterable[Shown]) -> Iterator[str]:
    """Yield the texts in lines, each below a head."""
    for note in notes:
        yield f"--- {note.at}, {note.seen_by}, {note.state}"
        yield from (f"    {line}".rstrip() for line in note.text.splitlines())
