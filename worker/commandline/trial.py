"""The commands that only read: `try` on tickets, and `check` of one user."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from worker.commandline.options import DEFAULT_CONFIG, AsJson, Config, Replace, Text, whole


def try_tickets(
    tickets: Annotated[
        list[Text] | None,
        typer.Argument(parser=Text, metavar="TICKET", help="Keys of tickets, of any desk, tagged or not."),
    ] = None,
    config: Config = DEFAULT_CONFIG,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Instead: tagged tickets opened or closed since: 90m, 12h, 30d, 4w, or 2026-03-01.",
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", parser=whole(1, 100_000), help="At most so many, the newest; default: 1000."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page to show around, too.", dir_okay=False)
    ] = None,
    replace: Replace = False,
    as_json: AsJson = False,
) -> None:
    """Show what would be done with tickets; writes nothing.

    Closed ones too; no case is stored.

    Takes nine tenths of Okta's rate limits for as long as it runs, unless the settings name a reserve.
    """
    from worker.trial.command import try_tickets as command

    raise typer.Exit(command(config, tickets or [], ago=since, most=limit, html=html, replace=replace, as_json=as_json))


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
