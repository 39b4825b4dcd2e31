"""Other tickets about the same user and attribute: those with the same fault, and those that state another value.

If two ask for the same, the older one leads. If they state different values, one of them is wrong: each is judged by
itself, and its last note names the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from string import digits
from typing import NamedTuple

from pydantic import JsonValue

from workflows.errors import FarSideError, Refused
from workflows.model import Basis, Case, CaseState, Followup, FollowupKind, Phase, RideState, Subject
from workflows.ports import Sole
from workflows.precheck.verdicts import Act, act_for, riding
from workflows.steps import Ports
from workflows.values.comparing import same
from workflows.values.keys import is_meant

REMEMBERED = timedelta(days=14)  # a ticket handed over longer ago no longer counts as being worked


class Siblings(NamedTuple):
    """What the other cases with the same fault mean for a case: which one leads, and the right to the one Support Case.

    Both come from the same read, so a Support Case that is prepared after it invalidates the right.
    """

    leader: Case | None
    right: Sole


IsOpen = Callable[[Case, Ports], bool]


def counts_as_open(_case: Case, _ports: Ports) -> bool:
    """Treat a handed-over ticket as open without asking its desk: after a fault, the call may fail again."""
    return True


def siblings(case: Case, ports: Ports, is_open: IsOpen | None = None) -> Siblings:
    """Return the leading case and the right to the Support Case; by default, asks the desks which tickets are open.

    The leader is a handed-over case, else the first in line; None if that is this case itself.
    """
    is_open, about = is_open or is_open_at_desk, _about_its_users(case, ports)
    others = [item for item in about if _share(case, item)]
    given = [item for item in others if is_handed_over(item) and is_open(item, ports)]
    holders = [item for item in given if item.said.support_case]
    older = [item for item in others if _is_worked(item) and precedence(item) < precedence(case)]
    besides = tuple(item.id for item in about if item.said.support_case)
    return Siblings(next(iter((*holders, *given, *older)), None), _right_to_support_case(case, ports, besides))


def leader(case: Case, ports: Ports) -> Case | None:
    """Return the case that leads this one; None if no other case does."""
    return siblings(case, ports).leader


def is_handed_over(case: Case) -> bool:
    """Return whether a case has been handed over to people, or is being handed over."""
    return CaseState.ESCALATED in {case.state, case.closing}


def had_no_effect(first: Case, case: Case, ports: Ports) -> bool:
    """Return whether the leader was handed over because Force Sync had no effect on what it shares with this case."""
    run = ports.store.run(first.run_id) if first.run_id else None
    if run is None or run.started_at is None or not is_handed_over(first):
        return False
    rode = riding(first, run)
    if not any(_same(one, two) for one in case.subjects if unsettled(one) for two in rode):
        return False
    return any(ride.case_id == first.id and ride.state is RideState.UNSEEN for ride in ports.store.rides(run.id))


def _about_its_users(case: Case, ports: Ports) -> list[Case]:
    """Return the other cases about this case's unsettled users, oldest first."""
    user_ids = _user_ids(case)
    found = ports.store.cases_about(ports.org.name, user_ids, since(ports)) if user_ids else ()
    return sorted((item for item in found if item.id != case.id), key=precedence)


def _right_to_support_case(case: Case, ports: Ports, besides: tuple[str, ...]) -> Sole:
    return Sole(org=ports.org.name, user_ids=_user_ids(case), besides=besides, handed_over_after=since(ports))


def _user_ids(case: Case) -> tuple[str, ...]:
    verdicts = (item.verdict for item in case.subjects if unsettled(item))
    return tuple(verdict.user_id for verdict in verdicts if verdict and verdict.user_id)


def since(ports: Ports) -> datetime:
    """Return the time since which a handed-over ticket still counts as being worked (UTC)."""
    return ports.clock.now() - REMEMBERED


def _share(one: Case, two: Case) -> bool:
    """Return whether two cases have an unsettled user and attribute in common."""
    theirs = [item for item in two.subjects if unsettled(item)]
    return any(_same(ours, item) for ours in one.subjects if unsettled(ours) for item in theirs)


def unsettled(subject: Subject) -> bool:
    """Return whether a judged subject is not right yet."""
    return subject.verdict is not None and act_for(subject) is not Act.RESOLVE


def _same(one: Subject, two: Subject) -> bool:
    """Return whether two subjects are the same user and share an attribute, or the verdict if neither has any."""
    if one.verdict is None or two.verdict is None or one.verdict.user_id != two.verdict.user_id:
        return False
    if contradict(one, two):
        return False
    ours, theirs = _attributes(one), _attributes(two)
    return bool(ours & theirs) or (not ours and not theirs and one.verdict.kind is two.verdict.kind)


def contradict(one: Subject, two: Subject) -> set[str]:
    """Return the attributes of the same user for which two subjects state different values."""
    if one.verdict is None or two.verdict is None or one.verdict.user_id != two.verdict.user_id:
        return set()
    ours, theirs = _stated(one), _stated(two)
    return {name for name in ours.keys() & theirs.keys() if not _alike(ours[name], theirs[name])}


def _stated(subject: Subject) -> dict[str, JsonValue]:
    return {item.attribute: item.value for item in subject.expectations if item.basis is Basis.STATED}


def _alike(one: JsonValue, two: JsonValue) -> bool:
    """Return whether two values are equal, or two spellings that people use for the same."""
    return same(one, two) or is_meant(str(one), two) or is_meant(str(two), one)


def _attributes(subject: Subject) -> set[str]:
    seen = subject.verdict.observations if subject.verdict else ()
    return {item.attribute for item in subject.expectations} | {item.attribute for item in seen}


def _is_worked(case: Case) -> bool:
    return not case.ended and case.state is not CaseState.CLOSING


def precedence(case: Case) -> tuple[datetime, str, int, str]:
    """Return the sort key of tickets with the same fault: when each was tagged, to the second, then its ticket key.

    Ticket keys sort by their number: `SUP-9` comes before `SUP-10`. The time of discovery does not count: desks are
    searched one after the other, and one may have been down.
    """
    at = (case.given_at or case.opened_at).replace(microsecond=0)
    name = case.ref.key.rstrip(digits)
    return at, name, int(case.ref.key[len(name) :] or 0), case.id


def is_open_at_desk(case: Case, ports: Ports) -> bool:
    """Return whether a handed-over ticket is still open; if its desk cannot be reached, it counts as open."""
    desk = ports.desks.get(case.ref.desk)
    try:
        return desk is not None and desk.glance(case.ref).phase is not Phase.DONE
    except Refused:
        return False
    except FarSideError:
        return True


def at_odds(case: Case, ports: Ports, is_open: IsOpen | None = None) -> tuple[Case, ...]:
    """Return the open cases that state another value; by default, asks the desk whether a handed-over one is open."""
    is_open = is_open or is_open_at_desk
    verdicts = (item.verdict for item in case.subjects)
    user_ids = tuple(verdict.user_id for verdict in verdicts if verdict and verdict.user_id)
    about = ports.store.cases_about(ports.org.name, user_ids, since(ports)) if user_ids else ()
    found = [item for item in about if item.id != case.id and unsettled_attributes(case, item)]
    still = (item for item in found if not is_handed_over(item) or is_open(item, ports))
    return tuple(sorted(still, key=precedence))


def attributes(case: Case, other: Case) -> tuple[str, ...]:
    """Return the attributes for which two cases state different values."""
    return _contradicted(case, other.subjects)


def unsettled_attributes(case: Case, other: Case) -> tuple[str, ...]:
    """Return the contradicting attributes that the other case has not settled yet."""
    return _contradicted(case, [item for item in other.subjects if unsettled(item)])


def _contradicted(case: Case, theirs: Iterable[Subject]) -> tuple[str, ...]:
    return tuple(sorted({name for item in theirs for ours in case.subjects for name in contradict(ours, item)}))


def naming(case: Case, others: tuple[Case, ...]) -> Case:
    """Record that a case's last note names the others."""
    said = case.said.but(contrary=(*case.said.contrary, *(item.id for item in others)))
    return case.but(said=said)


def contradiction_followups(case: Case, ports: Ports, now: datetime) -> tuple[Followup, ...]:
    """Return follow-ups that note contradicting tickets on handed-over ones, this one included, whose notes lack them.

    Of two cases, the one that ends last creates both follow-ups, so that each is made once.
    """
    return tuple(
        followup
        for other in at_odds(case, ports)
        if other.state is CaseState.ESCALATED
        for followup in (*_contradiction_followup(other, case, now), *_contradiction_followup(case, other, now))
    )


def _contradiction_followup(case: Case, other: Case, now: datetime) -> Iterator[Followup]:
    if case.state is CaseState.ESCALATED and other.id not in case.said.contrary:
        kind = FollowupKind.AT_ODDS
        id = f"{case.id}.{case.round}.{kind}.{other.id}.{other.round}"
        yield Followup(id=id, case_id=case.id, round=case.round, kind=kind, due_at=now, other=other.id)
