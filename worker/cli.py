"""The command line. Everything heavy is imported inside the command that needs it, so that help is quick."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="forcesync",
    help="Works 'my profile is not updating' tickets: checks the cause in Okta, runs Force Sync when it helps, "
    "resolves with evidence or escalates with diagnostics.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
case_app = typer.Typer(help="Look at cases in the store.", no_args_is_help=True)
app.add_typer(case_app, name="case")
sync_app = typer.Typer(help="Look at Force Syncs, and decide about them.", no_args_is_help=True)
app.add_typer(sync_app, name="sync")

Config = Annotated[
    Path, typer.Option("--config", "-c", envvar="FORCESYNC_CONFIG", help="The settings file (TOML).", dir_okay=False)
]
DEFAULT_CONFIG = Path("forcesync.toml")


@app.command()
def run(config: Config = DEFAULT_CONFIG) -> None:
    """Poll the desks and work the tickets until SIGTERM or Ctrl-C; stops with nothing half done."""
    from worker.commands.running import run as command

    command(config)


@app.command()
def scheduler(config: Config = DEFAULT_CONFIG) -> None:
    """Wake what is due, for workers on a shared broker; any number may run, one of them leads."""
    from worker.commands.running import scheduler as command

    command(config)


@app.command()
def worker(
    config: Config = DEFAULT_CONFIG,
    processes: Annotated[int, typer.Option(help="How many processes; one that dies is replaced.", min=1)] = 1,
    threads: Annotated[
        int | None, typer.Option(help="Threads in each; `worker.threads` of the settings if left out.", min=1, max=64)
    ] = None,
) -> None:
    """Work what schedulers wake, over a shared broker; any number may run, on any number of machines."""
    from worker.commands.running import worker as command

    raise typer.Exit(command(config, processes=processes, threads=threads))


@app.command()
def once(config: Config = DEFAULT_CONFIG) -> None:
    """Poll every desk once, work until nothing is due now, and print counts."""
    from worker.commands.running import once as command

    command(config)


@app.command()
def migrate(config: Config = DEFAULT_CONFIG) -> None:
    """Bring the store's schema up to date."""
    from worker.commands.running import migrate as command

    command(config)


@app.command()
def demo(
    scenario: Annotated[str, typer.Option(help="tour, or cases: a ticket for every cause.")] = "tour",
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running for a look around.")] = False,
    seed: Annotated[int, typer.Option("--seed", help="Another seed is another world of the same story.")] = 1,
) -> None:
    """Show the whole job on simulated Okta, ServiceNow and Jira servers, within a minute."""
    from worker.demo.run import demo as command

    raise typer.Exit(command(scenario=scenario, keep=keep, seed=seed))


@app.command()
def sandbox(
    scenario: Annotated[str, typer.Option(help="tour, cases, burst, mixed or empty.")] = "tour",
    seed: Annotated[int, typer.Option(help="The same seed gives the same world.")] = 1,
    tickets: Annotated[
        int | None, typer.Option(help="How many tickets; the scenario's own number if left out.", min=0)
    ] = None,
    users: Annotated[int, typer.Option(help="How many directory users the world has.", min=1)] = 120,
    port: Annotated[
        int, typer.Option(help="Okta's port; ServiceNow, Jira and the control server follow.", min=1, max=65532)
    ] = 8800,
    latency_ms: Annotated[float, typer.Option(help="Added to every answer, in milliseconds.", min=0)] = 0,
    write_config: Annotated[
        Path | None, typer.Option(help="Write a complete settings file for `forcesync run` there.", dir_okay=False)
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


@case_app.command("list")
def case_list(
    config: Config = DEFAULT_CONFIG,
    open_only: Annotated[bool, typer.Option("--open", help="Only cases that have not ended.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="All of them, archived ones too, as JSON lines.")] = False,
) -> None:
    """List the cases, the newest first."""
    from worker.commands.cases import case_lines, case_list

    (case_lines if as_json else case_list)(config, open_only=open_only)


@case_app.command("export")
def case_export(config: Config = DEFAULT_CONFIG) -> None:
    """Print every case's record, archived ones too, as JSON lines."""
    from worker.commands.cases import case_export as command

    command(config)


@case_app.command("show")
def case_show(
    id: Annotated[str, typer.Argument(help="The case's id, or the ticket's.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Show one case: what was asked, found, written, and every transition."""
    from worker.commands.cases import case_show as command

    command(config, id)


By = Annotated[str, typer.Option("--by", help="Your login; it stands in the run and on the tickets.")]
Why = Annotated[str, typer.Option("--why", help="The reason, in a sentence.")]
RunId = Annotated[str, typer.Argument(help="The run's id.")]
OneDirectory = Annotated[str | None, typer.Argument(help="A directory's app id or label; all of them if left out.")]


@sync_app.command("list")
def sync_list(
    config: Config = DEFAULT_CONFIG,
    open_only: Annotated[bool, typer.Option("--open", help="Only runs that have not ended.")] = False,
) -> None:
    """List the runs, the newest first."""
    from worker.commands.syncs import sync_list as command

    command(config, open_only=open_only)


@sync_app.command("show")
def sync_show(run_id: RunId, config: Config = DEFAULT_CONFIG) -> None:
    """Show one run: its riders, what it would change, and who decided what."""
    from worker.commands.syncs import sync_show as command

    command(config, run_id)


@sync_app.command("approve")
def sync_approve(run_id: RunId, by: By, why: Why, config: Config = DEFAULT_CONFIG) -> None:
    """Approve a proposed run, for the changes that `show` tells of and no others."""
    from worker.commands.syncs import decide

    decide(config, run_id, by=by, why=why, approved=True)


@sync_app.command("reject")
def sync_reject(run_id: RunId, by: By, why: Why, config: Config = DEFAULT_CONFIG) -> None:
    """Reject a proposed run; its tickets go to people."""
    from worker.commands.syncs import decide

    decide(config, run_id, by=by, why=why, approved=False)


@sync_app.command("preview")
def sync_preview(
    directory: Annotated[str, typer.Argument(help="The directory's app id or label.")],
    config: Config = DEFAULT_CONFIG,
    export: Annotated[Path | None, typer.Option(help="Write the drifted users there (CSV).", dir_okay=False)] = None,
) -> None:
    """Say what a Force Sync of a directory would change now; changes nothing."""
    from worker.commands.syncs import preview

    preview(config, directory, export)


@app.command()
def pause(by: By, why: Why, directory: OneDirectory = None, config: Config = DEFAULT_CONFIG) -> None:
    """Stop every Force Sync, or those of one directory, until `resume`."""
    from worker.commands.syncs import pause as command

    command(config, directory, by=by, why=why)


@app.command()
def resume(directory: OneDirectory = None, config: Config = DEFAULT_CONFIG) -> None:
    """Let Force Syncs start again."""
    from worker.commands.syncs import resume as command

    command(config, directory)


def main() -> None:
    """Run the command line; a mistake in the settings or a store that fails ends with exit code 2 and a line."""
    from worker.errors import OperatorError
    from workflows.errors import StoreUnavailable

    try:
        app()
    except (OperatorError, StoreUnavailable) as error:
        typer.echo(f"forcesync: {error}", err=True)
        sys.exit(2)
