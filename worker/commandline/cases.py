"""The commands about cases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.commandline.options import (
    DEFAULT_CONFIG,
    HELP,
    AsJson,
    AsLines,
    By,
    CaseId,
    Config,
    JsonAlone,
    OneCase,
    Why,
    Yes,
    example,
    whole,
)

if TYPE_CHECKING:
    from worker.cases.choosing import Wanted

case_app = typer.Typer(
    help="Inspect cases; have some retried, handed over or left alone.",
    context_settings=HELP,
    rich_markup_mode=None,
    no_args_is_help=True,
    epilog=example("case list --stuck", "case show INC0010001", one="an order was not carried out in full"),
)

Stuck = Annotated[bool, typer.Option("--stuck", help="Only cases that have waited longer than their state should.")]
OnDesk = Annotated[str | None, typer.Option("--desk", metavar="NAME", help="Only this desk's.")]
InState = Annotated[str | None, typer.Option("--state", metavar="STATE", help="Only those in this state.")]
OfUser = Annotated[str | None, typer.Option("--user", metavar="LOGIN", help="Only those about or of this user.")]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="Only those opened since: 90m, 12h, 30d, 4w, or 2026-03-01."),
]
AtMost = Annotated[int | None, typer.Option("--limit", metavar="NUMBER", parser=whole(1), help="At most so many.")]


def _wanted(desk: str | None, state: str | None, user: str | None, since: str | None, **flags: bool) -> Wanted:
    from datetime import UTC, datetime

    from worker.cases.choosing import Wanted, moment_of

    opened = moment_of(since, datetime.now(UTC)) if since else None
    return Wanted(desk=desk, state=state, user=user, since=opened, **flags)


@case_app.command("list", epilog=example("case list --stuck", "case list --desk servicenow --since 30d --json"))
def case_list(  # noqa: PLR0913, PLR0917  # the filters of one list
    config: Config = DEFAULT_CONFIG,
    open_only: Annotated[bool, typer.Option("--open", help="Only cases that have not ended.")] = False,
    stuck: Stuck = False,
    desk: OnDesk = None,
    state: InState = None,
    user: OfUser = None,
    since: Since = None,
    limit: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", parser=whole(1), help="At most so many; default: 1000, with --json all."),
    ] = None,
    as_json: AsLines = False,
) -> None:
    """List cases: those that are stuck first, then newest first."""
    from worker.cases.listing import case_lines, case_list

    wanted = _wanted(desk, state, user, since, open_only=open_only, stuck=stuck)
    most = {"limit": limit} if limit else {}
    (case_lines if as_json else case_list)(config, wanted, **most)


@case_app.command("export", epilog=example("case export > cases.jsonl"))
def case_export(config: Config = DEFAULT_CONFIG, _json: JsonAlone = True) -> None:
    """Print the record of every case, archived ones too, as JSON."""
    from worker.cases.listing import case_export as command

    command(config)


@case_app.command(
    "show",
    epilog=example("case show INC0010001", "case show INC0010001 --save package", one="--save found no file"),
)
def case_show(
    id: CaseId,
    config: Config = DEFAULT_CONFIG,
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Write its files, such as the package for Okta Support, into this new or empty folder.",
            file_okay=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show one case with its notes.

    Links, what was found and happened, every write, and the notes as they were written.
    """
    from worker.cases.page import case_show as command

    raise typer.Exit(command(config, id, as_json=as_json, save=save))


def _order(name: str, words: str, *examples: str) -> None:
    """Add the command of an order for one case, or for what filters find; the audit has the same name."""

    @case_app.command(name, help=words, epilog=example(*examples, one="not everything that was found was done"))
    def command(  # noqa: PLR0913, PLR0917  # the filters of a list
        by: By,
        why: Why,
        id: OneCase = None,
        config: Config = DEFAULT_CONFIG,
        stuck: Stuck = False,
        desk: OnDesk = None,
        state: InState = None,
        user: OfUser = None,
        since: Since = None,
        limit: AtMost = None,
        yes: Yes = False,
        as_json: AsJson = False,
    ) -> None:
        from worker.cases.orders import Given, ordered
        from workflows.model import Act

        wanted = _wanted(desk, state, user, since, open_only=True, stuck=stuck)
        given = Given(Act(name), by, why)
        raise typer.Exit(ordered(config, given, id, wanted, limit=limit, yes=yes, as_json=as_json))


_order(
    "retry",
    "Have open cases looked at again now.\n\nWhatever they wait for.",
    "case retry INC0010001 --by robin@example.com --why 'the mapping is mended'",
    "case retry --stuck --desk jira --by robin@example.com --why 'Jira is back'",
)
_order(
    "hand-over",
    "Hand open cases to people now, with what was found.",
    "case hand-over INC0010001 --by robin@example.com --why 'known outage'",
)
_order(
    "leave",
    "Stop working tickets now.\n\nOur assignment is taken off, and nothing else is written on them.",
    "case leave INC0010001 --by robin@example.com --why 'worked by hand'",
)
