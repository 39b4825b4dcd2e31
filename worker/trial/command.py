"""The `forcesync try` command: what would have been understood and done with tickets, closed ones too; read only."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from worker import wiring
from worker.cases.choosing import moment_of
from worker.doctor.examination import silent
from worker.errors import OperatorError
from worker.output import aligned, check_file, print_aside, print_json, print_lines, room, write_file
from worker.process import logs
from worker.process.parts import Parts
from worker.settings.model import Settings
from worker.settings.tables import StoreSettings, WebSettings
from worker.trial.dry import DryRun
from worker.trial.finding import Found, Patiently, Wanted, named, since
from worker.trial.pace import INTERRUPTED, Pace, unknown, words_of
from worker.trial.page import page
from worker.trial.progress import Progress
from worker.trial.rows import Result, Row, shares
from workflows.model import Autonomy
from workflows.ports import PastTickets
from workflows.steps import Ports

MOST = 1000  # tickets since a time, unless --limit says otherwise
THREADS = 4  # tickets read at once: with 100 ms a call, this keeps up with Okta's limits
# Of each rate limit, left to others where the settings name no `reserve` of their own: a trial is made once, while the
# worker waits. Okta holds one token to half of the org's limit anyway (https://developer.okta.com/docs/reference/rl2-token-oauth/).
RESERVE = 0.1


def try_tickets(
    config: Path,
    keys: Sequence[str],
    *,
    ago: str | None,
    most: int | None,
    html: Path | None,
    replace: bool,
    as_json: bool,
) -> int:
    """Judge tickets as a worker would and print what it would do; return 0 if all were read, else 1.

    Raises `OperatorError` for wrong usage and where Okta refuses the credential, `FarSideError` if no desk that answers
    can be searched.
    """
    if bool(keys) == bool(ago):
        raise OperatorError("name the tickets, or a time with --since: one of both is needed")
    if most and not ago:
        raise OperatorError("--limit goes with --since")
    if html:
        check_file(html, "--html", replace=replace)
    settings = wiring.read_settings(config)
    logs.configure("error", settings.worker.log_format)
    progress = Progress()
    with trial_parts(settings) as parts:
        clock = parts.ports.clock
        moment = moment_of(ago, clock.now()) if ago else None

        def find(desks: Mapping[str, PastTickets], patiently: Patiently) -> Found:
            return since(moment, most or MOST, desks, patiently) if moment else named(keys, desks, patiently)

        pace = Pace(clock, progress)
        try:
            progress.asks()
            out = silent(settings, parts.ports.desks, {parts.ports.org.name: parts.ports.org})
            result = tried(parts.ports, find, pace, progress, min(THREADS, settings.worker.threads), out)
        finally:
            progress.over()
        if pace.why not in {"", INTERRUPTED} and not result.rows:
            raise OperatorError(pace.why)
        at = clock.now()
    if html:
        print_aside(write_file(html, "--html", page(result, at)))
    if as_json:
        print_json(result.record())
    else:
        print_lines(_lines(result, room()))
        if result.ok and not result.rows:
            print_aside("no such tickets")
    return 0 if result.ok else 1


def tried(
    ports: Ports,
    find: Callable[[Mapping[str, PastTickets], Patiently], Found],
    pace: Pace,
    progress: Progress,
    threads: int = 1,
    out: Mapping[str, str] = MappingProxyType({}),
) -> Result:
    """Find the tickets and judge each. Raises `FarSideError` if no desk can be searched.

    `out` says, by their names, which products do not answer: such a desk is not searched; without Okta, none is.
    """
    began, dry = time.monotonic(), DryRun(ports)
    desks = {name: cast("PastTickets", desk) for name, desk in ports.desks.items() if name not in out}
    no_okta = out.get(ports.org.name, "")
    found = Found((), {}) if no_okta else find(desks, pace.patiently)
    unsearched = {name: out[name] for name in ports.desks if name in out}
    unsearched |= {name: words_of(error) for name, error in found.unsearched.items()}
    progress.total = len(found.wanted)

    def read(item: Wanted) -> Row:
        return dry.row(item.ref, tagged=item.named) if item.ref else unknown(item, tuple(unsearched))

    rows = pace.rows(found.wanted, read, threads)
    policy = ports.policy
    observing = Autonomy.OBSERVE in {policy.default_autonomy, *policy.autonomy.values()}
    return Result(rows, len(found.wanted), time.monotonic() - began, observing, pace.why or no_okta, unsearched)


@contextmanager
def trial_parts(settings: Settings, clock: Any = None) -> Iterator[Parts]:
    """Build a worker's ports with a store of its own, which is thrown away, and no address to serve at."""
    with tempfile.TemporaryDirectory(prefix="forcesync-try-") as folder:
        okta = {
            name: org if "reserve" in org.model_fields_set else org.model_copy(update={"reserve": RESERVE})
            for name, org in settings.okta.items()
        }
        own = {"store": StoreSettings(url=f"sqlite:///{folder}/trial.sqlite3"), "web": WebSettings(), "okta": okta}
        parts = wiring.build(settings.model_copy(update=own), logs.tell, clock)
        try:
            parts.store.migrate()
            yield parts
        finally:
            parts.store.close()


def _lines(result: Result, columns: int) -> Iterator[str]:
    """Yield a line a ticket, then the share of each outcome; wrapped to the columns, or whole where there are none."""
    yield from aligned(((row.ticket, row.outcome.replace("_", " "), row.told) for row in result.rows), columns)
    if result.rows:
        yield ""
        yield from aligned(
            ((f"{item.tickets:>5}", f"{item.percent:>3}%", item.done) for item in shares(result.rows)), columns
        )
    for number, note in enumerate(result.notes):
        yield from [""] if result.rows or number else []
        yield from aligned([(note,)], columns)
