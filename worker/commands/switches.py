"""The commands `pause`, `resume` and `audit`: a person's acts, each stored with who and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Column, Table

from worker import wiring
from worker.commands.cases import for_tables
from worker.commands.people import named, operator
from worker.commands.syncs import one_directory, opened_ports
from workflows.model import Act, OperatorAct, Stop, StopKind
from workflows.notes.reasons import sentence
from workflows.steps import FOREVER
from workflows.sync.policy import EVERY_DIRECTORY, turned_off
from workflows.values.masking import plain
from workflows.values.wording import moment


def pause(config: Path, directory: str | None, *, by: str, why: str) -> None:
    """Stop every Force Sync, or those of one directory, until `resume`; names the pause that this one replaces."""
    act = _act(Act.PAUSE, config, directory, by, why)
    with wiring.opened_store(config) as store:
        was = store.paused(StopKind.SWITCH, act.target, act.at)
        stop = Stop(kind=StopKind.SWITCH, name=act.target, until=FOREVER, why=act.why, by=act.by, since=act.at)
        store.pause(stop, act)
    print(f"paused: {directory or 'every Force Sync'}{f'; it was paused {sentence(turned_off(was))}' if was else ''}")


def resume(config: Path, directory: str | None, *, by: str, why: str) -> None:
    """Remove a pause, so that runs continue; says if nothing was paused, or if every Force Sync still is."""
    act = _act(Act.RESUME, config, directory, by, why)
    with wiring.opened_store(config) as store:
        was = store.paused(StopKind.SWITCH, act.target, act.at)
        if was:
            store.resume(StopKind.SWITCH, act.target, act)
        above = store.paused(StopKind.SWITCH, EVERY_DIRECTORY, act.at) if directory else None
    what = directory or "every Force Sync"
    print(f"resumed: {what}; it was paused {sentence(turned_off(was))}" if was else f"there is no pause of {what}")
    if above:
        reason = sentence(turned_off(above))
        print(f"still paused: every Force Sync, {reason}; `forcesync resume` without a directory removes that pause")


def audit(config: Path, *, as_json: bool) -> None:
    """Print every pause, resumption and decision, newest first: who, from where, and why."""
    with wiring.opened_store(config) as store:
        acts = store.acts()
    if as_json:
        for act in acts:
            print(json.dumps(act.model_dump(mode="json"), ensure_ascii=False))
        return
    table = Table(Column("when", no_wrap=True), "act", "of", "by", "from", "why", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for act in acts:
        target = act.target or "every Force Sync"
        table.add_row(moment(act.at), act.act, target, *(plain(text, 200) for text in (act.by, act.operator, act.why)))
    for_tables().print(table if acts else "nobody has paused, resumed or decided anything yet")


def _act(act: Act, config: Path, directory: str | None, by: str, why: str) -> OperatorAct:
    """Return a person's act on every directory, or on one, which is looked up in Okta."""
    named(by, why)
    target = EVERY_DIRECTORY
    if directory is not None:
        with opened_ports(config) as ports:
            target = one_directory(ports, directory).ref.app_id
    now = datetime.now(UTC)
    return OperatorAct(at=now, act=act, target=target, by=plain(by, 80), operator=operator(), why=plain(why, 200))
