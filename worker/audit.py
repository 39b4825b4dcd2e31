"""Who gives a command, the act that is recorded of it, and `forcesync audit`, which lists those acts.

An act has the name that was given, and the system's account and host.
"""

from __future__ import annotations

import getpass
import socket
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path

from worker import wiring
from worker.errors import OperatorError
from worker.output import print_aside, print_json, print_lines, room, tabled
from worker.store import Store
from workflows.model import Act, Directory, OperatorAct, SyncRun
from workflows.values.masking import plain
from workflows.values.wording import utc

LONGEST = 120
BLANKS = "\u115f\u1160\u3164\uffa0"  # fillers of Hangul: letters by their category, and shown as nothing
OF_DIRECTORIES = (Act.PAUSE, Act.RESUME)
OF_CASES = (Act.RETRY, Act.HAND_OVER, Act.LEAVE)
NO_PROCESS = "no process is running: start `forcesync run`, or a scheduler and a worker"
HEADS = ("when", "act", "by", "of what, from where, and why")


def named(by: str, why: str) -> None:
    """Require a name and a reason that can be seen."""
    for option, text in (("--by: your login", by), ("--why: a reason", why)):
        if not any(letter.isalnum() and letter not in BLANKS for letter in plain(text, LONGEST)):
            raise OperatorError(f"{option} is needed; it is recorded with the run and on the tickets")


def operator() -> str:
    """Return the operating system's account and host, as `account@host`."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # a container's account without a name; the exception depends on Python's version
        account = "unknown"
    return plain(f"{account}@{socket.gethostname()}", LONGEST)


def acted(act: Act, target: str, *, by: str, why: str) -> OperatorAct:
    """Return a person's act of this moment, for the audit."""
    who, reason = plain(by, 80), plain(why, 200)
    return OperatorAct(at=datetime.now(UTC), act=act, target=target, by=who, operator=operator(), why=reason)


def warn_of_no_process(config: Path) -> None:
    """Say aside that no process runs, if so: what was ordered waits for one."""
    with wiring.opened_store(config) as store:
        if not store.health(datetime.now(UTC)).processes:
            print_aside(f"forcesync: {NO_PROCESS}; nothing more happens before")


def directories_of(store: Store, runs: Iterable[SyncRun], app_ids: Collection[str]) -> dict[str, Directory]:
    """Return those of these directories that a run is about, or else a case: the store keeps no list of its own."""
    found = {run.directory.ref.app_id: run.directory for run in runs}
    if not all(id in found for id in app_ids):
        verdicts = (item.verdict for case in store.cases() for item in case.subjects if item.verdict)
        found = {item.directory.ref.app_id: item.directory for item in verdicts if item.directory} | found
    return {id: found[id] for id in app_ids if id in found}


def audit(config: Path, *, as_json: bool) -> None:
    """Print every act of a person that is recorded, newest first: who, from where, of what, and why."""
    with wiring.opened_store(config) as store:
        acts = store.acts()
        paused = {act.target for act in acts if act.act in OF_DIRECTORIES and act.target}
        directories = directories_of(store, store.runs(), paused)
        runs = {act.target: run for act in acts if (run := store.run(act.target))}
        cases = {act.target: case for act in acts if act.act in OF_CASES and (case := store.case(act.target))}
    about = {id: run.directory for id, run in runs.items()} | directories
    if as_json:
        for act in acts:
            found = about.get(act.target)
            directory = {"app_id": found.ref.app_id, "label": found.label} if found else None
            ticket = cases[act.target].ref.key if act.target in cases else None
            print_json(act.model_dump(mode="json") | {"directory": directory, "ticket": ticket})
        return
    rows = []
    for act in acts:
        found = about.get(act.target)
        shown = f"{found.label} ({found.ref.app_id})" if found else act.target or "every Force Sync"
        shown = f"run {act.target} of {shown}" if act.target in runs else shown
        shown = f"case {act.target} ({cases[act.target].ref.key})" if act.target in cases else shown
        by, where, why = (plain(text, 200) for text in (act.by, act.operator, act.why))
        rows.append((utc(act.at), act.act.value, by, f"{shown}, from {where}: {why}"))
    if rows:
        print_lines(tabled(HEADS, rows, room()))
    else:
        print_aside("nobody has paused, resumed, decided or ordered anything yet")
