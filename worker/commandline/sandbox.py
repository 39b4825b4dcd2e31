"""The commands on simulated products."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from worker.commandline.options import milliseconds, whole


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
