"""Other tickets about the same user and attribute: those with the same fault, and those that state another value.

Where two ask for the same, the older one leads. Where they state different values, one of them is wrong: each is judged
by itself, and its last note names the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import JsonValue

from workflows.errors import FarSideError, Refused
from workflows.model import Basis, Case, CaseState, Followup, FollowupKind, Phase, RideState, Subject
from workflows.ports import Sole
from workflows.precheck.verdicts import Act, act_for, riding
from workflows.steps import Ports
from workflows.values.comparing import means, same

REMEMBERED = timedelta(days=14)  # handed over longer ago, a ticket is not taken for the one that is being worked


class Company(NamedTuple):
    """What a case is not alone with: the one that leads it, if any, and the right to prepare the one Support Case.

    Both are of one reading, so that a Support Case prepared after it is known by neither, and denies the right.
    """

    leader: Case | None
    right: Sole


IsOpen = Callable[[Case, Ports], bool]


def counts_as_open(_case: Case, _ports: Ports) -> bool:
    """Take a handed-over ticket for open without asking its desk, for after a fault asking may fail again."""
    return True


def company(case: Case, ports: Ports, is_open: IsOpen | None = None) -> Company:
    """Return who else is about the same; whether a handed-over ticket is still open is asked of its desk by default.

    The leader is one that people have been given, else the first in line; None where that is this case itself.
    """
    is_open, about = is_open or stands_open, _about_its_users(case, ports)
    others = [item for item in about if _share(case, item)]
    given = [item for item in others if is_handed_over(item) and is_open(item, ports)]
    holders = [item for item in given if item.said.support_case]
    older = [item for item in others if _is_worked(item) and precedence(item) < precedence(case)]
    besides = tuple(item.id for item in about if item.said.support_case)
    return Company(next(iter((*holders, *given, *older)), None), _right(case, ports, besides))


def leader(case: Case, ports: Ports) -> Case | None:
    """Return the case that leads this one, None where it leads itself."""
    return company(case, ports).leader


def is_handed_over(case: Case) -> bool:
    """Say whether people have been given a case, or are just being given it."""
    return CaseState.ESCALATED in {case.state, case.closing}


def had_no_effect(first: Case, case: Case, ports: Ports) -> bool:
    """Say whether a leading case was handed over because a Force Sync had no effect on what it shares with this one."""
    run = ports.store.run(first.run_id) if first.run_id else None
    if run is None or run.started_at is None or not is_handed_over(first):
        return False
    rode = riding(first, run.directory)
    if not any(_same(one, two) for one in case.subjects if unsettled(one) for two in rode):
        return False
    return any(ride.case_id == first.id and ride.state is RideState.UNSEEN for ride in ports.store.rides(run.id))


def _about_its_users(case: Case, ports: Ports) -> list[Case]:
    """Return the other cases about the users that this one has still to settle, oldest first."""
    user_ids = _user_ids(case)
    found = ports.store.cases_about(ports.org.name, user_ids, since(ports)) if user_ids else ()
    return sorted((item for item in found if item.id != case.id), key=precedence)


def _right(case: Case, ports: Ports, besides: tuple[str, ...]) -> Sole:
    return Sole(org=ports.org.name, user_ids=_user_ids(case), besides=besides, handed_over_after=since(ports))


def _user_ids(case: Case) -> tuple[str, ...]:
    verdicts = (item.verdict for item in case.subjects if unsettled(item))
    return tuple(verdict.user_id for verdict in verdicts if verdict and verdict.user_id)


def since(ports: Ports) -> datetime:
    """Return since when a handed-over ticket is taken for one that is being worked (UTC)."""
    return ports.clock.now() - REMEMBERED


def _share(one: Case, two: Case) -> bool:
    """Say whether two cases have an unsettled user and attribute in common."""
    theirs = [item for item in two.subjects if unsettled(item)]
    return any(_same(ours, item) for ours in one.subjects if unsettled(ours) for item in theirs)


def unsettled(subject: Subject) -> bool:
    """Say whether a judged subject is not as it should be yet."""
    return subject.verdict is not None and act_for(subject) is not Act.RESOLVE


def _same(one: Subject, two: Subject) -> bool:
    """Say whether two subjects are the same user with an attribute in common, or with the same cause before any."""
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
    """Say whether two values are the same, or two ways in which people write the same."""
    return same(one, two) or means(str(one), two) or means(str(two), one)


def _attributes(subject: Subject) -> set[str]:
    seen = subject.verdict.observations if subject.verdict else ()
    return {item.attribute for item in subject.expectations} | {item.attribute for item in seen}


def _is_worked(case: Case) -> bool:
    return not case.ended and case.state is not CaseState.CLOSING


def precedence(case: Case) -> tuple[datetime, str, int, str]:
    """Return what puts tickets about the same in line: when each was given to us, to the second, then its key.

    Desks tell the time in seconds or finer, and count keys up: `SUP-9` comes before `SUP-10`. When each was found says
    nothing, for desks are searched one after the other, and one may have been down.
    """
    at = (case.given_at or case.opened_at).replace(microsecond=0)
    number = re.search(r"\d*$", case.ref.key, re.ASCII)
    digits = number.group() if number else ""
    return at, case.ref.key.removesuffix(digits), int(digits or 0), case.id


def stands_open(case: Case, ports: Ports) -> bool:
    """Say whether a handed-over ticket is still open; where its desk cannot tell now, it counts as open."""
    desk = ports.desks.get(case.ref.desk)
    try:
        return desk is not None and desk.read(case.ref).phase is not Phase.DONE
    except Refused:
        return False
    except FarSideError:
        return True


def at_odds(case: Case, ports: Ports, is_open: IsOpen | None = None) -> tuple[Case, ...]:
    """Return the open cases that state another value; a handed-over one is asked for at its desk by default."""
    is_open = is_open or stands_open
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
    """Return those of them that the other case has still to settle."""
    return _contradicted(case, [item for item in other.subjects if unsettled(item)])


def _contradicted(case: Case, theirs: Iterable[Subject]) -> tuple[str, ...]:
    return tuple(sorted({name for item in theirs for ours in case.subjects for name in contradict(ours, item)}))


def naming(case: Case, others: tuple[Case, ...]) -> Case:
    """Note that a case's last note names the others."""
    said = case.said.but(contrary=(*case.said.contrary, *(item.id for item in others)))
    return case.but(said=said)


def to_be_told(case: Case, ports: Ports, now: datetime) -> tuple[Followup, ...]:
    """Return what tells the tickets that people have, this one among them, of those that their notes do not name.

    Of two cases the one that ends last sees to both, so that it is done once.
    """
    return tuple(
        followup
        for other in at_odds(case, ports)
        if other.state is CaseState.ESCALATED
        for followup in (*_telling(other, case, now), *_telling(case, other, now))
    )


def _telling(case: Case, other: Case, now: datetime) -> Iterator[Followup]:
    if case.state is CaseState.ESCALATED and other.id not in case.said.contrary:
        kind = FollowupKind.AT_ODDS
        id = f"{case.id}.{case.round}.{kind}.{other.id}.{other.round}"
        yield Followup(id=id, case_id=case.id, round=case.round, kind=kind, due_at=now, other=other.id)
