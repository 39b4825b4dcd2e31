"""The notes and the alert about several tickets of one cause: what they have in common, and which one stands for all.

Nobody is named but other tickets, by their keys; what they have in common is told in the words of the first one's own
judgement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from workflows.model import Bullets, Case, Note, Reason, SyncRun
from workflows.model import ReasonKind as R
from workflows.notes.audience import Reader, Sight
from workflows.notes.handovers import Ending, addressed, ending, handover
from workflows.notes.progress import note_of
from workflows.notes.reasons import OTHERS
from workflows.values.masking import plain
from workflows.values.wording import capital, counted, uncapital

MOST_NAMED = 20  # tickets in one note
NOT_STARTED = "Force Sync wasn't started"
WORDS = {
    "actor": "Changed in Okta by: {word}",
    "reason": "Okta's reason: {word}",
    "source": "Source: {word}",
}


class Counted(NamedTuple):
    """How many tickets have one cause, or `at_least` how many, as only the newest are read."""

    tickets: int
    at_least: bool = False

    @property
    def text(self) -> str:
        """Say it."""
        return f"{'at least ' if self.at_least else ''}{counted(self.tickets, 'ticket')}"


class Common(NamedTuple):
    """What the judgements of several cases have in common.

    `mappings` are expressions by the attribute that they fill, `suspicions` the likely causes, `words` details of the
    finding by name, `unit` is where the copies stand in the directory. `one_run`: all rode the same Force Sync.
    """

    label: str
    attributes: tuple[str, ...] = ()
    mappings: tuple[tuple[str, str], ...] = ()
    suspicions: tuple[Reason, ...] = ()
    unit: str = ""
    words: tuple[tuple[str, str], ...] = ()
    one_run: bool = False


def stands_for(
    first: Case, run: SyncRun | None, others: Collection[Case], number: Counted, common: Common, reader: Reader
) -> Note:
    """Say on the first ticket that it stands for several, what they have in common, and which the others are."""
    named = ", ".join(f"{item.ref.key} ({item.ref.desk})" for item in list(others)[:MOST_NAMED])
    left = max(len(others) - MOST_NAMED, 0)
    more = f" and at least {left} more" if left and number.at_least else f" and {left} more" if left else ""
    return note_of(
        f"One cause for {number.text}: {uncapital(_title(first, run))}",
        f"{addressed(first, run)}: fix the cause once, starting from this ticket. Later tickets with this cause are "
        "linked to it and come without a report of their own.",
        Bullets(items=(*_shared(common, reader), f"The others: {named}{more}")),
    )


def stood_for(case: Case, run: SyncRun | None, first: Case, again: str = "", *, attached: bool = False) -> Note:
    """Say on another ticket which one stands for it; `again` says until when it is looked at again.

    `attached`: its own findings are in a file on it.
    """
    package = "Its note has the prepared Support Case." if first.said.support_case else ""
    own = "What was found for this one is in the attached file." if attached else ""
    text = f"{addressed(case, run)}: fix the cause once; see {first.ref.key} for what the tickets have in common."
    where = f"{first.ref.key} ({first.ref.desk})"
    return note_of(
        f"Same cause as {where}: {uncapital(_title(case, run))}", " ".join(filter(None, (text, package, own, again)))
    )


def alarm(
    case: Case,
    run: SyncRun | None,
    number: Counted,
    first: Case | None,
    common: Common,
    reader: Reader,
    oldest: Collection[Case] = (),
) -> str:
    """Tell the operator of several tickets with one cause; `first` stands for them.

    None where they are observed: then `oldest` are named.
    """
    then = (
        f"{first.ref.key} on {first.ref.desk} stands for them, and later ones are linked to it"
        if first
        else "They are only observed, so each has its own advice"
    )
    named = ", ".join(f"{item.ref.key} ({item.ref.desk})" for item in oldest)
    then += f"; the first: {named}" if named and not first else ""
    shared = "; ".join(item.rstrip(".") for item in _shared(common, reader))
    return f"{capital(number.text)} within an hour have one cause: {uncapital(_title(case, run))}. {shared}. {then}"


def _title(case: Case, run: SyncRun | None) -> str:
    """Say what was found in words that hold for every ticket of the cause."""
    not_started = case.because and case.because.kind in {R.NOT_STARTED, R.NOT_STARTED_IN_TIME}
    return NOT_STARTED if not_started and ending(case, run) is Ending.JUDGED else handover(case, run).title


def _shared(common: Common, reader: Reader) -> Iterator[str]:
    yield f"Directory: {common.label}"
    if common.attributes:
        yield f"Attribute: {', '.join(common.attributes)}"
    for attribute, expression in common.mappings:
        yield f"Mapping of {attribute}: {plain(expression, 200)}"
    if common.unit and "dn" in reader.policy.open_attributes:  # masked, it would tell nothing
        yield f"Organizational unit: {reader.value('dn', common.unit)}"
    for item in common.suspicions:
        yield reader.why(item)
    said = (item for item in common.words if item[0] not in OTHERS or reader.sight is Sight.INSIDE)
    yield from (WORDS[name].format(word=plain(word, 200)) for name, word in said if word)
    if common.one_run:
        yield "All waited for the same Force Sync."
