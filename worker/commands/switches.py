"""The commands `pause`, `resume` and `audit`: a person's acts, each stored with who and why."""

from __future__ import annotations

from pathlib import Path

from worker import wiring
from worker.commands.people import acted, named
from worker.commands.targets import EVERYTHING, desk_or_org, directory_target
from worker.output import json_line, print_lines, room, tabled
from worker.settings.model import load
from workflows.model import Act, Stop, StopKind
from workflows.notes.reasons import sentence
from workflows.steps import FOREVER
from workflows.sync.policy import EVERY_DIRECTORY, turned_off
from workflows.values.masking import plain
from workflows.values.wording import utc

OF_CASES = (Act.RETRY, Act.HAND_OVER, Act.LEAVE)
HEADS = ("when", "act", "by", "of what, from where, and why")


def pause(config: Path, directory: str | None, *, by: str, why: str) -> None:
    """Stop every Force Sync, or those of one directory, until `resume`; names the pause that this one replaces."""
    named(by, why)
    target = EVERYTHING if directory is None else directory_target(directory, config)
    act = acted(Act.PAUSE, target.names[0], by=by, why=why)
    with wiring.opened_store(config) as store:
        was = store.paused(StopKind.SWITCH, act.target, act.at)
        stop = Stop(kind=StopKind.SWITCH, name=act.target, until=FOREVER, why=act.why, by=act.by, since=act.at)
        store.pause(stop, act)
    print(f"paused: {target.shown}{f'; it was paused {sentence(turned_off(was))}' if was else ''}")


def resume(config: Path, name: str | None, *, by: str, why: str) -> None:
    """Remove a pause, so that runs continue; says if nothing was paused, or if every Force Sync still is.

    The name of a desk or an org removes the stop that a fault caused: what is on the tickets until now is accepted, or
    Force Sync is tried again.
    """
    named(by, why)
    target = EVERYTHING if name is None else desk_or_org(name, load(config)) or directory_target(name, config)
    act, above = acted(Act.RESUME, target.names[0], by=by, why=why), None
    with wiring.opened_store(config) as store:
        held = [stop for name in target.names if (stop := store.paused(target.kind, name, act.at))]
        for stop in held:
            store.resume(target.kind, stop.name, act if stop is held[0] else None)
        if target.kind is StopKind.SWITCH and target is not EVERYTHING:
            above = store.paused(StopKind.SWITCH, EVERY_DIRECTORY, act.at)
    was = sentence(turned_off(held[0])) if held and target.kind is StopKind.SWITCH else held[0].why if held else ""
    stopped = "paused" if target.kind is StopKind.SWITCH else "stopped:"
    print(f"resumed: {target.shown}; it was {stopped} {was}" if held else f"there is no pause of {target.shown}")
    if above:
        reason = sentence(turned_off(above))
        print(f"still paused: every Force Sync, {reason}; `forcesync resume` without a name removes that pause")


def audit(config: Path, *, as_json: bool) -> None:
    """Print every act of a person that is recorded, newest first: who, from where, of what, and why."""
    with wiring.opened_store(config) as store:
        acts = store.acts()
        directories = {run.directory.ref.app_id: run.directory for run in store.runs()}
        runs = {act.target: run for act in acts if (run := store.run(act.target))}
        cases = {act.target: case for act in acts if act.act in OF_CASES and (case := store.case(act.target))}
    about = {id: run.directory for id, run in runs.items()} | directories
    if as_json:
        for act in acts:
            found = about.get(act.target)
            directory = {"app_id": found.ref.app_id, "label": found.label} if found else None
            ticket = cases[act.target].ref.key if act.target in cases else None
            print(json_line(act.model_dump(mode="json") | {"directory": directory, "ticket": ticket}))
        return
    rows = []
    for act in acts:
        found = about.get(act.target)
        shown = f"{found.label} ({found.ref.app_id})" if found else act.target or "every Force Sync"
        shown = f"run {act.target} of {shown}" if act.target in runs else shown
        shown = f"case {act.target} ({cases[act.target].ref.key})" if act.target in cases else shown
        by, where, why = (plain(text, 200) for text in (act.by, act.operator, act.why))
        rows.append((utc(act.at), act.act.value, by, f"{shown}, from {where}: {why}"))
    print_lines(
        tabled(HEADS, rows, room()) if rows else ["nobody has paused, resumed, decided or ordered anything yet"]
    )
