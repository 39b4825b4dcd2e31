"""What a person pauses or resumes: every Force Sync, a directory's, an org's after a refusal, or a desk's tickets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from worker import wiring
from worker.errors import OperatorError
from worker.output import print_aside
from worker.settings.model import Settings
from workflows.errors import FarSideError
from workflows.model import Directory, Policy, StopKind, SyncRun
from workflows.steps import Ports
from workflows.sync.policy import EVERY_DIRECTORY

APP_ID = re.compile(r"0oa[0-9A-Za-z]{10,40}")  # an Okta id of an app: https://developer.okta.com/docs/api/


class Target(NamedTuple):
    """What is stopped or resumed: the stops' kind, the names that it may have there, and how a person reads it."""

    kind: StopKind
    names: tuple[str, ...]
    shown: str


EVERYTHING = Target(StopKind.SWITCH, (EVERY_DIRECTORY,), "every Force Sync")


def desk_or_org(text: str, settings: Settings) -> Target | None:
    """Return what a desk's or an org's name in the settings stands for."""
    if text in settings.desks:
        return Target(StopKind.INTAKE, (text,), f"the tickets of {text}")
    return Target(StopKind.START, (text,), f"the Force Syncs of {text}") if text in settings.okta else None


def directory_target(text: str, config: Path) -> Target:
    """Find a directory by app id or label; while Okta does not answer, among those of the store and the settings.

    An app id is taken as it is then, since a pause must not wait for Okta. Raises `OperatorError`.
    """
    with wiring.opened_ports(config) as ports:
        runs = ports.store.runs()
        try:
            found = one_directory(ports, text)
        except FarSideError as error:
            print_aside(f"Okta does not tell its directories now ({error})")
            return _remembered(text, runs, ports.policy)
    return Target(StopKind.SWITCH, (found.ref.app_id, found.label), f"{found.label} ({found.ref.app_id})")


def _remembered(text: str, runs: Iterable[SyncRun], policy: Policy) -> Target:
    known = dict.fromkeys((run.directory.ref.app_id, run.directory.label) for run in runs)
    for app_id, label in known:
        if text.casefold() == app_id.casefold():
            return Target(StopKind.SWITCH, (app_id, label), f"{label} ({app_id})")
    names = dict.fromkeys([*(label for _, label in known), *policy.autonomy, *policy.refresh])
    if called := next((name for name in names if name.casefold() == text.casefold()), None):
        ids = (app_id for app_id, label in known if label == called)
        return Target(StopKind.SWITCH, (called, *ids), f"{called}, by this name")
    if APP_ID.fullmatch(text):
        return Target(StopKind.SWITCH, (text,), f"{text}, which no run was about yet")
    raise OperatorError(
        f"neither the store nor the settings know a directory {text!r}; they know: {', '.join(names) or 'none'}. "
        "Give its app id (0oa...), or leave the name out, for every Force Sync"
    )


def one_directory(ports: Ports, text: str) -> Directory:
    """Find a directory by app id or label among those of the org."""
    known = ports.org.directories()
    wanted = text.casefold()
    fitting = [item for item in known if wanted in {item.ref.app_id.casefold(), item.label.casefold()}]
    if len(fitting) != 1:
        names = ", ".join(f"{item.label} ({item.ref.app_id})" for item in known) or "none"
        raise OperatorError(f"{len(fitting)} directories are called {text!r}; the org has: {names}")
    return fitting[0]
