"""The commands that run the worker."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.commandline.options import DEFAULT_CONFIG, AsJson, Config, whole


def run(config: Config = DEFAULT_CONFIG) -> None:
    """Poll the desks and work the tickets until it is stopped.

    SIGTERM or Ctrl-C stop it, with nothing half done.
    """
    from worker.running import run as command

    command(config)


def scheduler(config: Config = DEFAULT_CONFIG) -> None:
    """Queue due work for workers on a shared broker.

    Any number may run, and one leads.
    """
    from worker.running import scheduler as command

    command(config)


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


def once(config: Config = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Poll every desk once, work what is due, and print counts."""
    from worker.running import once as command

    raise typer.Exit(command(config, as_json=as_json))


def migrate(config: Config = DEFAULT_CONFIG) -> None:
    """Update the store's schema."""
    from worker.running import migrate as command

    command(config)
