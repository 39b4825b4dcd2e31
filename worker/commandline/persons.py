"""The commands about what is kept of one person."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.commandline.options import DEFAULT_CONFIG, HELP, AsJson, By, Config, JsonAlone, Text, Why, example

person_app = typer.Typer(
    help="Export or forget what the store holds about a person.",
    context_settings=HELP,
    rich_markup_mode=None,
    no_args_is_help=True,
    epilog=example(
        "person forget jane@example.com --by robin@example.com --why 'erasure request 18'", one="nothing was erased yet"
    ),
)

Users = Annotated[
    list[Text],
    typer.Argument(
        parser=Text,
        metavar="USER...",
        help="A login, an Okta id or an e-mail address; several where a desk knows them by another one.",
    ),
]


@person_app.command(
    "export",
    epilog=example(
        "person export jane@example.com --by robin@example.com --why 'access request 17'",
        one="the store has no record of them",
    ),
)
def person_export(users: Users, by: By, why: Why, config: Config = DEFAULT_CONFIG, _json: JsonAlone = True) -> None:
    """Print what the store holds about a person.

    One JSON object; their own values are not masked, and those of others are by class.
    """
    from worker.persons.exporting import export as command

    raise typer.Exit(command(config, users, by=by, why=why))


@person_app.command(
    "forget",
    epilog=example(
        "person forget jane@example.com --by robin@example.com --why 'erasure request 18'",
        one="nothing was erased: without --yes, or there is no record of them",
    ),
)
def person_forget(
    users: Users,
    by: By,
    why: Why,
    config: Config = DEFAULT_CONFIG,
    yes: Annotated[bool, typer.Option("--yes", help="Erase it; without, only show what would be erased.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase the records in which a person occurs.

    Refused while one of those cases is worked; without --yes it only shows what would be erased.

    That a ticket was worked and how it ended stays, without the person.
    """
    from worker.persons.forgetting import forget as command

    raise typer.Exit(command(config, users, by=by, why=why, yes=yes, as_json=as_json))
