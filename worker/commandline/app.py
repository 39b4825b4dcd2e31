"""The commands in the order that help has them, and how the command line ends. What a command does is imported late."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Sequence
from importlib import metadata
from itertools import pairwise
from platform import python_version
from typing import Annotated

import typer

from worker.commandline.cases import case_app
from worker.commandline.options import HELP, example
from worker.commandline.persons import person_app
from worker.commandline.reports import audit, report, status
from worker.commandline.running import migrate, once, run, scheduler, worker
from worker.commandline.sandbox import demo, sandbox
from worker.commandline.settings import settings_app
from worker.commandline.setup import doctor, init
from worker.commandline.syncs import pause, resume, sync_app
from worker.commandline.trial import check, try_tickets

UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
COMMANDS: dict[str, tuple[Callable[..., None], str]] = {
    "init": (
        init,
        example(
            "init",
            "init --okta-url https://example.okta.com --okta-token-file okta_token ...",
            done="written, and no check failed",
            one="written, and a check failed",
        ),
    ),
    "doctor": (
        doctor,
        example(
            "doctor", "doctor --only desks.servicenow", done="no failure (there may be warnings)", one="a check failed"
        ),
    ),
    "report": (report, example("report --since 4w --html report.html", "report --cases handed_over")),
    "try": (
        try_tickets,
        example(
            "try INC0010001 SUP-4",
            "try --since 30d --limit 300 --html trial.html",
            done="all were read",
            one="some were not, a desk could not be searched, or it was stopped",
        ),
    ),
    "run": (run, example("run", "run --config /etc/forcesync/forcesync.toml")),
    "scheduler": (scheduler, example("scheduler --config forcesync.toml")),
    "worker": (worker, example("worker --processes 4 --threads 8")),
    "once": (once, example("once", "once --json", one="a product could not be used")),
    "migrate": (migrate, example("migrate")),
    "demo": (
        demo,
        example(
            "demo --scenario cases",
            "demo --keep",
            done="every ticket ended as its scenario says",
            one="at least one did not",
        ),
    ),
    "sandbox": (sandbox, example("sandbox --scenario mixed --tickets 60 --write-config sandbox.toml")),
    "check": (
        check,
        example(
            "check jane@example.com department=Finance",
            done="Okta is right, or Force Sync helps",
            one="neither, or not established",
        ),
    ),
    "pause": (
        pause,
        example(
            "pause --by robin@example.com --why 'migration weekend'",
            "pause corp.example.com --by robin@example.com --why 'agent is being replaced'",
        ),
    ),
    "resume": (resume, example("resume --by robin@example.com --why 'migration is over'")),
    "status": (status, example("status", "status --json", done="nothing needs a person", one="something does")),
    "audit": (audit, example("audit", "audit --json")),
}
GROUPS = {"case": case_app, "person": person_app, "sync": sync_app, "settings": settings_app}

app = typer.Typer(
    name="forcesync",
    help="Works 'my profile is not updating' tickets: checks the cause in Okta, runs Force Sync when it helps, "
    "resolves with evidence or escalates with diagnostics.",
    no_args_is_help=True,
    epilog=example("demo", "init", "doctor", one="something is wrong, or needs a person, or was not done in full"),
    pretty_exceptions_enable=False,
    context_settings=HELP,
    rich_markup_mode=None,
)
for _name, (_command, _end) in COMMANDS.items():
    app.command(_name, epilog=_end)(_command)
for _name, _group in GROUPS.items():
    app.add_typer(_group, name=_name)


def _tell_version(asked: bool) -> None:  # typer calls it so
    if asked:
        typer.echo(f"forcesync {metadata.version('forcesync')}, Python {python_version()}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[  # its callback does it
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def _empty(words: Sequence[str]) -> str:
    """Return the option, or the place, of the first argument that is empty; "" if none is.

    None is ever meant to be: it comes of a variable that is not set, and would be read as "all" or as a name.
    """
    for before, word in pairwise(("", *words)):
        if word.startswith("--") and word.endswith("="):
            return word.removesuffix("=")
        if not word.strip():
            return before if before.startswith("-") else "an argument"
    return ""


def main() -> None:
    """Run the command line; what it cannot do ends it with one line, and code 2 where only an operator can mend it."""
    from worker.errors import OperatorError
    from worker.output import print_aside
    from workflows.errors import FarSideError, Misconfigured, StoreUnavailable

    if empty := _empty(sys.argv[1:]):
        print_aside(f"forcesync: {empty}: found nothing; name something, or leave it out")
        sys.exit(2)
    try:
        app()
    except (OperatorError, Misconfigured) as error:
        print_aside(f"forcesync: {error}")
        sys.exit(2)
    except (FarSideError, StoreUnavailable) as error:
        print_aside(f"forcesync: {error}; try again later")
        sys.exit(1)
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        print_aside(f"forcesync: the output could not be written: {error.strerror}")
        os._exit(1)  # what is left in the buffer would fail once more
