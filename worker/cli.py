"""The command line. Each command imports what it needs itself, so that `--help` stays fast."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import Annotated

import typer

from worker.case_cli import case_app
from worker.options import (
    DEFAULT_CONFIG,
    HELP,
    AsJson,
    AsLines,
    By,
    Config,
    OneDirectory,
    Stopped,
    Text,
    Why,
    example,
    milliseconds,
    whole,
)
from worker.person_cli import person_app
from worker.report_cli import report
from worker.setup_cli import doctor, init, settings_app
from worker.sync_cli import sync_app
from worker.trial_cli import try_tickets

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
app.add_typer(case_app, name="case")
app.add_typer(person_app, name="person")
app.add_typer(sync_app, name="sync")
app.add_typer(settings_app, name="settings")
app.command(
    epilog=example(
        "init",
        "init --okta-url https://example.okta.com --okta-token-file okta_token ...",
        done="written, and no check failed",
        one="written, and a check failed",
    )
)(init)
app.command(
    epilog=example(
        "doctor", "doctor --only desks.servicenow", done="no failure (there may be warnings)", one="a check failed"
    )
)(doctor)
app.command(epilog=example("report --since 4w --html report.html", "report --cases handed_over"))(report)
app.command(
    "try",
    epilog=example(
        "try INC0010001 SUP-4",
        "try --since 30d --limit 300 --html trial.html",
        done="all were read",
        one="some were not, a desk could not be searched, or it was stopped",
    ),
)(try_tickets)


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


@app.command(epilog=example("run", "run --config /etc/forcesync/forcesync.toml"))
def run(config: Config = DEFAULT_CONFIG) -> None:
    """Poll the desks and work the tickets until it is stopped.

    SIGTERM or Ctrl-C stop it, with nothing half done.
    """
    from worker.running import run as command

    command(config)


@app.command(epilog=example("scheduler --config forcesync.toml"))
def scheduler(config: Config = DEFAULT_CONFIG) -> None:
    """Queue due work for workers on a shared broker.

    Any number may run, and one leads.
    """
    from worker.running import scheduler as command

    command(config)


@app.command(epilog=example("worker --processes 4 --threads 8"))
def worker(
    config: Config = DEFAULT_CONFIG,
    processes: Annotated[
        int, typer.Option(metavar="NUMBER", parser=whole(1), help="Processes; one that dies is replaced.")
    ] = 1,
    threads: Annotated[
        int | None,
        typer.Option(
            metavar="NUMBER",
            parser=whole(1, 64),
            help="Threads per process; default: `worker.threads` in the settings.",
        ),
    ] = None,
) -> None:
    """Do the work that schedulers queue on a shared broker.

    Any number may run, on any number of machines.
    """
    from worker.running import worker as command

    raise typer.Exit(command(config, processes=processes, threads=threads))


@app.command(epilog=example("once", "once --json", one="a product could not be used"))
def once(config: Config = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Poll every desk once, work what is due, and print counts."""
    from worker.running import once as command

    raise typer.Exit(command(config, as_json=as_json))


@app.command(epilog=example("migrate"))
def migrate(config: Config = DEFAULT_CONFIG) -> None:
    """Update the store's schema."""
    from worker.running import migrate as command

    command(config)


@app.command(
    epilog=example(
        "demo --scenario cases",
        "demo --keep",
        done="every ticket ended as its scenario says",
        one="at least one did not",
    )
)
def demo(
    scenario: Annotated[str, typer.Option(metavar="NAME", help="tour, or cases: one ticket for each cause.")] = "tour",
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running so that you can look around.")] = False,
    seed: Annotated[
        int,
        typer.Option(
            metavar="NUMBER", parser=whole(0), help="A different seed gives the same scenario with other data."
        ),
    ] = 1,
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Keep tickets, diagnostics, log and store in this new or empty folder.",
            file_okay=False,
        ),
    ] = None,
    port: Annotated[
        int,
        typer.Option(
            metavar="NUMBER",
            parser=whole(0, 65532),
            help="Okta's port; ServiceNow, Jira and the control server follow. Default: any that are free.",
            show_default=False,
        ),
    ] = 0,
) -> None:
    """Work a scenario's tickets on simulated products.

    Okta, ServiceNow and Jira are served on this machine; it takes less than a minute.
    """
    from worker.demo.command import demo as command

    raise typer.Exit(command(scenario=scenario, keep=keep, seed=seed, save=save, port=port))


@app.command(epilog=example("sandbox --scenario mixed --tickets 60 --write-config sandbox.toml"))
def sandbox(
    scenario: Annotated[
        str, typer.Option(metavar="NAME", help="tour, cases, burst, mixed, singles or empty.")
    ] = "tour",
    seed: Annotated[
        int, typer.Option(metavar="NUMBER", parser=whole(0), help="The same seed gives the same data.")
    ] = 1,
    tickets: Annotated[
        int | None, typer.Option(metavar="NUMBER", parser=whole(0), help="Tickets; default: the scenario's own.")
    ] = None,
    users: Annotated[int, typer.Option(metavar="NUMBER", parser=whole(1), help="Directory users.")] = 120,
    port: Annotated[
        int,
        typer.Option(
            metavar="NUMBER",
            parser=whole(1, 65532),
            help="Okta's port; ServiceNow, Jira and the control server follow.",
        ),
    ] = 8800,
    latency_ms: Annotated[
        float, typer.Option(metavar="NUMBER", parser=milliseconds, help="Delay of every response, in milliseconds.")
    ] = 0,
    write_config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write complete settings for `forcesync run` to this file.", dir_okay=False),
    ] = None,
) -> None:
    """Serve simulated Okta, ServiceNow and Jira.

    They listen on 127.0.0.1 until SIGTERM or Ctrl-C.
    """
    from worker.sandbox.command import serve

    raise typer.Exit(
        serve(
            scenario=scenario,
            seed=seed,
            tickets=tickets,
            users=users,
            port=port,
            latency_ms=latency_ms,
            write_config=write_config,
        )
    )


@app.command(
    epilog=example(
        "check jane@example.com department=Finance",
        done="Okta is right, or Force Sync helps",
        one="neither, or not established",
    )
)
def check(
    user: Annotated[
        Text,
        typer.Argument(parser=Text, metavar="USER", help="A login, e-mail address, full name, employee number or id."),
    ],
    attributes: Annotated[
        list[Text] | None,
        typer.Argument(
            parser=Text,
            metavar="ATTRIBUTE",
            help="Okta attributes, each alone or as NAME=VALUE with the value that it should hold; "
            "default: whatever differs.",
        ),
    ] = None,
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Say whether Force Sync would help one user; read only.

    It is the documented precheck, with what to do next.
    """
    from worker.check.command import check as command

    raise typer.Exit(command(config, user, attributes or [], as_json=as_json))


@app.command(
    epilog=example(
        "pause --by robin@example.com --why 'migration weekend'",
        "pause corp.example.com --by robin@example.com --why 'agent is being replaced'",
    )
)
def pause(by: By, why: Why, directory: OneDirectory = None, config: Config = DEFAULT_CONFIG) -> None:
    """Stop every Force Sync, or one directory's, until `resume`."""
    from worker.syncs.switches import pause as command

    command(config, directory, by=by, why=why)


@app.command(epilog=example("resume --by robin@example.com --why 'migration is over'"))
def resume(by: By, why: Why, name: Stopped = None, config: Config = DEFAULT_CONFIG) -> None:
    """Remove a pause, or what a fault stopped."""
    from worker.syncs.switches import resume as command

    command(config, name, by=by, why=why)


@app.command(epilog=example("status", "status --json", done="nothing needs a person", one="something does"))
def status(
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Show on one screen how it goes."""
    from worker.status import status as command

    raise typer.Exit(command(config, as_json=as_json))


@app.command(epilog=example("audit", "audit --json"))
def audit(
    config: Config = DEFAULT_CONFIG,
    as_json: AsLines = False,
) -> None:
    """List who paused, resumed, decided or ordered what.

    With when, from where and why; newest first.
    """
    from worker.audit import audit as command

    command(config, as_json=as_json)


def main() -> None:
    """Run the command line; what it cannot do ends it with one line, and code 2 where only an operator can mend it."""
    from worker.errors import OperatorError
    from workflows.errors import FarSideError, Misconfigured, StoreUnavailable

    try:
        app()
    except (OperatorError, Misconfigured) as error:
        typer.echo(f"forcesync: {error}", err=True)
        sys.exit(2)
    except (FarSideError, StoreUnavailable) as error:
        typer.echo(f"forcesync: {error}; try again later", err=True)
        sys.exit(1)
