"""`forcesync case list` and `case export`: a table of cases, and JSON for programs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

from worker import wiring
from worker.cases.choosing import (
    AT_ALL,
    Choice,
    Wanted,
    check_desk,
    chosen,
    in_state_since,
    whole,
)
from worker.cases.records import advice_of, case_line, masked_record
from worker.output import LONGEST, print_aside, print_json, print_lines, room, tabled
from worker.settings.model import load
from workflows.engine.stopped import standing
from workflows.model import Policy
from workflows.notes.reasons import sentence
from workflows.notes.standing import case_waits_for, told_of
from workflows.precheck.verdicts import leading_verdict
from workflows.values.case_values import hidden
from workflows.values.masking import called, plain
from workflows.values.wording import utc

MOST = 1000  # rows of a table, unless --limit says otherwise
HEADS = ("case", "ticket", "desk", "state", "since", "whom and what: because, or waits for")


def case_list(config: Path, wanted: Wanted, *, limit: int = MOST) -> None:
    """Print a table of cases; an open one says what it waits for, a resolved one whether its values did not last.

    What has waited longer than its state should comes first, with the reason.
    """
    settings, now = load(config), datetime.now(UTC)
    with wiring.opened_store(config) as store:
        found, lost = chosen(store, wanted, now), store.not_durable()
        shown = [item._replace(case=whole(store, item.case)) for item in found[:limit]]
        any_case = bool(found or store.cases(limit=1))
        stops = [f"stopped: {told_of(stop)}" for stop in standing(store, settings.desks, settings.okta, now)]
    if found:
        show_cases(shown, settings.policy, lost)
    else:
        check_desk(wanted.desk, settings.desks)  # one that the settings name no more may have left cases behind
        stops.insert(0, _none(store.name, any_case=any_case, wanted=wanted))
    if len(found) > limit:
        stops.insert(0, f"{len(found) - limit} more; --limit shows them")
    print_aside(*stops)


def show_cases(found: Sequence[Choice], policy: Policy, lost: Collection[tuple[str, int]] = ()) -> None:
    """Print a line for each case; `lost` are the cases and rounds whose values did not last."""
    print_lines(tabled(HEADS, (_row(item, policy, lost) for item in found), room()))


def _row(item: Choice, policy: Policy, lost: Collection[tuple[str, int]]) -> tuple[str, ...]:
    case, verdict, advice = item.case, leading_verdict(item.case), advice_of(item.case)
    about = " ".join(filter(None, (called(verdict.login, policy), verdict.attribute))) if verdict else ""
    marks = (
        f"STUCK: {item.late}" if item.late else "",
        "NOT DURABLE" if (case.id, case.round) in lost else "",
        f"advice: {advice}" if advice else "",
    )
    why = plain(hidden(case, policy)(case_waits_for(item.standing, item.ends) or sentence(case.because)), LONGEST)
    told = "; ".join(filter(None, (*marks, why)))
    text = ": ".join(filter(None, (about, told)))
    return case.id, case.ref.key, case.ref.desk, case.state.value, utc(in_state_since(case)), text


def _none(store: str, *, any_case: bool, wanted: Wanted) -> str:
    """Say why there is nothing to list."""
    if wanted not in {Wanted(), Wanted(open_only=True)}:
        return f"no such cases in {store}"
    if any_case:
        return f"no open cases in {store}; without --open, those that have ended are listed too"
    return f"no cases in {store} yet: `forcesync run` or `forcesync once` opens one for each open ticket with the tag"


def case_lines(config: Path, wanted: Wanted, *, limit: int = AT_ALL) -> None:
    """Print the same cases, in the same order, each as one line of JSON; archived ones as their record says."""
    settings, now = load(config), datetime.now(UTC)
    policy = settings.policy
    with wiring.opened_store(config) as store:
        found = chosen(store, wanted, now)
        for case, stands, ends, late in found[:limit]:
            because = "" if case.ended else plain(hidden(case, policy)(stands.waiting), LONGEST)
            due = None if case.ended else stands.due_at
            times = {"waits_until": ends and ends.isoformat(), "next_look": due and due.isoformat()}
            waiting = {"waits_for": because or None, **times, "stuck": late or None}
            print_json(case_line(store.record(case.id), policy) | waiting)
    if not found:
        check_desk(wanted.desk, settings.desks)


def case_export(config: Path) -> None:
    """Print the record of every case and round as one line of JSON, archived ones included, with values masked."""
    policy = load(config).policy
    with wiring.opened_store(config) as store:
        for record in store.records():
            print_json(masked_record(record, policy))
