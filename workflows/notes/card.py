"""The evidence below a note's first lines: what both copies hold, what was found and why, and what was asked for.

Ids of requests, log events and runs are not on it: the attached file and `forcesync case show` have them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from workflows.model import (
    Basis,
    Block,
    Bullets,
    Case,
    Expectation,
    Observation,
    Reason,
    ReasonKind,
    Seen,
    Subject,
    SyncRun,
    Table,
    Text,
    Verdict,
)
from workflows.notes.audience import Reader
from workflows.notes.progress import approved, named
from workflows.precheck.verdicts import Act, act_for
from workflows.values.comparing import same
from workflows.values.masking import plain
from workflows.values.wording import capital

READ_ONCE, BEFORE_AND_NOW = ("Directory's copy", "Okta"), ("Directory's copy before", "Okta before", "Okta now")
MOST_ROWS = 12  # attributes in a table; the attached file has all of them


def card(
    case: Case, run: SyncRun | None, reader: Reader, found: str = "", said: Collection[Reason] = ()
) -> tuple[Block, ...]:
    """Return the blocks of the card: the values, what was `found`, then what was asked for and what happened.

    Suspicions that the note has `said` are not repeated.
    """
    several = len(case.subjects) > 1
    blocks = [block for subject in case.subjects for block in _values(subject, reader, several=several)]
    if found:
        blocks.append(Text(text=found))
    blocks += [block for subject in case.subjects for block in _request(subject, reader, said)]
    if run and (approval := approved(run, reader)):
        blocks.append(Text(text=f"The Force Sync of {run.label} was {approval.rstrip('.')}."))
    if story := _story(case, run, reader):
        blocks.append(Bullets(items=story))
    return tuple(blocks)


def _values(subject: Subject, reader: Reader, *, several: bool) -> Iterator[Block]:
    """Return the table of a subject, below the user's name if there are several."""
    verdict = subject.verdict
    if verdict is None or not verdict.observations:
        return
    if several:
        yield Text(text=f"{reader.who(verdict.login) or 'The requester'}:")
    expected = {item.attribute: item for item in verdict.expectations}
    wanted = {want.attribute: want.expected for want in subject.request.statements}
    seen = {item.attribute: item for item in subject.seen}
    shown = verdict.observations[:MOST_ROWS]
    names = {item.attribute for item in shown}
    again = names & seen.keys()
    yield Table(
        header=("Attribute", *(BEFORE_AND_NOW if again else READ_ONCE), "Expected"),
        rows=tuple(
            (
                item.attribute,
                "(computed)" if item.source is None else reader.value(item.attribute, item.app_user),
                reader.value(item.attribute, item.okta),
                *([_now(seen.get(item.attribute), reader)] if again else []),
                _expected(item, expected.get(item.attribute), wanted.get(item.attribute), reader),
            )
            for item in shown
        ),
    )
    if names - reader.policy.open_attributes:
        open_ones = ", ".join(sorted(reader.policy.open_attributes))
        yield Text(text=f"Values are masked{f', except {open_ones}' if open_ones else ''}.")


def _now(seen: Seen | None, reader: Reader) -> str:
    return f"{reader.value(seen.attribute, seen.value)} at {reader.at(seen.at)}" if seen else "not read again"


def _expected(item: Observation, expectation: Expectation | None, wanted: str | None, reader: Reader) -> str:
    if expectation is None:
        return "-" if wanted is None else f"{reader.value(item.attribute, wanted)} (from the ticket)"
    basis = "from the ticket" if expectation.basis is Basis.STATED else "from the directory"
    relation = ", as in Okta" if same(item.okta, expectation.value) else ""
    return f"{reader.value(item.attribute, expectation.value)} ({basis}{relation})"


def _request(subject: Subject, reader: Reader, said: Collection[Reason]) -> Iterator[Block]:
    """Say what was asked for, what else is known, whose words did not count, and what was not read.

    Why a copy may be old is of no use once the value is there.
    """
    verdict, request = subject.verdict, subject.request
    if verdict is None:
        return
    told = [understood(subject, verdict, reader)]
    if act_for(subject) is not Act.RESOLVE:
        told += [reader.why(item) for item in verdict.suspicions if item not in said]
    told += [f"Also in the way: {reader.why(item.reason)}" for item in verdict.also]
    if verdict.carried:
        names = ", ".join(item.attribute for item in verdict.carried)
        told.append(f"Force Sync also brings the directory's value in {names}, which nobody asked for.")
    if request.others:
        quoted = " ".join(f"“{plain(words, 200)}”" for words in request.others)
        told.append(f"Not counted, as neither the requester nor an agent wrote it internally: {quoted}")
    if request.cut:
        told.append("The ticket is very long, and its end was not read.")
    yield Text(text=" ".join(told))


def understood(subject: Subject, verdict: Verdict, reader: Reader) -> str:
    """Say what the ticket was understood to ask, and where it was read."""
    request = subject.request
    user = plain(request.user, 100) if request.user else "nobody that Okta knows"
    if verdict.login or verdict.user_id:
        user = named(verdict, reader)
    who = f"{user}, the requester" if request.user is None and verdict.login else user
    said = {item.attribute for item in verdict.expectations if item.basis is Basis.STATED}
    said |= {want.attribute for want in request.statements if want.attribute}
    others = ", ".join(item for item in verdict.spoken if item not in said)
    spoken = f"{others} (found in the ticket's words)" if others else ""
    asked = " and ".join(filter(None, (_asked(subject, verdict, reader), spoken)))
    what = asked or "no attribute named, so everything that can be compared"
    places = dict.fromkeys(item.partition(": ")[2] for item in request.source)
    where = f", from {' and '.join(places)}" if places else ""
    return f"Asked for: {what}; user: {who}{where}."


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


def _story(case: Case, run: SyncRun | None, reader: Reader) -> tuple[str, ...]:
    """Return what happened, without what the note says elsewhere; all of it after a reopening."""
    if case.round > 1:
        return tuple(f"{reader.at(entry.at)}: {capital(reader.why(entry.what))}" for entry in case.story)
    found = {Reason.of(ReasonKind.CLAIMED), *(item.verdict.reason for item in case.subjects if item.verdict)}
    if run:
        found |= {
            Reason.of(kind, label=run.label) for kind in (ReasonKind.SYNC_STARTED, ReasonKind.SYNC_STARTED_BY_HAND)
        }
    if run and run.press:
        found.add(Reason.of(ReasonKind.SAID_PRESSED, by=run.press.by))
    middle = (entry for entry in case.story[:-1] if entry.what not in found)  # last is what ended it
    return tuple(f"{reader.at(entry.at)}: {_happened(entry.what, found, reader)}" for entry in middle)


def _happened(what: Reason, found: Collection[Reason], reader: Reader) -> str:
    """Say what happened; a question's cause is left out if the note says it already."""
    if what.kind is ReasonKind.ASKED and what.about in found:
        return "Asked the requester."
    return f"{capital(reader.why(what)).rstrip('.')}."
