"""`forcesync pause` and `resume`: a person's acts, each stored with who and why."""

from __future__ import annotations

from pathlib import Path

from worker import wiring
from worker.audit import acted, named
from worker.output import print_lines
from worker.settings.model import load
from worker.syncs.targets import EVERYTHING, desk_or_org, directory_target
from workflows.model import Act, Stop, StopKind
from workflows.notes.reasons import sentence
from workflows.steps import FOREVER
from workflows.sync.policy import EVERY_DIRECTORY, turned_off


def pause(config: Path, directory: str | None, *, by: str, why: str) -> None:
    """Stop every Force Sync, or those of one directory, until `resume`; names the pause that this one replaces."""
    named(by, why)
    target = EVERYTHING if directory is None else directory_target(directory, config)
    act = acted(Act.PAUSE, target.names[0], by=by, why=why)
    with wiring.opened_store(config) as store:
        was = store.paused(StopKind.SWITCH, act.target, act.at)
        stop = Stop(kind=StopKind.SWITCH, name=act.target, until=FOREVER, why=act.why, by=act.by, since=act.at)
        store.pause(stop, act)
    print_lines([f"paused: {target.shown}{f'; it was paused {sentence(turned_off(was))}' if was else ''}"])


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
    told = [f"resumed: {target.shown}; it was {stopped} {was}" if held else f"there is no pause of {target.shown}"]
    if above:
        reason = sentence(turned_off(above))
        told.append(f"still paused: every Force Sync, {reason}; `forcesync resume` without a name removes that pause")
    print_lines(told)
