"""Several tickets of one cause and directory within an hour become one: the first stands for those that come later.

They are counted when a case is judged and again when it has ended, as several may be judged at the same moment. What is
counted are users and not tickets, since several tickets about one user are `siblings`. A ticket that a person closes
stands for nothing any more: then the next open one does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from datetime import datetime, timedelta

from workflows.case.later_looks import follow_up
from workflows.model import Case, CaseState, Followup, FollowupKind, Note, SyncRun, Verdict
from workflows.model import ReasonKind as R
from workflows.notes import patterns
from workflows.notes.handovers import Ending, ending
from workflows.ports import CaseStore
from workflows.precheck.verdicts import VERDICTS, Team, leading_verdict
from workflows.steps import Ports, alert
from workflows.sync.overtaken import is_open_at_desk

WITHIN = timedelta(hours=1)
SPARE = 3  # times as many cases are read as users are counted, since some are about the same ones
FACTORS = {  # of what may be suspected, what concerns more than one user
    R.IMPORTS_PAUSED,
    R.IMPORT_SKIPPED,
    R.NO_AGENTS,
    R.AGENTS_DOWN,
    R.AGENTS_IMPAIRED,
    R.IMPORT_FAILED,
    R.IMPORT_UNFINISHED,
    R.NO_IMPORT,
}


def cause_of(case: Case, run: SyncRun | None) -> str:
    """Return what a case ends for, the same for every ticket of one cause and directory; "" if it is the ticket's own.

    The case's `because` is what ends it. What keeps imports from coming concerns every attribute, whatever else stands
    in the way concerns one.
    """
    verdict, because = leading_verdict(case), case.because
    if verdict is None or verdict.directory is None or because is None:
        return ""
    if ending(case, run) is Ending.NO_EFFECT or because.kind in {R.NOT_STARTED, R.NOT_STARTED_IN_TIME, R.NOT_PRESSED}:
        what: str = because.kind
    elif because == verdict.reason and VERDICTS[verdict.kind].team is not Team.DESK:
        what = verdict.kind if verdict.suspicions else f"{verdict.kind} {verdict.attribute or ''}".strip()
    else:
        return ""
    return f"{what} {verdict.directory.ref.org} {verdict.directory.ref.app_id}"


def standing_for(case: Case, ports: Ports) -> Case | None:
    """Return the case that stands for several of one cause, this one among them; None to hand it over by itself.

    One that has ended may stand for the others itself. The operator is alerted once that a case stands for several.
    """
    alike = _alike(case, ports)
    first = _first(case, [item for item in alike if _is_handed_over(item)], ports)
    if first and ports.store.followup(_told(first, first, ports.clock.now()).id) is None:
        _alert(case, alike, first, ports)
    return first


def _first(case: Case, others: Sequence[Case], ports: Ports) -> Case | None:
    led_by = next((item.said.pattern for item in others if item.said.pattern), "")
    first = ports.store.case(led_by) if led_by else None
    if first and _stands(first, case, ports):
        return first
    if not others or not _are_many((case, *others), ports):
        return None
    candidates = [case, *others] if case.ended else others
    by_age = sorted(candidates, key=lambda item: (bool(item.said.pattern), item.opened_at, item.id))
    return next((item for item in by_age if item.id != led_by and _stands(item, case, ports)), None)


def _alike(case: Case, ports: Ports, at: datetime | None = None) -> tuple[Case, ...]:
    """Return the newest other cases that are closing for the same cause, or ended for it since the hour before `at`.

    `at` is by default now. As many as are needed: if they reach `_most`, there may be more.
    """
    if not case.cause or not ports.policy.alarm_from:
        return ()
    found = ports.store.of_cause(case.cause, (at or ports.clock.now()) - WITHIN, _most(ports))
    return tuple(item for item in found if item.id != case.id)


def _most(ports: Ports) -> int:
    return SPARE * ports.policy.alarm_from


def _are_many(cases: Iterable[Case], ports: Ports) -> bool:
    users = {verdict.user_id if (verdict := leading_verdict(item)) else None for item in cases}
    return 0 < ports.policy.alarm_from <= len(users)


def _stands(first: Case, case: Case, ports: Ports) -> bool:
    """Return whether a case can stand for others: handed over for their cause, and its ticket is tagged and open."""
    alike = _is_handed_over(first) and first.cause == case.cause
    return alike and bool(first.stamp) and is_open_at_desk(first, ports)


def _is_handed_over(case: Case) -> bool:
    """Return whether a case has been handed over, or is being."""
    return CaseState.ESCALATED is (case.closing if case.state is CaseState.CLOSING else case.state)


def _alert(case: Case, alike: Sequence[Case], first: Case | None, ports: Ports) -> None:
    cases = (case, *alike)
    common, number = common_to(first or case, cases), _counted(cases, ports)
    oldest = sorted(cases, key=lambda item: (item.opened_at, item.id))[: ports.policy.alarm_from]
    text = patterns.alarm(case, ports.run_of(case), number, first, common, ports.reader(case), oldest)
    alert(ports, ports.org.name, f"one cause: {case.cause}", text)


def _counted(cases: Sized, ports: Ports) -> patterns.Counted:
    return patterns.Counted(len(cases), at_least=len(cases) >= _most(ports))


def told_on(case: Case, first: Case, at: datetime, ports: Ports) -> Note | None:
    """Return the note for a ticket that was handed over by itself: that it stands for others, or which one for it.

    `at` (UTC) is when that was found; None if it stands for nothing that the store or the settings still know.
    """
    others = _alike(first, ports, at)
    if not others:
        return None
    if case.id != first.id:
        return patterns.stood_for(case, ports.run_of(case), first)
    number, common = _counted((first, *others), ports), common_to(first, others)
    return patterns.stands_for(first, ports.run_of(first), others, number, common, ports.reader(first))


def of_pattern(case: Case, ports: Ports) -> tuple[Followup, ...]:
    """Count again now that a case has ended: return the follow-ups that tell which ticket stands for all, each once.

    Of observed tickets none stands for the others: the operator is alerted once that they have one cause.
    """
    alike = _alike(case, ports)
    if case.state is CaseState.ADVISED and alike and _are_many((case, *alike), ports):
        _alert(case, alike, None, ports)
    if case.state is not CaseState.ESCALATED:
        return ()
    first = ports.store.case(case.said.pattern) if case.said.pattern else standing_for(case, ports)
    if first is None:
        return ()
    by_id = {item.id: item for item in (first, case, *alike)}.values()
    ended = [item for item in by_id if item.state is CaseState.ESCALATED and item.said.pattern != first.id]
    planned = [_told(item, first, ports.clock.now()) for item in ended]
    return tuple(item for item in planned if ports.store.followup(item.id) is None)


def points_to(case: Case, first: Case, store: CaseStore) -> bool:
    """Return whether a ticket was handed over with a link to `first`, or is told of it by a follow-up."""
    told = _told(case, first, first.opened_at).id
    return case.said.pattern == first.id or (case.id != first.id and store.followup(told) is not None)


def _told(case: Case, first: Case, at: datetime) -> Followup:
    """Return the follow-up that tells on a ticket that `first` stands for others."""
    of = (first.id,) if case.id != first.id else ()
    return follow_up(case, FollowupKind.PATTERN, at, *of, other=first.id)


def common_to(first: Case, cases: Iterable[Case]) -> patterns.Common:
    """Return what the stored judgements of several cases have in common, in the words of the first one's own."""
    verdict, several = leading_verdict(first), [first, *cases]
    if verdict is None or verdict.directory is None:
        raise LookupError(f"case {first.id} has no cause in a directory")
    verdicts = [found for item in several if (found := leading_verdict(item))]
    attributes = frozenset.intersection(*(_attributes(item) for item in verdicts))
    suspected = frozenset.intersection(*(frozenset(held.kind for held in item.suspicions) for item in verdicts))
    words = frozenset.intersection(*(frozenset(item.reason.words) for item in verdicts))
    mappings = frozenset.intersection(*(frozenset(_mappings(item, attributes)) for item in verdicts))
    units, runs = {item.unit for item in verdicts}, {item.run_id for item in several}
    return patterns.Common(
        label=verdict.directory.label,
        attributes=tuple(sorted(attributes)),
        mappings=tuple(sorted(mappings)),
        suspicions=tuple(item for item in verdict.suspicions if item.kind in suspected & FACTORS),
        unit=verdict.unit if len(units) == 1 else "",
        words=tuple(item for item in verdict.reason.words if item in words and item[0] in patterns.WORDS),
        one_run=len(runs) == 1 and first.run_id is not None,
    )


def _attributes(verdict: Verdict) -> frozenset[str]:
    return frozenset(filter(None, (verdict.attribute, *(item.attribute for item in verdict.expectations))))


def _mappings(verdict: Verdict, attributes: frozenset[str]) -> Iterator[tuple[str, str]]:
    for item in verdict.observations:
        if item.attribute in attributes and item.expression:
            yield item.attribute, item.expression
