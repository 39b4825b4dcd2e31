"""The evidence behind a note's first lines: what was understood, what both copies held, what was read and when."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.comparison import same
from workflows.model import (
    Basis,
    Block,
    Bullets,
    Case,
    Expectation,
    Observation,
    Subject,
    SyncRun,
    Table,
    Text,
    Verdict,
)
from workflows.notes import how_started
from workflows.reader import Reader
from workflows.redaction import plain

MOST_ROWS = 12  # attributes in a table; whoever needs more finds it in the attached file
HEADER = ("Attribute", "Directory's copy", "Okta before", "Okta now", "Expected")


def card(case: Case, run: SyncRun | None, reader: Reader) -> tuple[Block, ...]:
    """Return the blocks of the card."""
    blocks = [block for subject in case.subjects for block in _subject(subject, reader)]
    if run and run.started_at:
        blocks.append(Text(text=_run(run, reader)))
    if story := _story(case, reader):
        blocks.append(Bullets(items=story))
    blocks.append(Text(text=" ".join(_last_lines(case, reader))))
    return tuple(blocks)


def _subject(subject: Subject, reader: Reader) -> Iterator[Block]:
    verdict = subject.verdict
    if verdict is None:
        return
    yield Text(text=understood(subject, verdict, reader))
    rows = _rows(subject, verdict, reader)
    if rows:
        yield Table(header=HEADER, rows=rows[:MOST_ROWS])
    suspected = [*verdict.hypotheses, *(f"Would still stand in the way: {item.explanation}" for item in verdict.also)]
    if suspected:
        yield Text(text=" ".join(suspected))


def understood(subject: Subject, verdict: Verdict, reader: Reader) -> str:
    """Say what the ticket was understood to ask, and where it was read."""
    request = subject.request
    named = reader.who(verdict.login) or (plain(request.user, 100) if request.user else "nobody that is known")
    user = f"{named} ({verdict.user_id})" if verdict.user_id else named
    who = f"{user}, the requester" if request.user is None and verdict.login else user
    stated = [item for item in verdict.expectations if item.basis is Basis.STATED]
    if stated:
        what = " and ".join(f"{item.attribute} should be {reader.value(item.attribute, item.value)}" for item in stated)
    elif request.attributes:
        what = f"{', '.join(plain(name, 60) for name in request.attributes)}, without a value" + (
            "" if not any(want.expected is not None for want in request.wants) else " that could be placed"
        )
    else:
        what = "no attribute named, so all that could be compared"
    places = dict.fromkeys(item.partition(": ")[2] for item in request.source)
    where = f" (read in {' and '.join(places)})" if places else ""
    return f"Understood: {who}; {what}{where}."


def _rows(subject: Subject, verdict: Verdict, reader: Reader) -> tuple[tuple[str, ...], ...]:
    """Return a row for every attribute that is asked about or differs."""
    expected = {item.attribute: item for item in verdict.expectations}
    seen = {item.attribute: item for item in subject.seen}
    rows = []
    for item in verdict.observations:
        after = seen.get(item.attribute)
        rows.append(
            (
                item.attribute,
                "(computed)" if item.source is None else reader.value(item.attribute, item.app_user),
                reader.value(item.attribute, item.okta),
                f"{reader.value(item.attribute, after.value)} at {reader.at(after.at)}" if after else "as before",
                _expected(item, expected.get(item.attribute), reader),
            )
        )
    return tuple(rows)


def _expected(item: Observation, expectation: Expectation | None, reader: Reader) -> str:
    if expectation is None:
        return "-"
    basis = "by the ticket" if expectation.basis is Basis.STATED else "by the copy"
    relation = ", as in Okta" if same(item.okta, expectation.value) else ""
    return f"{reader.value(item.attribute, expectation.value)} ({basis}{relation})"


def _run(run: SyncRun, reader: Reader) -> str:
    told = f"Run {run.id}: Force Sync of {run.directory.label} at {reader.at(run.started_at)}, {how_started(run)}"
    told += f", Okta request id {run.request_id}" if run.request_id else ""
    if run.decision and run.decision.approved:
        by, why = plain(run.decision.by, 80), plain(run.decision.why, 200)
        told += f"; approved by {by} at {reader.at(run.decision.at)}: {why}"
    return told.rstrip(".") + "."


def _story(case: Case, reader: Reader) -> tuple[str, ...]:
    """Return what happened, without what the note's first lines say already; all of it after a reopening."""
    if case.round > 1:
        return tuple(f"{reader.at(entry.at)}: {entry.text}" for entry in case.story)
    said = {subject.verdict.explanation for subject in case.subjects if subject.verdict}
    told = [entry for entry in case.story[1:-1] if entry.text not in said]  # claimed first, and last what ended it
    return tuple(f"{reader.at(entry.at)}: {entry.text}" for entry in told)


def _last_lines(case: Case, reader: Reader) -> Iterator[str]:
    evidence = case.evidence or tuple(e for s in case.subjects if s.verdict for e in s.verdict.evidence)
    if evidence:
        read = "; ".join(f"{item.what}{f' ({item.request_id})' if item.request_id else ''}" for item in evidence)
        yield f"Read at {reader.at(evidence[-1].at)}, with Okta's request ids: {read}."
    yield f"Case {case.id}, round {case.round}."
    shown = ", ".join(sorted(reader.policy.open_attributes))
    yield f"Values are masked{f', except of {shown}' if shown else ''}."
