"""The commands that set it up and check it."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.commandline.options import DEFAULT_CONFIG, AsJson, Config

ANSWERS = ("--store", "--okta-", "--on-behalf", "--servicenow-", "--jira-")


def _words(metavar: str, words: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(metavar=metavar, help=words)
    return option


def init(  # noqa: PLR0913, PLR0917  # an option for each answer; they are read from the context
    context: typer.Context,
    config: Config = DEFAULT_CONFIG,
    okta_url: Annotated[str | None, _words("URL", "The Okta org.")] = None,
    okta_token_file: Annotated[str | None, _words("FILE", "Holds a read-only administrator's API token.")] = None,
    okta_client_id: Annotated[str | None, _words("ID", "Of a service app, in place of a token.")] = None,
    okta_key_file: Annotated[str | None, _words("FILE", "Holds the service app's private key.")] = None,
    servicenow_url: Annotated[str | None, _words("URL", "The ServiceNow instance.")] = None,
    servicenow_user: Annotated[str | None, _words("NAME", "The account's user name.")] = None,
    servicenow_auth: Annotated[str | None, _words("WAY", "How it signs in; default: basic.")] = None,
    servicenow_password_file: Annotated[str | None, _words("FILE", "Holds its password.")] = None,
    servicenow_client_id: Annotated[str | None, _words("ID", "Of the OAuth client.")] = None,
    servicenow_client_secret_file: Annotated[str | None, _words("FILE", "Holds the OAuth client's secret.")] = None,
    servicenow_api_key_file: Annotated[str | None, _words("FILE", "Holds its API key.")] = None,
    servicenow_group: Annotated[str | None, _words("NAME", "The group that gets hand-overs.")] = None,
    servicenow_table: Annotated[
        list[str] | None, _words("TABLE", "A table to work; again for others. Default: those that can be read.")
    ] = None,
    servicenow_close_code: Annotated[str | None, _words("CODE", "Of incidents.")] = None,
    jira_url: Annotated[str | None, _words("URL", "The Jira site.")] = None,
    jira_browse_url: Annotated[str | None, _words("URL", "What people open, where the URL is a gateway.")] = None,
    jira_deployment: Annotated[str | None, _words("KIND", "cloud or datacenter; default: cloud.")] = None,
    jira_email: Annotated[str | None, _words("ADDRESS", "The account's address (Cloud).")] = None,
    jira_token_file: Annotated[str | None, _words("FILE", "Holds its API token.")] = None,
    jira_project: Annotated[list[str] | None, _words("KEY", "A project to work; again for others.")] = None,
    jira_resolution: Annotated[str | None, _words("NAME", "Of resolved tickets, or none.")] = None,
    jira_assignee: Annotated[str | None, _words("ACCOUNT", "Who gets hand-overs.")] = None,
    on_behalf: Annotated[
        list[str] | None,
        _words("GROUP", "Okta group whose members may file for others; again for more."),
    ] = None,
    store: Annotated[
        str | None,
        _words("FILE", "Keeps the cases, or a PostgreSQL URL. Default: forcesync.sqlite3 beside the settings."),
    ] = None,
    no_input: Annotated[bool, typer.Option("--no-input", help="Ask nothing: take the options alone.")] = False,
) -> None:
    """Write the first settings file, which only observes.

    Reads what Okta, ServiceNow and Jira offer and changes nothing there. Asks for what no option and no environment
    variable (FORCESYNC_OKTA__MAIN__TOKEN_FILE, ...) answers, and checks the file as `doctor` does. Secrets stay in
    their files. Leave out the desk that you do not have.
    """
    from worker.setup.command import init as command

    given = {option.opts[0]: context.params[str(option.name)] for option in context.command.params}
    flags = {
        flag: ",".join(answer) if isinstance(answer, list) else str(answer)
        for flag, answer in given.items()
        if flag.startswith(ANSWERS) and answer
    }
    raise typer.Exit(command(config, flags, asks=False if no_input else None))


def doctor(
    config: Config = DEFAULT_CONFIG,
    only: Annotated[
        str,
        typer.Option(
            "--only",
            metavar="PATTERN",
            help="Checks whose id fits, such as 'desks.*.tag', or begins so, such as okta.main.right.",
        ),
    ] = "",
    listed: Annotated[bool, typer.Option("--list", help="List the checks, and make none.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check settings, accounts, rights and names; change nothing.

    Ends within ten seconds, whatever hangs.
    """
    from worker.doctor.command import doctor as command

    raise typer.Exit(command(config, only=only, listed=listed, as_json=as_json))
