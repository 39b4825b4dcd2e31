"""Open tickets that a Force Sync for others would overtake: their words may object to it, or their day is to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from workflows.errors import FarSideError, Refused
from workflows.model import Case, Phase, Reason, Subject, SyncRun, VerdictKind, folded
from workflows.model import ReasonKind as R
from workflows.steps import Ports
from workflows.sync.reach import Foreseen
from workflows.values.wording import counted

REMEMBERED = timedelta(days=14)  # a ticket handed over longer ago no longer counts as being worked
MOST_NAMED = 5  # cases in a request for approval


class Overtaken(NamedTuple):
    """The ids of the cases whose tickets may object to a Force Sync, and of those whose change is not due yet."""

    objecting: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


def overtaken(found: Sequence[Foreseen | None], run: SyncRun, ports: Ports) -> Overtaken:
    """Return the cases that a run would overtake among the users whose Okta profiles it would change, or may.

    What cannot be predicted counts where the ticket is about it, or about no attribute in particular.
    """
    users = {one.user_id: one for one in found if one and (one.changes or one.starved or one.unpredictable)}
    if not users:
        return Overtaken()
    since = ports.clock.now() - REMEMBERED
    about = ports.store.cases_about(run.directory.ref.org, tuple(users), since, besides="")
    kinds = {item.id: kind for item in about if (kind := _against(item, users, ports))}
    objecting = tuple(id for id, kind in kinds.items() if kind is VerdictKind.OBJECTED)
    return Overtaken(objecting, tuple(id for id, kind in kinds.items() if kind is VerdictKind.NOT_YET))


def passing_over(run: SyncRun, cases: Overtaken) -> SyncRun:
    """Return a run with more cases that would be overtaken."""
    if not any(cases):
        return run
    objecting, waiting = (*run.objecting, *cases.objecting), (*run.waiting, *cases.waiting)
    return run.but(objecting=tuple(dict.fromkeys(objecting)), waiting=tuple(dict.fromkeys(waiting)))


def overtakes(run: SyncRun, ports: Ports) -> Reason | None:
    """Return why a run that would overtake open tickets needs approval; None if there are none."""
    told = [(id, "{} may object to a sync") for id in run.objecting]
    told += [(id, "the change of {} is not due yet") for id in run.waiting]
    if not told:
        return None
    more = f" and {counted(len(told) - MOST_NAMED, 'other')}" if told[MOST_NAMED:] else ""
    named = "; ".join(words.format(_called(id, ports)) for id, words in told[:MOST_NAMED])
    return Reason.of(R.OVERTAKES, cases=named + more)


def _called(id: str, ports: Ports) -> str:
    case = ports.store.case(id)
    return case.ref.key if case else f"case {id}"


def _against(case: Case, users: Mapping[str, Foreseen], ports: Ports) -> VerdictKind | None:
    """Return what speaks on an open ticket against changing one of these users now."""
    kinds = {item.verdict.kind for item in case.subjects if item.verdict and _touches(users, item)}
    if kinds and not case.ended and case.held_until and ports.clock.now() < case.held_until:
        kinds.add(VerdictKind.NOT_YET)
    kind = next((kind for kind in (VerdictKind.OBJECTED, VerdictKind.NOT_YET) if kind in kinds), None)
    return kind if kind and (not case.ended or is_open_at_desk(case, ports)) else None


def _touches(users: Mapping[str, Foreseen], subject: Subject) -> bool:
    found = users.get(subject.verdict.user_id or "") if subject.verdict else None
    if found is None or found.changes or found.starved:
        return found is not None
    about = {folded(name) for name in subject.request.attributes}
    return not about or not about.isdisjoint(map(folded, found.unpredictable))


def is_open_at_desk(case: Case, ports: Ports) -> bool:
    """Return whether a handed-over ticket is still open; if its desk cannot be reached, it counts as open."""
    desk = ports.desks.get(case.ref.desk)
    try:
        return desk is not None and desk.glance(case.ref).phase is not Phase.DONE
    except Refused:
        return False
    except FarSideError:
        return True
