"""The settings of one Jira desk: a site's own names for statuses, fields and people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from connectors.http.settings import (
    NetworkSettings,
    Secret,
    Url,
    address,
    in_a_header,
    matching,
    needed,
    of,
    read_apart,
    whole,
)
from workflows.model import Move, Route

PROJECT_KEY = re.compile(r"[A-Z][A-Z0-9_]+")
FieldId = Annotated[
    str, matching(r"customfield_[0-9]+|[a-z][A-Za-z]*", "a field's id, such as customfield_10010, not its name")
]
WHERE = "token"
GATEWAY = "/ex/jira/"  # part of the URL that scoped tokens need: https://api.atlassian.com/ex/jira/{cloudId}


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StatusSettings(_Settings):
    """The site's status for each move; one that is set here must be reachable, others are found by default names."""

    claimed: str | None = None
    asked: str | None = None
    resumed: str | None = None
    escalated: str | None = None
    resolved: str | None = None
    advised: str | None = None

    def named(self, move: Move) -> str | None:
        """Return the configured status of a move, if there is one."""
        move = Move.RESOLVED if move is Move.UNCONFIRMED else move
        value: str | None = getattr(self, move.value, None)
        return value


class FieldSettings(_Settings):
    """The ids of the form fields for the affected user, the attribute and the expected value."""

    user: FieldId | None = None
    attribute: FieldId | None = None
    expected: FieldId | None = None

    @field_validator("attribute", "expected")
    @classmethod
    def _apart(cls, given: str | None, info: ValidationInfo) -> str | None:
        read_apart(given, info.data)
        return given

    def ids(self) -> dict[str, str]:
        """Return the field ids by our own names for them."""
        named = {"user": self.user, "attribute": self.attribute, "expected": self.expected}
        return {name: field for name, field in named.items() if field}


class RouteSettings(_Settings):
    """The assignee, status (such as `Pending`; it must be reachable) and priority of a hand-over on one route."""

    assignee: str | None = None
    status: str | None = None
    priority: str | None = None


class IssueTypeSettings(_Settings):
    """The settings in which an issue type differs from its project."""

    statuses: StatusSettings | None = None
    resolution: str | None = None
    unconfirmed_resolution: str | None = None
    fields: FieldSettings | None = None


class ProjectSettings(_Settings):
    """One project. A `service_desk` project (Jira Service Management) has internal and public comments.

    An empty `resolution` means that the project uses none; `unconfirmed_resolution` replaces it where the requester
    confirmed nothing. `escalation_assignee`, `routes` and `fields` override the
    desk's. If `issue_types` names any, issues of other types are ignored. The same goes for `request_types` (by name,
    read from `request_type_field`), which only service projects have.
    """

    kind: Literal["service_desk", "software"] = "service_desk"
    service_desk_id: Annotated[str, matching(r"[0-9]+", 'a number, such as "1"')] | None = None
    statuses: StatusSettings = StatusSettings()
    resolution: str = "Done"
    unconfirmed_resolution: str = ""
    escalation_assignee: str | None = None
    fields: FieldSettings | None = None
    issue_types: Mapping[str, IssueTypeSettings] = Field(default_factory=dict)
    request_types: tuple[str, ...] = ()
    routes: Mapping[Route, RouteSettings] | None = None
    request_type_field: FieldId = "customfield_10010"  # Cloud's "Request Type"; a Data Center site has its own number

    @field_validator("request_types")
    @classmethod
    def _of_a_service_desk(cls, given: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if given and info.data.get("kind") == "software":
            raise ValueError("only service projects have request types")
        return given

    @property
    def is_service_desk(self) -> bool:
        """Say whether the project has internal and public comments."""
        return self.kind == "service_desk"

    def of_type(self, issue_type: str) -> ProjectSettings:
        """Return the settings for the issues of one type."""
        own = self.issue_types.get(issue_type)
        changes = {name: value for name, value in own or () if value is not None}
        return self.model_copy(update=changes) if changes else self


class JiraSettings(NetworkSettings):
    """One Jira site. `token` is an API token (Cloud, with `email`), or a Data Center token or password.

    `auth` is how the token is sent: `basic`, with `email` (Cloud) or the user name (Data Center), or `bearer`; the
    default is `basic` on Cloud and `bearer` on Data Center. Scoped tokens of Cloud need the gateway as `url`, and
    `browse_url` for the address that people open. `links` maps the words of a link to an open issue, as the ticket
    shows them, to a relation ("duplicates" = "child"). `marker` is where a comment carries its marker. When
    `sla_percent` of the SLA named `sla` is used, a person takes over; 0 means never. `escalation_assignee` is an
    account id (Cloud), a user name (Data Center) or an e-mail address. Timeouts are in seconds.
    """

    url: Url
    browse_url: Url | None = Field(default=None, validate_default=True)
    deployment: Literal["cloud", "datacenter"] = "cloud"
    auth: Literal["basic", "bearer"] | None = None
    email: str = Field(default="", validate_default=True)
    token: Secret
    label: Annotated[str, matching(r"[^\s\"\\]+", "a label, without blanks and quotes")] = "profile-not-updating"
    attach_diagnostics: bool = True
    projects: Mapping[str, ProjectSettings] = Field(min_length=1)
    escalation_assignee: str | None = None
    routes: Mapping[Route, RouteSettings] = Field(default_factory=dict)
    fields: FieldSettings = FieldSettings()
    links: Mapping[str, Literal["child", "parent", "major_incident", "problem", "change"]] = Field(default_factory=dict)
    link_type: str = "Relates"
    sla: str = "Time to resolution"
    sla_percent: Annotated[float, Field(ge=0, le=100)] = 70.0
    marker: Literal["property", "text"] = "property"
    page_size: Annotated[int, Field(ge=1, le=100)] = 100
    connect_timeout: Annotated[float, Field(gt=0)] = 5.0
    read_timeout: Annotated[float, Field(gt=0)] = 30.0

    @field_validator("browse_url")
    @classmethod
    def _can_be_opened(cls, given: str | None, info: ValidationInfo) -> str | None:
        if GATEWAY in info.data.get("url", "") and not given:
            raise ValueError("needed where `url` is the gateway, which people cannot open")
        return given

    @field_validator("email")
    @classmethod
    def _is_a_user(cls, given: str, info: ValidationInfo) -> str:
        if not {"deployment", "auth"} <= info.data.keys() or _sends_bearer(info.data):
            return given
        if info.data["deployment"] == "cloud" and "@" not in given:
            raise ValueError("Jira Cloud needs the e-mail address that the API token belongs to")
        if not given:
            raise ValueError("auth `basic` needs the user's name here")
        return given

    @field_validator("token")
    @classmethod
    def _sendable(cls, given: SecretStr, info: ValidationInfo) -> SecretStr:
        """Allow a Data Center user's password, which is encoded, any letter; the rest are tokens."""
        needed(given, WHERE, "signing in needs it")
        is_password = info.data.get("deployment") != "cloud" and info.data.get("auth") == "basic"
        return given if is_password else in_a_header(given)

    @field_validator("projects", mode="wrap")
    @classmethod
    def _can_be_worked(cls, given: object, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        attaches = info.data.get("attach_diagnostics", False)
        return whole(given, handler, _faults_of_projects(given, attaches=attaches))

    @property
    def is_cloud(self) -> bool:
        """Say whether the site is Jira Cloud."""
        return self.deployment == "cloud"

    @property
    def sends_bearer(self) -> bool:
        """Say whether the token is sent alone, without a user name."""
        return _sends_bearer({"auth": self.auth, "deployment": self.deployment})

    @property
    def seen_at(self) -> str:
        """Return the address that people open."""
        return (self.browse_url or self.url).rstrip("/")

    @property
    def claims(self) -> frozenset[str]:
        """Return what a desk claims the tickets of, as people read it; desks that share some claim the same tickets."""
        site = address(self.seen_at)
        return frozenset(f"project {key} with the label {self.label!r} at {site}" for key in self.projects)

    def form_fields(self, project: ProjectSettings) -> FieldSettings:
        """Return the form fields of a project."""
        return project.fields or self.fields

    def every_form(self) -> Mapping[str, FieldSettings]:
        """Return all sets of form fields by their settings key."""
        forms = {"fields": self.fields}
        for key, project in self.projects.items():
            forms |= {f"projects.{key}.fields": project.fields} if project.fields else {}
            for name, of_type in project.issue_types.items():
                forms |= {f"projects.{key}.issue_types.{name}.fields": of_type.fields} if of_type.fields else {}
        return forms

    def routes_of(self, project: str) -> Mapping[Route, RouteSettings]:
        """Return the routes of a project's tickets."""
        own = self.projects[project].routes
        return self.routes if own is None else own

    def place_of_route(self, project: str, route: Route) -> str:
        """Return the settings key of a route of a project's tickets."""
        own = "" if self.projects[project].routes is None else f"projects.{project}."
        return f"{own}routes.{route.value}"

    def escalation_of(self, project: str, route: Route | None = None) -> str | None:
        """Return the configured assignee of a project's hand-overs, on a route or in general."""
        own = self.routes_of(project).get(route) if route else None
        return (own and own.assignee) or self.projects[project].escalation_assignee or self.escalation_assignee

    def assignees(self) -> Mapping[str, str]:
        """Return everybody to whom tickets may be handed over, by settings key."""
        found = {"escalation_assignee": self.escalation_assignee} | _of_routes("", self.routes)
        for key, project in self.projects.items():
            found[f"projects.{key}.escalation_assignee"] = project.escalation_assignee
            found |= _of_routes(f"projects.{key}.", project.routes or {})
        return {place: name for place, name in found.items() if name}


def _sends_bearer(given: Mapping[str, Any]) -> bool:
    return given["auth"] == "bearer" or (given["auth"] is None and given["deployment"] != "cloud")


def _faults_of_projects(projects: object, *, attaches: bool) -> Iterator[str]:
    """Yield what is wrong with projects beside their own values, each with its key."""
    for key, project in projects.items() if isinstance(projects, Mapping) else ():
        if not PROJECT_KEY.fullmatch(key):
            yield f"{key}: allowed: a project's key, in capital letters and digits, such as SUP"
        if attaches and of(project, "kind", "service_desk") == "service_desk" and not of(project, "service_desk_id"):
            yield (
                f"{key}.service_desk_id: needed to attach files where customers do not see them; set it, or "
                "attach_diagnostics = false; or kind = 'software' if it is no service project"
            )


def _of_routes(place: str, routes: Mapping[Route, RouteSettings]) -> dict[str, str | None]:
    return {f"{place}routes.{route.value}.assignee": own.assignee for route, own in routes.items()}
