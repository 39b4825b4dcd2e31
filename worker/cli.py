"""The command line. Each command imports what it needs itself, so that `--help` stays fast."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import Annotated

import typer

from worker.case_cli import case_app
from worker.options import DEFAULT_CONFIG, By, Config, OneDirectory, RunId, Stopped, Text, Why, milliseconds, whole

app = typer.Typer(
    name="forcesync",
    help="Works 'my profile is not updating' tickets: checks the cause in Okta, runs Force Sync when it helps, "
    "resolves with evidence or escalates with diagnostics.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(case_app, name="case")
sync_app = typer.Typer(
    help="Inspect Force Sync runs; approve or reject them.", rich_markup_mode=None, no_args_is_help=True
)
app.add_typer(sync_app, name="sync")
settings_app = typer.Typer(help="Show the settings, and their schema.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(settings_app, name="settings")


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


@app.command()
def run(config: Config = DEFAULT_CONFIG) -> None:
    """Poll the desks and work the tickets until SIGTERM or Ctrl-C; stops with nothing half done."""
    from worker.commands.running import run as command

    command(config)


@app.command()
def scheduler(config: Config = DEFAULT_CONFIG) -> None:
    """Queue due work for workers on a shared broker; any number may run, and one leads."""
    from worker.commands.running import scheduler as command

    command(config)


@app.command()
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
    """Do the work that schedulers queue on a shared broker; any number may run, on any number of machines."""
    from worker.commands.running import worker as command

    raise typer.Exit(command(config, processes=processes, threads=threads))


@app.command()
def once(config: Config = DEFAULT_CONFIG) -> None:
    """Poll every desk once, work until nothing is due, and print counts."""
    from worker.commands.running import once as command

    command(config)


@app.command()
def migrate(config: Config = DEFAULT_CONFIG) -> None:
    """Update the store's schema."""
    from worker.commands.running import migrate as command

    command(config)


@app.command()
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
    """Work a scenario's tickets on simulated Okta, ServiceNow and Jira servers, within a minute."""
    from worker.demo.run import demo as command

    raise typer.Exit(command(scenario=scenario, keep=keep, seed=seed, save=save, port=port))


@app.command()
def sandbox(
    scenario: Annotated[str, typer.Option(metavar="NAME", help="tour, cases, burst, mixed or empty.")] = "tour",
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
    """Serve simulated Okta, ServiceNow and Jira on 127.0.0.1 until SIGTERM or Ctrl-C."""
    from worker.commands.sandbox import serve

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


@app.command()
def check(
    user: Annotated[
        Text, typer.Argument(parser=Text, metavar="USER", help="A login, e-mail address, name, employee number or id.")
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
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Make the documented precheck for one user, read only: would Force Sync help, and what to do next.

    Exit code 0: Okta is right, or Force Sync helps; 1: neither; 2: settings or usage.

    Example: forcesync check jane@example.com department=Finance
    """
    from worker.commands.check import check as command

    raise typer.Exit(command(config, user, attributes or [], as_json=as_json))


@app.command()
def doctor(
    config: Config = DEFAULT_CONFIG,
    only: Annotated[
        str,
        typer.Option(
            "--only",
            metavar="PATTERN",
            help="Checks whose id fits, such as 'desks.*.tag', or begins so, such as okta.main.right.",
        ),
    ] = "",
    listed: Annotated[bool, typer.Option("--list", help="List the checks, and make none.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Check settings, accounts, rights and names, and change nothing anywhere; ends within ten seconds.

    Exit code 0: no failure (there may be warnings); 1: a failure; 2: usage.

    Example: forcesync doctor --only desks.servicenow
    """
    from worker.commands.doctor import doctor as command

    raise typer.Exit(command(config, only=only, listed=listed, as_json=as_json))


@sync_app.command("list")
def sync_list(
    config: Config = DEFAULT_CONFIG,
    open_only: Annotated[bool, typer.Option("--open", help="Only runs that have not ended.")] = False,
) -> None:
    """List runs, newest first, with what each open run is waiting for and what is paused."""
    from worker.commands.syncs import sync_list as command

    command(config, open_only=open_only)


@sync_app.command("show")
def sync_show(run_id: RunId, config: Config = DEFAULT_CONFIG) -> None:
    """Show one run: its riders, what it would change, and who decided what."""
    from worker.commands.syncs import sync_show as command

    command(config, run_id)


@sync_app.command("approve")
def sync_approve(run_id: RunId, by: By, why: Why, config: Config = DEFAULT_CONFIG) -> None:
    """Approve a proposed run, for exactly the changes that `show` lists."""
    from worker.commands.syncs import decide

    decide(config, run_id, by=by, why=why, approved=True)


@sync_app.command("reject")
def sync_reject(run_id: RunId, by: By, why: Why, config: Config = DEFAULT_CONFIG) -> None:
    """Reject a proposed run; its tickets go to people."""
    from worker.commands.syncs import decide

    decide(config, run_id, by=by, why=why, approved=False)


@sync_app.command("preview")
def sync_preview(
    directory: Annotated[Text, typer.Argument(parser=Text, metavar="DIRECTORY", help="Its app id or label.")],
    config: Config = DEFAULT_CONFIG,
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the drifted users to this CSV file.", dir_okay=False)
    ] = None,
) -> None:
    """Report what a Force Sync of a directory would change now; changes nothing."""
    from worker.commands.syncs import preview

    preview(config, directory, export)


@app.command()
def pause(by: By, why: Why, directory: OneDirectory = None, config: Config = DEFAULT_CONFIG) -> None:
    """Stop every Force Sync, or those of one directory, until `resume`."""
    from worker.commands.switches import pause as command

    command(config, directory, by=by, why=why)


@app.command()
def resume(by: By, why: Why, name: Stopped = None, config: Config = DEFAULT_CONFIG) -> None:
    """Remove a pause, or what a fault stopped, so that the work goes on."""
    from worker.commands.switches import resume as command

    command(config, name, by=by, why=why)


@app.command()
def status(
    config: Config = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Show on one screen how it goes; ends with exit code 1 if something needs a person."""
    from worker.everyday.status import status as command

    raise typer.Exit(command(config, as_json=as_json))


@app.command()
def audit(
    config: Config = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON lines.")] = False,
) -> None:
    """List who paused, resumed, decided or ordered what, when, from where and why, newest first."""
    from worker.commands.switches import audit as command

    command(config, as_json=as_json)


@settings_app.command("show")
def settings_show(
    config: Config = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Show every key with its value and where that comes from: default, file or environment; secrets hidden."""
    from worker.commands.settings import show as command

    command(config, as_json=as_json)


@settings_app.command("schema")
def settings_schema() -> None:
    """Print the JSON Schema of the settings file, for editors."""
    from worker.commands.settings import schema as command

    command()


def main() -> None:
    """Run the command line; wrong settings or a failing store end it with exit code 2 and one line."""
    from worker.errors import OperatorError
    from workflows.errors import StoreUnavailable

    try:
        app()
    except (OperatorError, StoreUnavailable) as error:
        typer.echo(f"forcesync: {error}", err=True)
        sys.exit(2)
