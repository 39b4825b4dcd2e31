"""The settings of one Jira desk, so that a site's own names for statuses, fields and people live in one place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from workflows.model import Move

PROJECT_KEY = re.compile(r"[A-Z][A-Z0-9_]+")
CustomField = Annotated[str, Field(pattern=r"^customfield_[0-9]+$")]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StatusSettings(_Settings):
    """The site's status for each move; one that is named here must be reachable, an unnamed one is looked for."""

    claimed: str | None = None
    asked: str | None = None
    resumed: str | None = None
    escalated: str | None = None
    resolved: str | None = None
    advised: str | None = None

    def named(self, move: Move) -> str | None:
        """Return the status that the settings name for a move, if they do."""
        value: str | None = getattr(self, move.value, None)
        return value


class ProjectSettings(_Settings):
    """One project: `kind` tells whether comments have an internal and a public side (Jira Service Management).

    An empty `resolution` stands for a project that uses none. `escalation_assignee` overrides the desk's.
    """

    kind: Literal["service_desk", "software"] = "service_desk"
    service_desk_id: Annotated[str, Field(pattern=r"^[0-9]+$")] | None = None
    statuses: StatusSettings = StatusSettings()
    resolution: str = "Done"
    escalation_assignee: str | None = None

    @property
    def is_service_desk(self) -> bool:
        """Say whether the project's comments are either internal or public."""
        return self.kind == "service_desk"


class FieldSettings(_Settings):
    """The custom fields in which a form states the affected user, the attribute and the expected value."""

    user: CustomField | None = None
    attribute: CustomField | None = None
    expected: CustomField | None = None

    def ids(self) -> dict[str, str]:
        """Return the custom field ids by our own names."""
        named = {"user": self.user, "attribute": self.attribute, "expected": self.expected}
        return {name: field for name, field in named.items() if field}


class JiraSettings(_Settings):
    """One Jira site. `token` is an API token (Cloud, with `email`) or a personal access token (Data Center).

    `escalation_assignee` is an account id (Cloud), a user name (Data Center) or an e-mail address. Timeouts are
    seconds.
    """

    url: str
    deployment: Literal["cloud", "datacenter"] = "cloud"
    email: str = ""
    token: SecretStr
    label: Annotated[str, Field(pattern=r"^[^\s\"\\]+$")] = "profile-not-updating"
    projects: Mapping[str, ProjectSettings] = Field(min_length=1)
    escalation_assignee: str | None = None
    fields: FieldSettings = FieldSettings()
    attach_diagnostics: bool = True
    page_size: Annotated[int, Field(ge=1, le=100)] = 100
    connect_timeout: Annotated[float, Field(gt=0)] = 5.0
    read_timeout: Annotated[float, Field(gt=0)] = 30.0
    ca_bundle: str | None = None

    @property
    def is_cloud(self) -> bool:
        """Say whether the site is Jira Cloud."""
        return self.deployment == "cloud"

    def escalation_of(self, project: str) -> str | None:
        """Return to whom a project's tickets are handed, as the settings write it."""
        return self.projects[project].escalation_assignee or self.escalation_assignee

    @model_validator(mode="after")
    def _consistent(self) -> JiraSettings:
        if self.is_cloud and "@" not in self.email:
            raise ValueError("email: Jira Cloud needs the e-mail address that the API token belongs to")
        for key, project in self.projects.items():
            if not PROJECT_KEY.fullmatch(key):
                raise ValueError(f"projects: {key!r} is not a project key (capital letters, digits, such as SUP)")
            if project.is_service_desk and self.attach_diagnostics and not project.service_desk_id:
                raise ValueError(
                    f"projects.{key}.service_desk_id: needed to attach files where customers do not see them; "
                    "set it, or set attach_diagnostics to false"
                )
        return self
