"""The commands about Force Sync runs, and those that stop and resume them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from worker.commandline.options import (
    DEFAULT_CONFIG,
    HELP,
    AsJson,
    AsLines,
    By,
    Config,
    OneDirectory,
    Replace,
    RunId,
    Stopped,
    Text,
    Why,
    example,
)

sync_app = typer.Typer(
    help="Inspect Force Sync runs; approve or reject them.",
    context_settings=HELP,
    rich_markup_mode=None,
    no_args_is_help=True,
    epilog=example("sync list --open", "sync preview corp.example.com"),
)


@sync_app.command("list", epilog=example("sync list --open", "sync list --json"))
def sync_list(
    config: Config = DEFAULT_CONFIG,
    open_only: Annotated[bool, typer.Option("--open", help="Only runs that have not ended.")] = False,
    as_json: AsLines = False,
) -> None:
    """List runs, newest first, and what each waits for."""
    from worker.syncs.listing import sync_list as command

    command(config, open_only=open_only, as_json=as_json)


@sync_app.command("show", epilog=example("sync show 7"))
def sync_show(run_id: RunId, config: Config = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Show one run: riders, changes, and who decided what."""
    from worker.syncs.page import sync_show as command

    command(config, run_id, as_json=as_json)


@sync_app.command("approve", epilog=example("sync approve 7 --by robin@example.com --why 'the changes are wanted'"))
def sync_approve(run_id: RunId, by: By, why: Why, config: Config = DEFAULT_CONFIG) -> None:
    """Approve a proposed run, for the changes that `show` lists."""
    from worker.syncs.decisions import decide

    decide(config, run_id, by=by, why=why, approved=True)


@sync_app.command("reject", epilog=example("sync reject 7 --by robin@example.com --why 'the agent is down'"))
def sync_reject(run_id: RunId, by: By, why: Why, config: Config = DEFAULT_CONFIG) -> None:
    """Reject a proposed run; its tickets go to people."""
    from worker.syncs.decisions import decide

    decide(config, run_id, by=by, why=why, approved=False)


@sync_app.command("preview", epilog=example("sync preview corp.example.com --export drift.csv"))
def sync_preview(
    directory: Annotated[Text, typer.Argument(parser=Text, metavar="DIRECTORY", help="Its app id or label.")],
    config: Config = DEFAULT_CONFIG,
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the drifted users to this CSV file.", dir_okay=False)
    ] = None,
    replace: Replace = False,
    as_json: AsJson = False,
) -> None:
    """Report what a Force Sync would change now; change nothing."""
    from worker.syncs.preview import preview

    preview(config, directory, export, replace=replace, as_json=as_json)


def pause(by: By, why: Why, directory: OneDirectory = None, config: Config = DEFAULT_CONFIG) -> None:
    """Stop every Force Sync, or one directory's, until `resume`."""
    from worker.syncs.switches import pause as command

    command(config, directory, by=by, why=why)


def resume(by: By, why: Why, name: Stopped = None, config: Config = DEFAULT_CONFIG) -> None:
    """Remove a pause, or what a fault stopped."""
    from worker.syncs.switches import resume as command

    command(config, name, by=by, why=why)
