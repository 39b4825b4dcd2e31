"""Open tickets that state another value for the same user and attribute: no one fault, for one of them is wrong.

Each is judged by itself, and its last note names the others, so that a person can look which value is right. One that
people have been given before the other was judged hears of it in a note of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from workflows.case.same_fault import contradict, is_handed_over, precedence, since, stands_open, unsettled
from workflows.model import Case, CaseState, Followup, FollowupKind
from workflows.steps import Ports

NAMED = "at-odds-"  # in `said`, with the other case's id behind it: the ticket's last note names that one


def at_odds(case: Case, ports: Ports, *, ask_desks: bool = True) -> tuple[Case, ...]:
    """Return the open cases that state another value; without `ask_desks`, every handed-over ticket counts as open."""
    verdicts = (item.verdict for item in case.subjects)
    user_ids = tuple(verdict.user_id for verdict in verdicts if verdict and verdict.user_id)
    about = ports.store.cases_about(ports.org.name, user_ids, since(ports)) if user_ids else ()
    found = [item for item in about if item.id != case.id and attributes(case, item, open_only=True)]
    still = (item for item in found if not (ask_desks and is_handed_over(item)) or stands_open(item, ports))
    return tuple(sorted(still, key=precedence))


def attributes(case: Case, other: Case, *, open_only: bool = False) -> tuple[str, ...]:
    """Return the attributes for which two cases state different values; `open_only`: that the other has to settle."""
    theirs = [item for item in other.subjects if unsettled(item) or not open_only]
    return tuple(sorted({name for ours in case.subjects for item in theirs for name in contradict(ours, item)}))


def naming(case: Case, others: tuple[Case, ...]) -> Case:
    """Note that a case's last note names the others."""
    return case.model_copy(update={"said": (*case.said, *(NAMED + item.id for item in others))})


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
    if case.state is CaseState.ESCALATED and NAMED + other.id not in case.said:
        kind = FollowupKind.AT_ODDS
        id = f"{case.id}.{case.round}.{kind}.{other.id}.{other.round}"
        yield Followup(id=id, case_id=case.id, round=case.round, kind=kind, due_at=now, other=other.id)
