"""Asks for a Jira site and its account, and reads its projects and resolutions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from worker import wiring
from worker.settings.faults import explain
from worker.setup.asking import Asking, Check, Question, fits
from worker.setup.file import Table
from worker.setup.forms import tables_of, told
from workflows.errors import FarSideError, Misconfigured
from workflows.ports import Clock, Form

PATH = ("desks", "jira")
GATEWAY = "/ex/jira/"  # of scoped tokens: https://api.atlassian.com/ex/jira/{cloudId}
URL = Question(
    (*PATH, "url"),
    "--jira-url",
    "URL of the site, such as https://example.atlassian.net (Enter: no Jira)",
    optional=True,
)
BROWSE = Question((*PATH, "browse_url"), "--jira-browse-url", "Address that people open, as the URL is the gateway's")
DEPLOYMENT = Question((*PATH, "deployment"), "--jira-deployment", "Kind of site: cloud or datacenter", default="cloud")
EMAIL = Question((*PATH, "email"), "--jira-email", "E-mail address of forcesync's account")
TOKEN = Question((*PATH, "token"), "--jira-token-file", "API token of the account, or its personal access token")
PROJECTS = Question((*PATH, "projects"), "--jira-project", "Projects to work, by key, commas between them")
RESOLUTION = Question((*PATH, "projects", "resolution"), "--jira-resolution", "Resolution of resolved tickets")
ASSIGNEE = Question(
    (*PATH, "escalation_assignee"),
    "--jira-assignee",
    "Who gets what forcesync hands over: address, account id or user name (Enter: nobody)",
    optional=True,
)
USUAL_RESOLUTION = "Done"
NO_RESOLUTION = "none"


class Project(Protocol):
    """A project that the account may browse."""

    @property
    def key(self) -> str:
        """Its key."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def kind(self) -> str:
        """`service_desk` or `software`."""

    @property
    def service_desk_id(self) -> str:
        """The id of its service desk, "" if the account sees none."""


class Site(Protocol):
    """What a site offers to an account."""

    def identity(self) -> str:
        """Prove the credential."""

    def projects(self) -> Sequence[Project]:
        """Return the projects that the account may browse."""

    def resolutions(self) -> list[str]:
        """Return the names of the resolutions."""

    def forms(self, service_desk_id: str) -> Sequence[Form]:
        """Return what the request types of a service desk ask for."""

    def find_assignee(self, wanted: str) -> None:
        """Find the one account that is meant, or raise `Misconfigured`."""


def needed(asking: Asking) -> list[Question]:
    """Return what has to be answered if there is a Jira."""
    url = asking.given(URL)
    cloud = (asking.given(DEPLOYMENT) or DEPLOYMENT.default) == DEPLOYMENT.default
    return [URL, *([BROWSE] if GATEWAY in url else []), *([EMAIL] if cloud else []), TOKEN] if url else []


def ask_for_jira(asking: Asking, clock: Clock) -> list[Table]:
    """Return the desk's settings; none if there is no Jira."""
    model = wiring.desk_models()[PATH[-1]]
    asking.say("\nJira")
    found = _connected(asking, clock, model)
    if found is None:
        return []
    site, values = found
    projects = {item.key: item for item in site.projects()}
    chosen = _chosen(asking, projects)
    resolution = _resolution(asking, site)
    if assignee := asking.text(ASSIGNEE, _account_of(site)):
        values["escalation_assignee"] = assignee
    forms, closed = _forms(asking, site, [projects[key] for key in chosen])
    fields = tables_of(PATH, forms)
    for table in fields:
        asking.say(told(table))
    tables = [Table(PATH, {"kind": PATH[-1], **values}), *fields]
    for key in chosen:
        own = {"kind": projects[key].kind}
        own |= {"service_desk_id": projects[key].service_desk_id} if projects[key].kind == "service_desk" else {}
        own |= {} if resolution == USUAL_RESOLUTION else {"resolution": resolution}
        notes = (projects[key].name, *([f"Its forms were not read: {closed[key]}"] if key in closed else []))
        tables.append(Table((*PATH, "projects", key), own, notes))
    return tables


def _forms(
    asking: Asking, site: Site, chosen: Sequence[Project]
) -> tuple[dict[str, Sequence[Form]], Mapping[str, str]]:
    """Return the forms of the projects' requests, and why those of others could not be read."""
    forms: dict[str, Sequence[Form]] = {}
    closed: dict[str, str] = {}
    for project in chosen:
        if not project.service_desk_id:
            continue
        try:
            forms[project.key] = site.forms(project.service_desk_id)
        except FarSideError as error:
            closed[project.key] = error.detail
            asking.say(f"  the forms of {project.key} were not read: {error.detail}")
    return forms, closed


def _connected(asking: Asking, clock: Clock, model: type[BaseModel]) -> tuple[Site, dict[str, Any]] | None:
    """Ask for the account until it can sign in."""
    survey = wiring.survey_of(PATH[-1])
    while url := asking.text(URL, fits(model, URL.key)):
        values: dict[str, Any] = {"url": url}
        if GATEWAY in url:
            values["browse_url"] = asking.text(BROWSE, fits(model, BROWSE.key))
        deployment = asking.text(DEPLOYMENT, fits(model, DEPLOYMENT.key))
        if deployment == DEPLOYMENT.default:
            values["email"] = asking.text(EMAIL)
        else:
            values["deployment"] = deployment
        values["token"] = asking.secret(TOKEN)
        asked = (URL, DEPLOYMENT, EMAIL, TOKEN)
        asking.say("  connecting ...")
        try:
            site: Site = survey(PATH[-1], values | asking.held_of(PATH), clock=clock)
            who = site.identity()
        except ValidationError as error:
            asking.refused(asked, explain(error, "the answer", model, PATH))
        except FarSideError as error:
            asking.refused(asked, str(error))
        else:
            asking.say(f"  connected as {who}")
            return site, values
    return None


def _chosen(asking: Asking, projects: Mapping[str, Project]) -> list[str]:
    known = {key: f"{item.name}, {item.kind}" for key, item in projects.items()}
    only = next(iter(known), "") if len(known) == 1 else ""
    while True:
        chosen = asking.choices(PROJECTS._replace(default=only), known, several=True)
        hidden = [key for key in chosen if projects[key].kind == "service_desk" and not projects[key].service_desk_id]
        if not hidden:
            return chosen
        asking.refused(
            (PROJECTS,), f"the account sees no service desk of {hidden[0]}: give it an agent's licence for the project"
        )


def _resolution(asking: Asking, site: Site) -> str:
    known = dict.fromkeys([*site.resolutions(), NO_RESOLUTION], "")
    question = RESOLUTION._replace(default=USUAL_RESOLUTION if USUAL_RESOLUTION in known else "")
    (chosen,) = asking.choices(question, known)
    return "" if chosen == NO_RESOLUTION else chosen


def _account_of(site: Site) -> Check:
    def check(answer: str) -> str:
        try:
            site.find_assignee(answer)
        except Misconfigured as error:
            return error.detail
        return ""

    return check
