"""The case: our durable record of working one ticket."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from workflows.model.identity import DirectoryRef
from workflows.model.judgement import Evidence, Expectation, Verdict, VerdictKind
from workflows.model.reasons import Reason
from workflows.model.request import Heard, Request
from workflows.model.run import Trouble
from workflows.model.ticket import Person, TicketRef
from workflows.model.values import Value


class CaseState(StrEnum):
    """The states of a case; the last four are ends."""

    RECEIVED = "received"
    CLAIMED = "claimed"
    ASKED = "asked"
    JOINED = "joined"
    SYNCED = "synced"
    CLOSING = "closing"
    RESOLVED = "resolved"
    ESCALATED = "escalated"
    ADVISED = "advised"
    WITHDRAWN = "withdrawn"


ENDS = frozenset({CaseState.RESOLVED, CaseState.ESCALATED, CaseState.ADVISED, CaseState.WITHDRAWN})


class Seen(Value):
    """A value of the Okta profile read during verification."""

    attribute: str
    value: JsonValue
    at: datetime
    request_id: str | None = None


class Look(Value):
    """Consecutive looks at an Okta profile after a start that saw the same: their count, the first and the last (UTC).

    `lacking` names the attributes that did not hold what is expected; `updated_at` is when Okta says that the profile
    was last updated.
    """

    lacking: tuple[str, ...]
    updated_at: datetime | None = None
    count: int = 1
    first_at: datetime
    first_request_id: str | None = None
    last_at: datetime
    last_request_id: str | None = None


class Subject(Value):
    """One affected user of a case: what is asked, what was judged, what was seen afterwards.

    `seen` is the latest reading, `looks` summarizes all of them. `right` means that every expected value has been seen
    in Okta since the judgement.
    """

    request: Request
    verdict: Verdict | None = None
    seen: tuple[Seen, ...] = ()
    looks: tuple[Look, ...] = ()
    right: bool = False

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        """Return what the Okta profile should hold in the end."""
        return self.verdict.expectations if self.verdict else ()

    @property
    def right_since(self) -> datetime | None:
        """Return when Okta was first seen to hold what is expected (UTC); None if that has not come since."""
        if not self.right:
            return None
        looked = self.looks[-1].first_at if self.looks and not self.looks[-1].lacking else None
        return looked or next((item.at for item in self.seen), None)


class StoryEntry(Value):
    """One thing that happened to the case; `at` is UTC."""

    at: datetime
    what: Reason


class WaitsFor(StrEnum):
    """What a case's run waits for, as noted on its ticket."""

    APPROVAL = "proposed"
    PERSON = "requested"
    SWITCH = "paused"
    RIGHT = "right"  # for Okta to let our account run Force Sync


class RunNotice(Value):
    """One note about a run that waits: which run, for what, for which time, and whether it is the reminder."""

    run_id: str
    wait: WaitsFor
    time: int = 1
    reminder: bool = False

    @property
    def step(self) -> str:
        """Return the name of the note's write within its case."""
        time = f"-{self.time}" if self.time > 1 else ""
        return f"{self.wait}-{self.run_id}{time}{'-again' if self.reminder else ''}"


class Said(Value):
    """What has been noted on a ticket in this round, so that it is noted once.

    `claimed`: the ticket is assigned to us. `older_ticket`: another ticket about the same leads. `support_case`: it
    holds the prepared Support Case. `contrary`: the ids of the cases that state another value and that its last note
    names. `reminded` and `sign_ins`: the numbers of the questions that were repeated, and of those that ask for a
    sign-in. `runs`: the notes about waiting runs. `pattern`: the id of the case that stands for several of one cause,
    to which this one is linked. `profile_page`: somebody was asked to open the user's page.
    """

    claimed: bool = False
    older_ticket: bool = False
    support_case: bool = False
    contrary: tuple[str, ...] = ()
    reminded: tuple[int, ...] = ()
    sign_ins: tuple[int, ...] = ()
    runs: tuple[RunNotice, ...] = ()
    pattern: str = ""
    profile_page: bool = False


class QuestionKind(StrEnum):
    """What a case that waits for a reply has asked."""

    OPEN = "open"
    CLOSED = "closed"  # both copies hold the same: is it right now?
    CONFIRM = "confirm"  # what was asked came right: is it?
    PROFILE_PAGE = "profile_page"  # of an agent or administrator: please open the user's page


class Case(Value):
    """One ticket's work, in its `round`; `id` is our own, short and in every marker. Times are UTC.

    `deadline` is when the current wait ends and a person takes over. `closing` is the end that the closing state
    delivers, `because` why. `held_until` is the morning of the day from which the ticket's form says that the change
    holds. `cause` is the same for every ticket that ended for one cause in one directory. `requester`
    is who filed the ticket, by login, address or else the desk's account id; `filed_by` has all of these, which older
    cases lack, and `opened_by` those of whoever opened it for them. `said` records what has been noted on the ticket
    once. `stamp` is the ticket's in the newest search, `known` when it was last read or written; a later `stamp` tells
    of a change that was not read yet. `tagged_at` is as last seen; `given_at` is when it was first tagged, and stays
    the same through all rounds. `filed_at` is when the ticket was created, if the product says so. `sla_at` is when its
    SLA is to be looked at next. `questions` counts those to the caller in this round, `question` is the kind of the
    last one, which was `asked_about` these users, by id; empty: about all that is unsettled.
    `unconfirmed`: it was resolved without the requester's word. `written`: an archived round left something on the
    ticket. `faults` counts our own defects in the current state, `trouble` is what a product does to it. `refused`
    holds the product's words when a write was refused. `story` continues through all
    rounds. `org` is the one that its users were judged in, `heard` the ticket's words as they were then.
    """

    version: int = 6
    id: str
    ref: TicketRef
    round: int = 1
    state: CaseState = CaseState.RECEIVED
    opened_at: datetime
    stamp: str = ""
    known: str = ""
    sla_at: datetime | None = None
    tagged_at: datetime | None = None
    given_at: datetime | None = None
    filed_at: datetime | None = None
    requester: str | None = None
    filed_by: Person | None = None
    opened_by: Person | None = None
    org: str = ""
    heard: Heard | None = None
    subjects: tuple[Subject, ...] = ()
    said: Said = Said()
    run_id: str | None = None
    asked_at: datetime | None = None
    questions: int = 0
    question: QuestionKind = QuestionKind.OPEN
    asked_inside: bool = False
    asked_about: tuple[str, ...] = ()
    unconfirmed: bool = False
    held_until: datetime | None = None
    written: bool = False
    deadline: datetime | None = None
    closing: CaseState | None = None
    because: Reason | None = None
    cause: str = ""
    refused: str | None = None
    faults: int = 0
    trouble: Trouble | None = None
    ended_at: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    story: tuple[StoryEntry, ...] = ()

    @property
    def wants(self) -> tuple[DirectoryRef, str] | None:
        """Return the directory and user type of the run that the case would join if it did not wait for a page."""
        if self.state is not CaseState.ASKED or self.question is not QuestionKind.PROFILE_PAGE:
            return None
        verdict = self.subjects[0].verdict if self.subjects else None
        if verdict is None or verdict.kind is not VerdictKind.STALE_IN_OKTA or verdict.directory is None:
            return None
        return (verdict.directory.ref, verdict.target_type_id or "")

    @property
    def askers(self) -> tuple[Person, ...]:
        """Return who asks: the requester, and whoever opened the ticket for them; nobody if the desk named neither."""
        of_old = Person(id="", login=self.requester) if self.requester else None
        return tuple(person for person in (self.filed_by or of_old, self.opened_by) if person)

    @property
    def is_nameless(self) -> bool:
        """Return whether the desk tells neither a login nor an address of somebody who asks."""
        return not self.askers or not all(person.identifiers for person in self.askers)

    @property
    def filed_as(self) -> tuple[str, ...]:
        """Return every name by which the desk knows the requester."""
        names = self.filed_by.identifiers if self.filed_by else ()
        return tuple(dict.fromkeys(name for name in (self.requester, *names) if name))

    def is_by_requester(self, author: Person) -> bool:
        """Return whether somebody on the desk is who filed the ticket."""
        return author.is_same(self.filed_by) if self.filed_by else author.is_called(self.requester)

    @property
    def ended(self) -> bool:
        """Return whether this round is over."""
        return self.state in ENDS
