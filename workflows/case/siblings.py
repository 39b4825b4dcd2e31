"""Other tickets about the same user and attribute: those with the same fault, and those that state another value.

If two ask for the same, the older one leads. If they state different values, one of them is wrong: each is judged by
itself, and its last note names the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from string import digits
from typing import NamedTuple

from pydantic import JsonValue

from workflows.model import Basis, Case, CaseState, RideState, Subject
from workflows.notes.progress import OtherWish
from workflows.ports import Sole
from workflows.precheck.verdicts import Act, act_for, riding
from workflows.steps import Ports
from workflows.sync.overtaken import REMEMBERED, is_open_at_desk
from workflows.values.comparing import same
from workflows.values.keys import is_meant


class Others(NamedTuple):
    """What other tickets about a case's users mean for it: which case leads, and which ones state another value.

    `right` is the right to the one Support Case. All come from the same read, so a Support Case that is prepared after
    it invalidates the right.
    """

    leader: Case | None
    at_odds: tuple[OtherWish, ...]
    right: Sole


def others(case: Case, ports: Ports, *, blind: bool = False) -> Others:
    """Return what the other tickets about the case's users mean for it; `blind`: no desk is asked which are open."""
    about, users = _others_about(case, case.subjects, ports), user_ids(filter(unsettled, case.subjects))
    holders, since = tuple(item.id for item in about if item.said.support_case), ports.clock.now() - REMEMBERED
    right = Sole(org=ports.org.name, user_ids=users, besides=holders, handed_over_after=since)
    return Others(_leader(case, about, ports, blind=blind), _at_odds(case, about, ports, blind=blind), right)


def leader(case: Case, ports: Ports) -> Case | None:
    """Return the case that leads this one: a handed-over case, else the first in line; None if no other case does."""
    about = _others_about(case, filter(unsettled, case.subjects), ports)
    return _leader(case, about, ports)


def at_odds(case: Case, ports: Ports) -> tuple[OtherWish, ...]:
    """Return the open cases that state another value."""
    return _at_odds(case, _others_about(case, case.subjects, ports), ports)


def _leader(case: Case, about: Iterable[Case], ports: Ports, *, blind: bool = False) -> Case | None:
    ours = list(filter(unsettled, case.subjects))
    alike = [item for item in about if any(_same(one, two) for one in ours for two in filter(unsettled, item.subjects))]
    given = [item for item in alike if is_handed_over(item) and (blind or is_open_at_desk(item, ports))]
    holders = [item for item in given if item.said.support_case]
    worked = [item for item in alike if not item.ended and item.state is not CaseState.CLOSING]
    older = [item for item in worked if precedence(item) < precedence(case)]
    return next(iter((*holders, *given, *older)), None)


def _at_odds(case: Case, about: Iterable[Case], ports: Ports, *, blind: bool = False) -> tuple[OtherWish, ...]:
    contrary = (item for item in about if contradicted(case, filter(unsettled, item.subjects)))
    still = (item for item in contrary if blind or not is_handed_over(item) or is_open_at_desk(item, ports))
    return tuple(OtherWish(item, contradicted(case, item.subjects)) for item in still)


def is_handed_over(case: Case) -> bool:
    """Return whether a case has been handed over to people, or is being handed over."""
    return CaseState.ESCALATED in {case.state, case.closing}


def had_no_effect(first: Case, case: Case, ports: Ports) -> bool:
    """Return whether the leader was handed over because Force Sync had no effect on what it shares with this case."""
    run = ports.run_of(first)
    if run is None or run.started_at is None or not is_handed_over(first):
        return False
    shared = any(_same(one, two) for one in filter(unsettled, case.subjects) for two in riding(first, run))
    ride = ports.store.ride(run.id, first.id) if shared else None
    return ride is not None and ride.state is RideState.UNSEEN


def _others_about(case: Case, subjects: Iterable[Subject], ports: Ports) -> list[Case]:
    """Return the other cases about these of the case's users, oldest first."""
    users = user_ids(subjects)
    since = ports.clock.now() - REMEMBERED
    return (
        sorted(ports.store.cases_about(ports.org.name, users, since, besides=case.id), key=precedence) if users else []
    )


def user_ids(subjects: Iterable[Subject]) -> tuple[str, ...]:
    """Return the ids of these subjects' Okta users, as far as they are known."""
    return tuple(item.verdict.user_id for item in subjects if item.verdict and item.verdict.user_id)


def unsettled(subject: Subject) -> bool:
    """Return whether a judged subject is not right yet."""
    return subject.verdict is not None and act_for(subject) is not Act.RESOLVE


def _is_same_user(one: Subject, two: Subject) -> bool:
    return bool(one.verdict and two.verdict and one.verdict.user_id == two.verdict.user_id)


def _same(one: Subject, two: Subject) -> bool:
    """Return whether two subjects are the same user and have a fault in common."""
    return _is_same_user(one, two) and not _contradict(one, two) and bool(_faults(one) & _faults(two))


def _faults(subject: Subject) -> set[str]:
    """Return the attributes that a subject is about, or the verdict if there is none."""
    seen = subject.verdict.observations if subject.verdict else ()
    names = {item.attribute for item in subject.expectations} | {item.attribute for item in seen}
    return names or ({subject.verdict.kind} if subject.verdict else set())


def _contradict(one: Subject, two: Subject) -> set[str]:
    """Return the attributes of the same user for which two subjects state different values."""
    if not _is_same_user(one, two):
        return set()
    ours, theirs = (
        {item.attribute: item.value for item in each.expectations if item.basis is Basis.STATED} for each in (one, two)
    )
    return {name for name in ours.keys() & theirs.keys() if not _alike(ours[name], theirs[name])}


def _alike(one: JsonValue, two: JsonValue) -> bool:
    """Return whether two values are equal, or two spellings that people use for the same."""
    return same(one, two) or is_meant(str(one), two) or is_meant(str(two), one)


def precedence(case: Case) -> tuple[datetime, str, int, str]:
    """Return the sort key of tickets with the same fault: when each was tagged, to the second, then its ticket key.

    Ticket keys sort by their number: `SUP-9` comes before `SUP-10`. The time of discovery does not count: desks are
    searched one after the other, and one may have been down.
    """
    at = (case.given_at or case.opened_at).replace(microsecond=0)
    name = case.ref.key.rstrip(digits)
    return at, name, int(case.ref.key[len(name) :] or 0), case.id


def contradicted(case: Case, theirs: Iterable[Subject]) -> tuple[str, ...]:
    """Return the attributes for which a case states other values than these subjects of another."""
    return tuple(sorted({name for item in theirs for ours in case.subjects for name in _contradict(ours, item)}))


def naming(case: Case, contrary: Iterable[OtherWish]) -> Case:
    """Record that a case's last note names the others."""
    return case.but(said=case.said.but(contrary=(*case.said.contrary, *(item.case.id for item in contrary))))
