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
    Observation,
    Reason,
    Request,
    Seen,
    Statement,
    Subject,
    SyncRun,
    Table,
    Verdict,
    VerdictKind,
)
from workflows.model import ReasonKind as R
from workflows.notes.audience import Reader
from workflows.notes.console import named
from workflows.notes.progress import approved
from workflows.precheck.verdicts import Act, act_for
from workflows.values.comparing import same
from workflows.values.masking import plain
from workflows.values.wording import capital, listed

READ_ONCE, BEFORE_AND_NOW = ("Directory's copy", "Okta"), ("Directory's copy before", "Okta before", "Okta now")
BROUGHT = "Value from the directory"
WITHHELD = (
    "The values aren't shown here, because everybody who sees this issue could read them. forcesync's operator has "
    "them (forcesync case show --json)."
)
MOST_ROWS = 12  # attributes in a table; the attached file has all of them


def card(
    case: Case, run: SyncRun | None, reader: Reader, found: str = "", said: Collection[Reason] = ()
) -> tuple[Block | str, ...]:
    """Return the parts of the card: the values, what was `found`, then what was asked for and what happened.

    Suspicions that the note has `said` are not repeated.
    """
    judged = [(item, item.verdict) for item in case.subjects if item.verdict]
    story = _story(case, run, reader)
    return (
        *values_of(case, reader),
        found,
        *(_request(subject, verdict, run, reader, said) for subject, verdict in judged),
        approved(run, reader) if run else "",
        Bullets(items=story) if story else "",
    )


def values_of(case: Case, reader: Reader) -> Iterator[Block | str]:
    """Yield the table of each subject."""
    if reader.withholds and any(item.verdict and item.verdict.observations for item in case.subjects):
        yield WITHHELD
        return
    several = len(case.subjects) > 1
    for subject in case.subjects:
        if subject.verdict:
            yield from _values(subject, subject.verdict, reader, several=several)


def _values(subject: Subject, verdict: Verdict, reader: Reader, *, several: bool) -> Iterator[Block | str]:
    """Return the table of a subject, below the user's name if there are several."""
    if not verdict.observations:
        return
    if several:
        yield f"{reader.who(verdict.login) or 'The requester'}:"
    shown = verdict.observations[:MOST_ROWS]
    names = {item.attribute for item in shown}
    seen = {item.attribute: item for item in subject.seen}
    again = names & seen.keys()
    wanted = _wanted(subject, verdict)
    yield Table(
        header=("Attribute", *(BEFORE_AND_NOW if again else READ_ONCE), wanted),
        rows=tuple(
            (
                item.attribute,
                "(computed)" if item.source is None else reader.value(item.attribute, item.app_user),
                reader.value(item.attribute, item.okta),
                *([_now(seen.get(item.attribute), reader)] if again else []),
                _expected(item, subject, reader, header=wanted),
            )
            for item in shown
        ),
    )
    if names - reader.policy.open_attributes:
        open_ones = listed(sorted(reader.policy.open_attributes))
        yield f"All values but {open_ones} are masked." if open_ones else "Values are masked."


def _now(seen: Seen | None, reader: Reader) -> str:
    return f"{reader.value(seen.attribute, seen.value)} at {reader.at(seen.at)}" if seen else "not read again"


def _wanted(subject: Subject, verdict: Verdict) -> str:
    """Head the column of what is to come: nobody expects what the ticket neither states nor names."""
    by_ticket = verdict.firm or any(want.expected is not None for want in subject.request.statements)
    bases = {item.basis for item in subject.expectations}
    return BROUGHT if bases == {Basis.PREDICTED} and not by_ticket else "Expected"


def _expected(item: Observation, subject: Subject, reader: Reader, header: str) -> str:
    expectation = next((one for one in subject.expectations if one.attribute == item.attribute), None)
    if expectation is None:
        wanted = {want.attribute: want.expected for want in subject.request.statements}.get(item.attribute)
        return "-" if wanted is None else f"{reader.value(item.attribute, wanted)} (from the ticket)"
    basis = (
        "from the ticket" if expectation.basis is Basis.STATED else "from the directory" if header != BROUGHT else ""
    )
    there = "already in Okta" if same(item.okta, expectation.value) else ""
    about = "; ".join(filter(None, (basis, there)))
    return f"{reader.value(item.attribute, expectation.value)}{f' ({about})' if about else ''}"


def _request(subject: Subject, verdict: Verdict, run: SyncRun | None, reader: Reader, said: Collection[Reason]) -> str:
    """Say what was asked for, what else is known, whose words did not count, and what was not read.

    Why a copy may be old is of no use once the value is there.
    """
    request, told = subject.request, [understood(subject, verdict, reader)]
    settled, was_run = act_for(subject) is Act.RESOLVE, run is not None and run.started_at is not None
    if not settled:
        told += [reader.why(item) for item in verdict.suspicions if item not in said]
    told += [f"Also in the way: {reader.why(item.reason)}" for item in verdict.also]
    if verdict.carried and (was_run or not settled):
        names = ", ".join(item.attribute for item in verdict.carried)
        brings = "brought" if settled else "brings"
        told.append(f"Force Sync also {brings} the directory's value for {names}, which nobody asked for.")
    if request.others:
        quoted = " ".join(f"“{plain(words, 200)}”" for words in request.others)
        told.append(f"Not counted, because it is neither the requester's nor an agent's internal comment: {quoted}")
    if request.cut:
        told.append("The ticket is very long, and its end was not read.")
    return " ".join(told)


def understood(subject: Subject, verdict: Verdict, reader: Reader) -> str:
    """Say what the ticket was understood to ask, and where it was read."""
    request, stated = subject.request, [item for item in verdict.expectations if item.basis is Basis.STATED]
    said = {item.attribute for item in stated} | {want.attribute for want in request.statements}
    others = ", ".join(item for item in verdict.spoken if item not in said)
    asked = [f"{item.attribute} should be {reader.value(item.attribute, item.value)}" for item in stated]
    asked = asked or [wish for want in request.statements if (wish := _in_its_words(want, reader))]
    named = [plain(want.attribute, 60) for want in request.statements if want.attribute and want.expected is None]
    asked += [f"{listed(named)} (no value given)"] if named and not stated else []
    asked += [f"{others} (found in the ticket's words)"] if others else []
    what = " and ".join(asked) or "nothing by name, so everything comparable was compared"
    places = dict.fromkeys(item.rpartition(": ")[2] for item in request.source)
    where = f", from {' and '.join(places)}" if places else ""
    return f"Asked for: {what}; user: {_whom(request, verdict, reader)}{where}."


def _in_its_words(want: Statement, reader: Reader) -> str:
    """Say which value the ticket itself asks for; "" if it gives none."""
    name = plain(want.attribute, 60) if want.attribute else "an attribute that is not named"
    return "" if want.expected is None else f"{name} should be {reader.value(name, want.expected)}"


def _whom(request: Request, verdict: Verdict, reader: Reader) -> str:
    """Name the user that is meant; whom Okta does not know, or of whom nothing is told, as the ticket does."""
    if verdict.login or verdict.user_id:
        requester = ", the requester" if request.user is None and verdict.login else ""
        return f"{named(verdict, reader)}{requester}"
    names = ", ".join(plain(name, 100) for name in ((request.user,) if request.user else request.unclear))
    if names and reader.who(names) == names:
        return names
    return "the person named in the ticket" if names or verdict.kind is VerdictKind.ON_BEHALF else "the requester"


def _story(case: Case, run: SyncRun | None, reader: Reader) -> tuple[str, ...]:
    """Return what happened before the end, without what the note says elsewhere; nearly all of it after a reopening."""
    found = {item.verdict.reason for item in case.subjects if item.verdict}
    if case.round > 1:
        told = (entry for entry in case.story[:-1] if entry.what not in found)
        return tuple(f"{reader.at(entry.at)}: {capital(reader.why(entry.what))}" for entry in told)
    found |= {Reason.of(R.CLAIMED)}
    if run:
        found |= {Reason.of(kind, label=run.label) for kind in (R.SYNC_STARTED, R.SYNC_STARTED_BY_HAND)}
        found |= {Reason.of(R.SAID_PRESSED)} if run.press else set()
    middle = (entry for entry in case.story[:-1] if entry.what not in found)  # last is what ended it
    return tuple(f"{reader.at(entry.at)}: {_happened(entry.what, found, reader)}" for entry in middle)


def _happened(what: Reason, found: Collection[Reason], reader: Reader) -> str:
    """Say what happened; a question's cause is left out if the note says it already."""
    if what.kind is R.ASKED and what.about in found:
        return "Asked on the ticket."
    return f"{capital(reader.why(what)).rstrip('.')}."
