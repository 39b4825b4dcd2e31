"""`forcesync status`: how it goes, on one screen, and whether something needs a person. It reads the store alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from worker import wiring
from worker.audit import NO_PROCESS
from worker.cases.choosing import AT_ALL, TAKEN_WITHIN, Wanted, chosen
from worker.output import print_json, print_lines
from worker.settings.model import Settings, load
from worker.store import Store
from worker.store.health import Health
from worker.syncs.listing import pause_lines
from worker.web.readiness import silent_after
from workflows.engine.stopped import standing
from workflows.model import ENDS, RunState
from workflows.notes.standing import told_of
from workflows.steps import silence
from workflows.values.wording import counted, moment

MOST_NAMED = 8  # things of one kind on the screen; `case list --stuck` and `sync list` have them all


@dataclass(frozen=True)
class Need:
    """One thing that a person has to do: `kind` is one of a closed set, `name` the run, case, desk or org."""

    kind: str
    name: str
    text: str


def status(config: Path, *, as_json: bool) -> int:
    """Print the state; returns 1 if something needs a person, else 0."""
    settings, now = load(config), datetime.now(UTC)
    with wiring.opened_store(config) as store:
        health = store.health(now)
        needs = list(needed(store, health, settings, now))
        pauses = list(pause_lines(store, store.runs(), now))
        away = not_reached(store, settings, now)
    if as_json:
        since = {name: item.since.isoformat() if item.since else None for name, item in away.items()}
        print_json(_told(health, needs, pauses) | {"not_reached": since})
    else:
        print_lines(_lines(health, needs, [*pauses, *_away(away)], settings, now))
    return int(bool(needs))


def needed(store: Store, health: Health, settings: Settings, now: datetime) -> Iterator[Need]:
    """Yield what needs a person, the most urgent first."""
    if not health.processes:
        yield Need("process", "", NO_PROCESS)
    for kind, due in health.overdue.items():
        if due + TAKEN_WITHIN < now and health.processes:
            yield Need("overdue", kind, f"{kind}: due since {moment(due)}, and no process takes it")
    for stop in standing(store, settings.desks, settings.okta, now):
        yield Need("stop", stop.name, told_of(stop))
    silent = silent_after(settings.policy.poll_every)
    for desk in settings.desks:
        at = health.searched.get(desk)
        if health.processes and (at is None or at + silent < now):
            since = f"since {moment(at)}" if at else "yet"
            yield Need("search", desk, f"{desk}: no search was complete {since}; the log says why")
    for run in health.proposed:
        text = f"waits for an approval until {moment(run.deadline)}, then its tickets go to people"
        how = f"forcesync sync show {run.id}, then forcesync sync approve {run.id} --by LOGIN --why REASON, or reject"
        yield Need("approval", run.id, f"run {run.id} of {run.label} {text}: {how}; policy.approvers says who may")
    for run in store.runs(open_only=True):
        if run.state is RunState.REQUESTED:
            text = f"until {moment(run.deadline)} for a person to press Force Sync in the Okta Admin Console"
            yield Need("press", run.id, f"run {run.id} of {run.label} waits {text}")
    for item in chosen(store, Wanted(stuck=True), now):
        ref = item.case.ref
        yield Need("stuck", item.case.id, f"{ref.key} on {ref.desk} is stuck: {item.late}")


class Away(NamedTuple):
    """Since when a desk or org keeps work waiting (UTC; None for a desk never searched), and why where a case says so.

    An org may not answer, ask for patience, or be spared for others by our own reserve.
    """

    since: datetime | None
    why: str = ""


def not_reached(store: Store, settings: Settings, now: datetime) -> dict[str, Away]:
    """Return the desks and orgs that keep work waiting now.

    A desk's newest search failed; an org kept a case from its next step. What stands stopped is told as such.
    """
    stopped = {stop.name for stop in standing(store, settings.desks, settings.okta, now)}
    away = dict[str, Away]()
    for poll in store.polls():
        begun, due = poll.last_started_at, store.due_since("desk", poll.name)
        failed = begun and due and due > begun and begun > (poll.last_completed_at or datetime.min.replace(tzinfo=UTC))
        if failed and poll.name in settings.desks:  # one that is under way is not due again yet
            away[poll.name] = Away(poll.last_completed_at)
    waits = store.waits()
    troubles = [
        (case.trouble, waits.get(case.id)) for case in store.cases(open_only=True, limit=AT_ALL) if case.trouble
    ]
    for name in settings.okta:
        if met := [(trouble.since, stands) for trouble, stands in troubles if trouble.what == silence(name)]:
            since, stands = min(met, key=itemgetter(0))
            away[name] = Away(since, stands.waiting if stands else "")
    return {name: item for name, item in away.items() if name not in stopped}


def _away(away: Mapping[str, Away]) -> Iterator[str]:
    for name, item in away.items():
        since = f"since {moment(item.since)}" if item.since else "yet"
        waits = f"work waits {since}: {item.why}" if item.why else f"not reached {since}"
        yield f"{name}: {waits}; it is tried again by itself"


def _told(health: Health, needs: list[Need], pauses: list[str]) -> dict[str, Any]:
    return {
        "ok": not needs,
        "needs_a_person": [{"kind": need.kind, "name": need.name, "text": need.text} for need in needs],
        "cases": _by_first(health.cases),
        "force_sync_runs": _by_first(health.runs),
        "searched": {desk: at.isoformat() if at else None for desk, at in health.searched.items()},
        "pauses": pauses,
        "processes": health.processes,
        "durable": health.durable_rate,
    }


def _by_first(numbers: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    found = dict[str, dict[str, int]]()
    for (name, state), number in sorted(numbers.items()):
        found.setdefault(name, {})[state] = number
    return found


def _lines(health: Health, needs: list[Need], notices: list[str], settings: Settings, now: datetime) -> Iterator[str]:
    kinds = dict[str, list[Need]]()
    for need in needs:
        kinds.setdefault(need.kind, []).append(need)
    yield (
        f"forcesync, {moment(now)}: {counted(len(needs), 'thing')} for a person to do"
        if needs
        else (f"forcesync, {moment(now)}: nothing needs a person")
    )
    for some in kinds.values():
        yield from (f"  ! {need.text}" for need in some[:MOST_NAMED])
        if len(some) > MOST_NAMED:
            yield f"  ! and {len(some) - MOST_NAMED} more: forcesync case list --stuck, forcesync sync list"
    yield from (f"  {line}" for line in notices)
    for desk in settings.desks:
        states = {state: number for (name, state), number in health.cases.items() if name == desk}
        still_open = {state: number for state, number in states.items() if state not in ENDS}
        ended = ", ".join(f"{states[state]} {state}" for state in sorted(ENDS) if state in states) or "none"
        waiting = ", ".join(f"{number} {state}" for state, number in sorted(still_open.items())) or "none"
        at = health.searched.get(desk)
        yield f"{desk}: searched {moment(at) if at else 'never'}; open: {waiting}; ended: {ended}"
    runs = ", ".join(f"{number} {state}" for (_, state), number in sorted(health.runs.items())) or "none"
    yield f"Force Sync runs: {runs}"
    durable = health.durable_rate
    kept = f"; {durable:.0%} of the values resolved in 30 days lasted" if durable is not None else ""
    yield f"processes: {health.processes}{kept}"
