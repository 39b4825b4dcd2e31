"""The evidence below a note's first lines: what was understood, what both copies held, what was read and when."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from workflows.model import (
    Basis,
    Block,
    Bullets,
    Case,
    Evidence,
    EvidenceKind,
    Expectation,
    Observation,
    Reason,
    ReasonKind,
    Subject,
    SyncRun,
    Table,
    Text,
    Verdict,
)
from workflows.notes.audience import Reader
from workflows.notes.progress import approved, how_started
from workflows.notes.reasons import thing_read
from workflows.values.comparing import same
from workflows.values.masking import plain

MOST_ROWS = 12  # attributes in a table; the attached file has all of them
HEADER = ("Attribute", "Directory's copy", "Okta before", "Okta now", "Expected")


def card(case: Case, run: SyncRun | None, reader: Reader, said: Collection[Reason] = ()) -> tuple[Block, ...]:
    """Return the blocks of the card; reasons that the note's first lines have `said` are not repeated."""
    blocks = [block for subject in case.subjects for block in _subject(subject, reader, said)]
    if run and run.started_at:
        blocks.append(Text(text=_run(run, reader)))
    if story := _story(case, run, reader):
        blocks.append(Bullets(items=story))
    blocks.append(Text(text=" ".join(_last_lines(case, reader))))
    return tuple(blocks)


def _subject(subject: Subject, reader: Reader, said: Collection[Reason]) -> Iterator[Block]:
    verdict = subject.verdict
    if verdict is None:
        return
    yield Text(text=understood(subject, verdict, reader))
    yield from _left_out(subject, verdict)
    rows = _rows(subject, verdict, reader)
    if rows:
        yield Table(header=HEADER, rows=rows[:MOST_ROWS])
    sentences = [reader.why(item) for item in verdict.suspicions if item not in said]
    sentences += [f"Would still stand in the way: {reader.why(item.reason)}" for item in verdict.also]
    if sentences:
        yield Text(text=" ".join(sentences))


def _left_out(subject: Subject, verdict: Verdict) -> Iterator[Block]:
    """Say what a sync brings along, whose words did not count, and that a long ticket was not read to its end."""
    if verdict.carried:
        names = ", ".join(item.attribute for item in verdict.carried)
        yield Text(text=f"A Force Sync also brings the directory's value in {names}, which nobody asked about.")
    if subject.request.others:
        quoted = " ".join(f"“{plain(words, 200)}”" for words in subject.request.others)
        yield Text(text=f"Not counted, for neither the requester nor an agent on the internal side wrote it: {quoted}")
    if subject.request.cut:
        yield Text(text="The ticket is very long; its end was not read.")


def understood(subject: Subject, verdict: Verdict, reader: Reader) -> str:
    """Say what the ticket was understood to ask, and where it was read."""
    request = subject.request
    named = reader.who(verdict.login) or (plain(request.user, 100) if request.user else "nobody that is known")
    user = f"{named} ({verdict.user_id})" if verdict.user_id else named
    who = f"{user}, the requester" if request.user is None and verdict.login else user
    spoken = f"{', '.join(verdict.spoken)}, of which its words hold a value or the name" if verdict.spoken else ""
    asked = " and ".join(filter(None, (_asked(subject, verdict, reader), spoken)))
    what = asked or "no attribute named, so all that could be compared"
    places = dict.fromkeys(item.partition(": ")[2] for item in request.source)
    where = f" (read in {' and '.join(places)})" if places else ""
    return f"Understood: {who}; {what}{where}."


def _asked(subject: Subject, verdict: Verdict, reader: Reader) -> str:
    """Say which values were asked for: as they were understood, or else in the ticket's own words."""
    stated = [(item.attribute, item.value) for item in verdict.expectations if item.basis is Basis.STATED]
    if stated:
        return " and ".join(f"{name} should be {reader.value(name, value)}" for name, value in stated)
    wishes = []
    for want in subject.request.statements:
        name = plain(want.attribute, 60) if want.attribute else "an attribute that is not named"
        if want.expected is not None:
            wishes.append(f"{name} should be {reader.value(name, want.expected)}")
        elif want.attribute:
            wishes.append(f"{name}, without a value")
    return " and ".join(wishes)


def _rows(subject: Subject, verdict: Verdict, reader: Reader) -> tuple[tuple[str, ...], ...]:
    """Return a row for every attribute that is asked about or differs."""
    expected = {item.attribute: item for item in verdict.expectations}
    seen = {item.attribute: item for item in subject.seen}
    wanted = {want.attribute: want.expected for want in subject.request.statements}
    rows = []
    for item in verdict.observations:
        after = seen.get(item.attribute)
        rows.append(
            (
                item.attribute,
                "(computed)" if item.source is None else reader.value(item.attribute, item.app_user),
                reader.value(item.attribute, item.okta),
                f"{reader.value(item.attribute, after.value)} at {reader.at(after.at)}" if after else "not read again",
                _expected(item, expected.get(item.attribute), wanted.get(item.attribute), reader),
            )
        )
    return tuple(rows)


def _expected(item: Observation, expectation: Expectation | None, wanted: str | None, reader: Reader) -> str:
    if expectation is None:
        return "-" if wanted is None else f"{reader.value(item.attribute, wanted)} (by the ticket)"
    basis = "by the ticket" if expectation.basis is Basis.STATED else "by the copy"
    relation = ", as in Okta" if same(item.okta, expectation.value) else ""
    return f"{reader.value(item.attribute, expectation.value)} ({basis}{relation})"


def _run(run: SyncRun, reader: Reader) -> str:
    line = f"Run {run.id}: Force Sync of {run.label} at {reader.at(run.started_at)}, {how_started(run)}"
    line += f", Okta request id {run.request_id}" if run.request_id else ""
    line += f"; it repeats run {run.successor_of}" if run.successor_of else ""
    if approval := approved(run, reader):
        line += f"; {approval}"
    return line.rstrip(".") + "."


def _story(case: Case, run: SyncRun | None, reader: Reader) -> tuple[str, ...]:
    """Return what happened, without what the note says elsewhere; all of it after a reopening."""
    if case.round > 1:
        return tuple(f"{reader.at(entry.at)}: {reader.why(entry.what)}" for entry in case.story)
    found = {subject.verdict.reason for subject in case.subjects if subject.verdict}
    if run:
        found.add(Reason.of(ReasonKind.SYNC_STARTED, label=run.label))
    middle = (entry for entry in case.story[1:-1] if entry.what not in found)  # claimed first, last what ended it
    return tuple(f"{reader.at(entry.at)}: {_happened(entry.what, found, reader)}" for entry in middle)


def _happened(what: Reason, found: Collection[Reason], reader: Reader) -> str:
    """Say what happened; a question's cause is left out if the note says it already."""
    if what.kind is ReasonKind.ASKED and what.about in found:
        return "Asked the requester."
    return f"{reader.why(what).rstrip('.')}."


def _last_lines(case: Case, reader: Reader) -> Iterator[str]:
    evidence = case.evidence or tuple(e for s in case.subjects if s.verdict for e in s.verdict.evidence)
    read = {item.what: item for item in evidence if item.kind is EvidenceKind.READING}
    if read:
        listed = "; ".join(_read(item) for item in read.values())
        yield f"Read at {reader.at(max(item.at for item in read.values()))}, with Okta's request ids: {listed}."
    logged = {item.log_id: item for item in evidence if item.kind is EvidenceKind.EVENT}
    if logged:
        listed = "; ".join(
            f"{dict(item.what.words)['event']} at {reader.at(item.at)} ({item.log_id})" for item in logged.values()
        )
        yield f"System Log events: {listed}."
    yield f"Case {case.id}, round {case.round}."
    shown = ", ".join(sorted(reader.policy.open_attributes))
    yield f"Values are masked{f', except of {shown}' if shown else ''}."


def _read(item: Evidence) -> str:
    return f"{thing_read(item.what)}{f' ({item.request_id})' if item.request_id else ''}"
