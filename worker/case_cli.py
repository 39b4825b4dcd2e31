"""The commands about cases. Each imports what it needs itself, as those of `cli` do."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.options import DEFAULT_CONFIG, HELP, By, CaseId, Config, Why, example, whole

case_app = typer.Typer(
    help="Inspect cases; have one retried, handed over or left alone.",
    context_settings=HELP,
    rich_markup_mode=None,
    no_args_is_help=True,
)


@case_app.command("list", epilog=example("case list --stuck", "case list --desk servicenow --since 30d --json"))
def case_list(  # noqa: PLR0913, PLR0917  # the filters of one list
    config: Config = DEFAULT_CONFIG,
    open_only: Annotated[bool, typer.Option("--open", help="Only cases that have not ended.")] = False,
    stuck: Annotated[
        bool, typer.Option("--stuck", help="Only cases that have waited longer than their state should.")
    ] = False,
    desk: Annotated[str | None, typer.Option(metavar="NAME", help="Only this desk's.")] = None,
    state: Annotated[str | None, typer.Option(metavar="STATE", help="Only those in this state.")] = None,
    user: Annotated[str | None, typer.Option(metavar="LOGIN", help="Only those about or of this user.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Only those opened since: 90m, 12h, 30d, 4w, or 2026-03-01.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", parser=whole(1), help="At most so many; default: 1000, with --json all."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON lines, including archived cases.")] = False,
) -> None:
    """List cases: those that are stuck first, then newest first."""
    from datetime import UTC, datetime

    from worker.commands.cases import case_lines, case_list
    from worker.commands.choosing import Wanted, moment_of

    opened = moment_of(since, datetime.now(UTC)) if since else None
    wanted = Wanted(open_only=open_only, desk=desk, state=state, user=user, since=opened, stuck=stuck)
    most = {"limit": limit} if limit else {}
    (case_lines if as_json else case_list)(config, wanted, **most)


@case_app.command("export", epilog=example("case export > cases.jsonl"))
def case_export(config: Config = DEFAULT_CONFIG) -> None:
    """Print the record of every case, archived ones too, as JSON."""
    from worker.commands.cases import case_export as command

    command(config)


@case_app.command("show", epilog=example("case show INC0010001"))
def case_show(
    id: CaseId,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Show one case: what was asked, found and written."""
    from worker.commands.cases import case_show as command

    command(config, id)


@case_app.command("retry", epilog=example("case retry INC0010001 --by robin@example.com --why 'the mapping is mended'"))
def case_retry(id: CaseId, by: By, why: Why, config: Config = DEFAULT_CONFIG) -> None:
    """Have an open case looked at again at once."""
    from worker.everyday.orders import retry as command

    command(config, id, by=by, why=why)


@case_app.command("hand-over", epilog=example("case hand-over INC0010001 --by robin@example.com --why 'known outage'"))
def case_hand_over(id: CaseId, by: By, why: Why, config: Config = DEFAULT_CONFIG) -> None:
    """Hand an open case to a person now, with what was found."""
    from worker.everyday.orders import order
    from workflows.model import Act

    order(config, id, Act.HAND_OVER, by=by, why=why)


@case_app.command("leave", epilog=example("case leave INC0010001 --by robin@example.com --why 'worked by hand'"))
def case_leave(id: CaseId, by: By, why: Why, config: Config = DEFAULT_CONFIG) -> None:
    """Stop working a ticket now.

    Our assignment is taken off, and nothing else is written on it.
    """
    from worker.everyday.orders import order
    from workflows.model import Act

    order(config, id, Act.LEAVE, by=by, why=why)
