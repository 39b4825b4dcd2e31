"""The commands that tell how it goes: `report`, `status` and `audit`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from worker.commandline.options import DEFAULT_CONFIG, AsJson, AsLines, Config, Replace


def report(  # noqa: PLR0913, PLR0917  # the filters and forms of one report
    config: Config = DEFAULT_CONFIG,
    since: Annotated[
        str, typer.Option(metavar="TIME", help="Tickets taken up since: 12h, 30d, 4w, or 2026-03-01.")
    ] = "30d",
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="And before; written as --since is. Default: now.")
    ] = None,
    desk: Annotated[str | None, typer.Option(metavar="NAME", help="Only this desk's tickets.")] = None,
    cases: Annotated[
        str | None,
        typer.Option(
            metavar="METRIC",
            help="List the cases behind a number, by the name that --definitions has, or cause:NAME, team:NAME.",
        ),
    ] = None,
    definitions: Annotated[
        bool, typer.Option("--definitions", help="Say what each number means, and how it is named.")
    ] = False,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV, one line a number.")] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write one HTML page, too, with charts, definitions and the tickets behind each number.",
            dir_okay=False,
        ),
    ] = None,
    replace: Replace = False,
) -> None:
    """Tell what was done in a period, and how it lasted.

    Coverage, what was resolved, whether that lasted, and how long it took. The numbers come from the store alone, and
    name nobody. Over a period without tickets it says so.
    """
    from worker.reporting.command import Asked
    from worker.reporting.command import definitions as told
    from worker.reporting.command import report as command

    if definitions:
        if as_csv or html or cases:
            raise typer.BadParameter("goes with no other option than --json", param_hint="'--definitions'")
        told(as_json=as_json)
        return
    command(config, Asked(since, until, desk, cases, as_json, as_csv, html, replace))


def status(
    config: Config = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Show on one screen how it goes."""
    from worker.status import status as command

    raise typer.Exit(command(config, as_json=as_json))


def audit(
    config: Config = DEFAULT_CONFIG,
    as_json: AsLines = False,
) -> None:
    """List who paused, resumed, decided or ordered what.

    With when, from where and why; newest first.
    """
    from worker.audit import audit as command

    command(config, as_json=as_json)
