"""What the settings name of Jira Service Management: service desks, request types and the SLA that counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from connectors.jira.client import JiraClient
from connectors.jira.named import hold
from connectors.jira.settings import JiraSettings
from connectors.jira.shapes import an_object
from workflows.errors import Misconfigured, Refused
from workflows.values.near_names import instead

SLA_FIELD = "com.atlassian.servicedesk:sd-sla-field"


def check_portal(client: JiraClient, settings: JiraSettings) -> None:
    """Raise `Misconfigured` for the first name that the site's service desks do not bear out.

    The names of request types are read on every issue without the portal, so nothing stops where only these are set and
    the account may not list service desks or their request types.
    """
    projects = {key: project for key, project in settings.projects.items() if project.is_service_desk}
    named = [key for key, project in projects.items() if project.service_desk_id or project.request_types]
    if named:
        with _held_unless_refused(client, only_types=not any(projects[key].service_desk_id for key in named)):
            listed = client.service_desks("check the service desks")
            desks = {str(desk.get("projectKey")): str(desk.get("id")) for desk in listed}
            for key in named:
                with _held_unless_refused(client, only_types=not projects[key].service_desk_id):
                    _service_desk(client, settings, key, desks)
    if projects and settings.sla_percent:
        _sla(client, settings)


@contextmanager
def _held_unless_refused(client: JiraClient, *, only_types: bool) -> Iterator[None]:
    """Say that request types are not held against the site where it refuses to tell them and nothing else is asked."""
    try:
        yield
    except Refused as error:
        if not only_types:
            raise
        log = structlog.get_logger("forcesync.jira")
        log.warning("request types are not held against the settings", system=client.system, text=error.detail)


def _service_desk(client: JiraClient, settings: JiraSettings, key: str, desks: dict[str, str]) -> None:
    """Hold the service desk's id against the project's: files would be uploaded to another one."""
    project, operation = settings.projects[key], "check the service desks"
    own = desks.get(key)
    if own is None:
        place = f"projects.{key}.{'service_desk_id' if project.service_desk_id else 'request_types'}"
        detail = f"{place}: the account sees no service desk of project {key}; it sees those of: "
        raise Misconfigured(client.system, operation, detail + (", ".join(sorted(desks)) or "none"))
    if project.service_desk_id not in (None, own):
        detail = f"projects.{key}.service_desk_id: found {project.service_desk_id!r}; that of project {key} is {own!r}"
        raise Misconfigured(client.system, operation, detail)
    if project.request_types:
        operation = f"check the request types of project {key}"
        found = [str(item.get("name")) for item in client.request_types(operation, own)]
        wanted = [(f"projects.{key}.request_types", name) for name in project.request_types]
        hold(client, operation, wanted, found, "the service desk has no request type")


def _sla(client: JiraClient, settings: JiraSettings) -> None:
    """Hold the SLA's name against the fields that Jira keeps SLAs in, each of which has the name of its SLA (inferred).

    A name that nobody has set may be missing: the site then need not have SLAs at all, which is only said.
    """
    operation = "check the SLAs"
    fields = client.read_list(operation, "field")
    slas = [field for field in fields if an_object(field.get("schema")).get("custom") == SLA_FIELD]
    known = sorted({str(sla[name]) for sla in slas for name in ("name", "untranslatedName") if sla.get(name)})
    if settings.sla in known:
        return
    missing = f"the site has no SLA {settings.sla!r}{instead(settings.sla, known)}"
    if "sla" in settings.model_fields_set:
        raise Misconfigured(client.system, operation, f"sla: {missing}")
    structlog.get_logger("forcesync.jira").warning("SLAs are not looked at", system=client.system, text=missing)
