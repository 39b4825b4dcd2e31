"""One ticket on its way through the product's own decisions, with ports that write nothing and store nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from worker.trial.rows import Outcome, Row, settled
from workflows.case.judging import claimed
from workflows.case.sight import Sight, TakenOver
from workflows.case.steps import begun
from workflows.errors import Misconfigured, Refused
from workflows.model import (
    Autonomy,
    Case,
    CaseState,
    Person,
    Phase,
    Policy,
    QuestionKind,
    Reason,
    Subject,
    Ticket,
    TicketRef,
)
from workflows.model import ReasonKind as R
from workflows.notes.handovers import team_of
from workflows.notes.titles import TOLD
from workflows.ports import OktaOrg, TicketDesk
from workflows.precheck.verdicts import leading_verdict, rides
from workflows.steps import Outcome as Step
from workflows.steps import Ports, Wait, met
from workflows.support.material import Diagnosis
from workflows.values.masking import called

ID = "000000000000"  # of a case that no store has
NOT_READ = Diagnosis(missing=("not read in a trial",))  # it costs Okta calls, and decides nothing
ONCE_READ = frozenset({"find_users", "find_named", "find_in_copies", "user", "links", "groups"})

# Why a ticket is left or handed over whatever was found, without the people and groups that a sentence would name.
WHY: dict[R, str] = {
    R.ASSIGNED: "a person has it",
    R.TAG_REMOVED: "it has no tag",
    R.CHILD: "it is a child of another ticket",
    R.PARENT: "it has open children or tasks",
    R.MAJOR_INCIDENT: "it is part of a major incident",
    R.PROBLEM: "it belongs to a problem",
    R.CHANGE: "it belongs to a change request",
    R.APPROVAL: "it waits for an approval",
    R.HELD_UNTIL: "its form names a day that is still to come",
    R.SLA: "its SLA is nearly used up",
    R.PROTECTED: "the user is in a protected group",
    R.PROTECTION_UNKNOWN: "whether the user is in a protected group could not be read",
    R.SIGN_IN_FIRST: "asks for a sign-in, which may be enough",
    R.PAGE_FIRST: "a visit to the user's page may be enough",
}


def acting(policy: Policy) -> Policy:
    """Return the policy as it would be if nothing were only observed: runs need an approval."""

    def raised(autonomy: Autonomy) -> Autonomy:
        return Autonomy.APPROVE if autonomy is Autonomy.OBSERVE else autonomy

    return policy.but(
        autonomy={name: raised(autonomy) for name, autonomy in policy.autonomy.items()},
        default_autonomy=raised(policy.default_autonomy),
    )


def as_filed(ticket: Ticket) -> Ticket:
    """Return a closed ticket as it was filed: free, and without the comments, which tell what people found later."""
    return ticket.but(phase=Phase.NEW, assignee=None, assigned_to_worker=False, comments=())


class OnceRead:
    """An org whose users are read once in a trial, whoever asks: its facts are those of today for all tickets."""

    def __init__(self, org: OktaOrg) -> None:
        self._org = org
        self._found: dict[tuple[Any, ...], Any] = {}

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._org, name)
        return self._remembering(name, found) if name in ONCE_READ else found

    def _remembering(self, name: str, read: Any) -> Any:
        def call(text: str) -> Any:
            if (name, text) not in self._found:
                self._found[name, text] = read(text)
            return self._found[name, text]

        return call


class _Shown:
    """A desk that shows one ticket, already read; nothing can be written through it."""

    def __init__(self, desk: TicketDesk, ticket: Ticket, *, closed: bool) -> None:
        self.name, self._desk, self._ticket, self._closed = desk.name, desk, ticket, closed

    def read(self, _ref: TicketRef) -> Ticket:
        return self._ticket

    glance = read

    def is_agent(self, ticket: Ticket, person: Person) -> bool:
        return self._desk.is_agent(ticket, person)

    def sla(self, ticket: Ticket) -> Any:
        return None if self._closed else self._desk.sla(ticket)

    def has_inside(self, ref: TicketRef) -> bool:
        return self._desk.has_inside(ref)

    def attaches(self, *, own: bool) -> bool:
        return self._desk.attaches(own=own)


class DryRun:
    """Judges tickets as a worker would; `ports` are a worker's, with a store of no cases. Threads may share it."""

    def __init__(self, ports: Ports) -> None:
        orgs = {name: cast("OktaOrg", OnceRead(org)) for name, org in ports.orgs.items()}
        self._ports = replace(ports, orgs=orgs, policy=acting(ports.policy), diagnose=lambda _case, _org: NOT_READ)

    def row(self, ref: TicketRef, *, tagged: bool = False) -> Row:
        """Read a ticket and return what would be done with it; `tagged`: whether or not it carries the tag.

        Raises `FarSideError` if it could not be read or judged.
        """
        ports, desk = self._ports, self._ports.desks[ref.desk]
        ticket = desk.read(ref)
        closed = ticket.phase is Phase.DONE
        ticket = as_filed(ticket) if closed else ticket
        ticket = ticket.but(tagged=True) if tagged else ticket
        shown = cast("TicketDesk", _Shown(desk, ticket, closed=closed))
        ports = replace(ports, desks={**ports.desks, ref.desk: shown})
        case = Case(
            id=ID,
            ref=ref,
            state=CaseState.CLAIMED,
            opened_at=ports.clock.now(),
        )
        row = Row(ref.key, ref.desk, Outcome.LEAVE, closed=closed)
        try:
            step = _judged(begun(case, ticket), ports)
        except TakenOver as taken:
            return row._replace(why=_why(taken.reason))
        return settled(self._told(row, step))

    def _told(self, row: Row, step: Step) -> Row:
        """Write a step in the words of a row."""
        if isinstance(step, Wait):
            return row._replace(why=_why(step.reason))
        case, because = step.case, step.because
        verdict, outcome = leading_verdict(case), _outcome(case)
        first = next((item for item in case.subjects if item.verdict is verdict), None)
        return row._replace(
            outcome=outcome,
            to=team_of(case, None) if outcome is Outcome.HAND_OVER else None,
            why=_why(because),
            verdict=verdict.kind if verdict else None,
            found=TOLD[verdict.kind].title if verdict else "",
            user=(called(verdict.login, self._ports.policy) or "") if verdict else "",
            people=len(case.subjects),
            attributes=self._attributes(first) if first else (),
        )

    def _attributes(self, subject: Subject) -> tuple[str, ...]:
        """Return the attributes that a subject is about, as Okta calls them; a ticket's own word is none of them."""
        verdict = subject.verdict
        if verdict is None:
            return ()
        names = [verdict.attribute, *(item.attribute for item in verdict.expectations), *verdict.spoken]
        names += [item.attribute for item in verdict.observations]
        try:
            known = self._ports.org.user_attributes()
        except (Misconfigured, Refused):
            return ()
        return tuple(dict.fromkeys(name for name in names if name and name in known))


def _judged(case: Case, ports: Ports) -> Step:
    """Take the step of a claimed case; as for a worker, what Okta refuses of a user counts when it is seen again."""
    try:
        return claimed(case, Sight(case, ports), ports)
    except Refused as error:
        return claimed(met(case, error, ports.clock.now()), Sight(case, ports), ports)


def _outcome(case: Case) -> Outcome:
    if case.state is CaseState.ASKED:
        if case.question is QuestionKind.PROFILE_PAGE:
            return Outcome.VISIT
        return Outcome.ASK_AGENT if case.asked_inside else Outcome.ASK
    if case.state is CaseState.JOINED:
        served = [item.verdict for item in case.subjects if rides(item) and item.verdict]
        return Outcome.SYNC if all(verdict.firm for verdict in served) else Outcome.CONFIRM
    ends = {CaseState.RESOLVED: Outcome.RESOLVE, CaseState.ESCALATED: Outcome.HAND_OVER}
    return ends.get(case.closing or case.state, Outcome.LEAVE)


def _why(because: Reason) -> str:
    return WHY.get(because.kind, "")
