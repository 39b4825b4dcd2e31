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

Config = Annotated[
    Path, typer.Option("--config", "-c", envvar="FORCESYNC_CONFIG", help="The settings file (TOML).", dir_okay=False)
]
DEFAULT_CONFIG = Path("forcesync.toml")


@app.command()
def run(config: Config = DEFAULT_CONFIG) -> None:
    """Poll the desks and work the tickets until SIGTERM or Ctrl-C; stops with nothing half done."""
    from worker.commands import run as command

    command(config)


@app.command()
def scheduler(config: Config = DEFAULT_CONFIG) -> None:
    """Wake what is due, for workers on a shared broker; any number may run, one of them leads."""
    from worker.commands import scheduler as command

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
    from worker.commands import worker as command

    raise typer.Exit(command(config, processes=processes, threads=threads))


@app.command()
def once(config: Config = DEFAULT_CONFIG) -> None:
    """Poll every desk once, work until nothing is due now, and print counts."""
    from worker.commands import once as command

    command(config)


@app.command()
def migrate(config: Config = DEFAULT_CONFIG) -> None:
    """Bring the store's schema up to date."""
    from worker.commands import migrate as command

    command(config)


@app.command()
def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running for a look around.")] = False,
    seed: Annotated[int, typer.Option("--seed", help="Another seed is another world of the same story.")] = 1,
) -> None:
    """Show the whole job on simulated Okta, ServiceNow and Jira servers, within a minute."""
    from worker.demo import demo as command

    raise typer.Exit(command(keep=keep, seed=seed))


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
    from worker.sandbox_command import serve

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
) -> None:
    """List the cases, the newest first."""
    from worker.commands import case_list as command

    command(config, open_only=open_only)


@case_app.command("export")
def case_export(config: Config = DEFAULT_CONFIG) -> None:
    """Print every case's record, archived ones too, as JSON lines."""
    from worker.commands import case_export as command

    command(config)


@case_app.command("show")
def case_show(
    id: Annotated[str, typer.Argument(help="The case's id, or the ticket's.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Show one case: what was asked, found, written, and every transition."""
    from worker.commands import case_show as command

    command(config, id)


def main() -> None:
    """Run the command line; a mistake in the settings or the store ends with exit code 2 and says what to do."""
    from worker.problems import OperatorError

    try:
        app()
    except OperatorError as error:
        typer.echo(f"forcesync: {error}", err=True)
        sys.exit(2)
