"""What came of a trial: one row a ticket, and the share of each outcome. No row holds a word of a ticket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from worker.output import percents
from workflows.model import VerdictKind as V
from workflows.precheck.verdicts import Team
from workflows.values.wording import counted

MOVED = "facts have moved"

# What such a verdict rests on was put right, or changed again, since a closed ticket was filed.
PASSED = frozenset(
    {
        V.ALREADY_RIGHT,
        V.DOWNSTREAM,
        V.CANNOT_TELL,
        V.STALE_IN_DIRECTORY_COPY,
        V.REJECTED_BY_OKTA,
        V.OVERWRITTEN,
        V.USER_NOT_ACTIVE,
    }
)


class Outcome(StrEnum):
    """What would be done with a ticket."""

    SYNC = "sync"
    CONFIRM = "confirm"
    RESOLVE = "resolve"
    ASK = "ask"
    ASK_AGENT = "ask_agent"
    VISIT = "visit"
    HAND_OVER = "hand_over"
    LEAVE = "leave"
    NOT_TOLD = "not_told"
    NOT_READ = "not_read"


DONE: dict[Outcome, str] = {
    Outcome.SYNC: "run Force Sync, and resolve once Okta is right",
    Outcome.CONFIRM: "run Force Sync, and ask whether it is right now",
    Outcome.RESOLVE: "resolve: Okta is right already",
    Outcome.ASK: "ask the requester",
    Outcome.ASK_AGENT: "ask an agent",
    Outcome.VISIT: "ask an agent to open the user's page",
    Outcome.HAND_OVER: "hand over",
    Outcome.LEAVE: "leave it to people",
    Outcome.NOT_TOLD: "cannot be told: the facts have moved",
    Outcome.NOT_READ: "could not be read",
}


class Row(NamedTuple):
    """One ticket of a trial.

    `user` is the login by its class, `people` how many the ticket is about, `attributes` are Okta's own names. `found`
    says what the precheck finds, `why` what else decides. `to` names the team of a hand-over.
    """

    ticket: str
    desk: str
    outcome: Outcome
    closed: bool = False
    user: str = ""
    people: int = 0
    attributes: tuple[str, ...] = ()
    verdict: V | None = None
    found: str = ""
    why: str = ""
    to: Team | None = None

    @property
    def done(self) -> str:
        """Return what would be done, with whom it would be handed over to."""
        return f"{DONE[self.outcome]} to: {self.to}" if self.to else DONE[self.outcome]

    @property
    def whom(self) -> str:
        """Return the user, and how many more there are."""
        return f"{self.user} and {self.people - 1} more" if self.people > 1 else self.user

    @property
    def marked(self) -> str:
        """Return what was found, marked where it was found later than the ticket was worked."""
        return f"{self.found} ({MOVED})" if self.closed and self.found else self.found

    @property
    def told(self) -> str:
        """Return whom and what it is about, what was found and who gets it, in one line."""
        about = ", ".join(filter(None, (self.whom, *self.attributes)))
        found = "; ".join(filter(None, (self.why, self.marked, f"to: {self.to}" if self.to else "")))
        return ": ".join(filter(None, (about, found)))


class Share(NamedTuple):
    """How many of the tickets have one outcome; `percent` is rounded so that those of all outcomes make 100."""

    outcome: Outcome
    to: Team | None
    done: str
    tickets: int
    share: float
    percent: int

    def record(self) -> dict[str, Any]:
        """Return it for programs, which round for themselves."""
        return {name: value for name, value in self._asdict().items() if name != "percent"} | {
            "share": round(self.share, 4)
        }


def settled(row: Row) -> Row:
    """Say of a closed ticket that it cannot be told, where the facts that decided have moved."""
    passed = row.closed and row.verdict in PASSED and row.outcome is not Outcome.LEAVE
    return row._replace(outcome=Outcome.NOT_TOLD, to=None) if passed else row


def shares(rows: Sequence[Row]) -> Iterator[Share]:
    """Yield the share of each outcome that occurs, and of hand-overs by team, in a fixed order."""
    counts = Counter((row.outcome, row.to) for row in rows)
    done = {(row.outcome, row.to): row.done for row in rows}
    order = list(Outcome)
    keys = sorted(counts, key=lambda item: (order.index(item[0]), item[1] or ""))
    for key, percent in zip(keys, percents([counts[key] for key in keys]), strict=True):
        yield Share(*key, done[key], counts[key], counts[key] / len(rows), percent)


class Closed(NamedTuple):
    """How many closed tickets were read, and of how many it could be told what would have been done."""

    tickets: int
    told: int

    @property
    def sentence(self) -> str:
        """Say it for people, "" where there is none."""
        if not self.tickets:
            return ""
        share = percents((self.told, self.tickets - self.told))[0]
        return (
            f"Closed tickets meet today's facts, and are judged by what they said when filed. Of {self.tickets} it "
            f"could be told for {self.told} ({share}%); of the rest, it was read whom they are about, but what Okta "
            "held then has moved."
        )


def closed(rows: Sequence[Row]) -> Closed:
    """Count the closed tickets."""
    found = [row for row in rows if row.closed and row.outcome is not Outcome.NOT_READ]
    return Closed(len(found), sum(row.outcome is not Outcome.NOT_TOLD for row in found))


def for_others(rows: Sequence[Row]) -> str:
    """Say how many tickets turn on who may file for others, "" if none does."""
    number = sum(row.verdict is V.ON_BEHALF for row in rows)
    if not number:
        return ""
    are = "is" if number == 1 else "are"
    return (
        f"{number} of {counted(len(rows), 'ticket')} {are} about somebody for whom, as far as forcesync knows, the "
        'requester may not ask. policy.on_behalf names the Okta groups whose members may ("Everyone": all).'
    )


class Result(NamedTuple):
    """A trial: its rows, how long it took, and whether advice is all.

    `stopped` says why it ended early ("" if it did not), `unsearched` why desks could not be searched, by their names.
    """

    rows: tuple[Row, ...]
    asked: int
    seconds: float
    observing: bool = False
    stopped: str = ""
    unsearched: Mapping[str, str] = MappingProxyType({})

    @property
    def ok(self) -> bool:
        """Say whether every ticket was found and read."""
        unread = any(row.outcome is Outcome.NOT_READ for row in self.rows)
        return not (self.stopped or self.unsearched or unread)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what people have to know beside the numbers."""
        after = f"Stopped after {len(self.rows)} of {self.asked} tickets" if self.asked else "No ticket was read"
        left = f"{after}: {self.stopped}." if self.stopped else ""
        advice = (
            "The settings only observe: this is what would be done if they let forcesync act; as they are, the verdict "
            "is noted on each ticket."
        )
        notes = (
            closed(self.rows).sentence,
            for_others(self.rows),
            advice if self.observing and self.rows else "",
            left,
        )
        missing = (f"No ticket of {name} was looked for: {why}." for name, why in self.unsearched.items())
        return (*filter(None, notes), *missing)

    def record(self) -> dict[str, Any]:
        """Return it for programs."""
        held = closed(self.rows)
        return {
            "ok": self.ok,
            "stopped": self.stopped or None,
            "seconds": round(self.seconds, 1),
            "observing": self.observing,
            "unsearched": [{"desk": name, "why": why} for name, why in self.unsearched.items()],
            "asked": self.asked,
            "shares": [item.record() for item in shares(self.rows)],
            "closed": {
                "tickets": held.tickets,
                "told": held.told,
                "share": round(held.told / held.tickets, 4) if held.tickets else None,
            },
            "tickets": [
                row._asdict() | {"facts_have_moved": row.closed and row.verdict is not None, "done": row.done}
                for row in self.rows
            ],
        }
