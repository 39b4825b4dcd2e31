"""The commands about Force Sync runs. Each imports what it needs itself, as those of `cli` do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from worker.options import DEFAULT_CONFIG, By, Config, RunId, Text, Why

sync_app = typer.Typer(
    help="Inspect Force Sync runs; approve or reject them.", rich_markup_mode=None, no_args_is_help=True
)


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
