"""The projects of the simulated Jira: statuses, transitions, screens, fields and resolutions.

A service project and a software project as sites set them up, and a service project with custom names throughout. The
names and screens are the sandbox's choice, the behaviour is Jira's
(https://developer.atlassian.com/cloud/jira/platform/rest/v2/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

LABEL = "profile-not-updating"
CATEGORIES = {
    "new": {"id": 2, "key": "new", "colorName": "blue-gray", "name": "To Do"},
    "indeterminate": {"id": 4, "key": "indeterminate", "colorName": "yellow", "name": "In Progress"},
    "done": {"id": 3, "key": "done", "colorName": "green", "name": "Done"},
}
RESOLUTIONS = {"10000": "Done", "10001": "Won't Do", "10002": "Duplicate", "10003": "Cannot Reproduce"}
RESOLUTIONS |= {"10100": "Profile corrected"}
PRIORITIES = {"1": "Highest", "2": "High", "3": "Medium", "4": "Low", "5": "Lowest"}
LINK_TYPES = (  # id, name, inward, outward
    ("10000", "Blocks", "is blocked by", "blocks"),
    ("10003", "Relates", "relates to", "relates to"),
)
ROLES = frozenset({"Administrators", "Service Desk Team", "Service Desk Customers"})
GROUPS = frozenset({"jira-servicemanagement-users", "jira-software-users"})
WORDS: dict[str, dict[str, str]] = {  # names in a profile's language; ids and keys stay
    "en": {},
    "de": {
        "Open": "Offen",
        "To Do": "Zu erledigen",
        "In Progress": "In Arbeit",
        "Waiting for customer": "Warten auf Kunden",
        "Waiting for support": "Warten auf Support",
        "Escalated": "Eskaliert",
        "Resolved": "Erledigt",
        "Closed": "Geschlossen",
        "Done": "Fertig",
        "Start work": "Arbeit beginnen",
        "Resolve this issue": "Vorgang lösen",
        "Won't Do": "Wird nicht erledigt",
    },
}
FIELDS = {
    "customfield_10051": "Affected user",
    "customfield_10052": "Attribute",
    "customfield_10053": "Expected value",
    "customfield_10010": "Request Type",
    "customfield_10151": "Person concerned",
    "customfield_10152": "Profile attribute",
    "customfield_10153": "Correct value",
}
KINDS: dict[str, Literal["request_type", "person", "option"]] = {  # fields that are not plain text
    "customfield_10010": "request_type",
    "customfield_10151": "person",
    "customfield_10152": "option",
}
# Every SLA is a field of this type with the SLA's name, as several public integrations read it.
SLA_KIND = "com.atlassian.servicedesk:sd-sla-field"
TYPES = {"request_type": "sd-customerrequesttype", "person": "user", "option": "option"}  # in a field's schema
SLA_FIELDS = {"customfield_10060": "Time to resolution", "customfield_10061": "Time to first response"}
REQUEST_TYPE = "customfield_10010"  # as on Cloud
NEUTRAL_FIELDS = {
    "user": "customfield_10051",
    "attribute": "customfield_10052",
    "expected": "customfield_10053",
}


@dataclass(frozen=True)
class Status:
    """A status and its category."""

    id: str
    name: str
    category: str
    on_hold: bool = False

    @property
    def control_category(self) -> str:
        """Return the category in the control server's words."""
        if self.on_hold:
            return "on_hold"
        return {"new": "new", "indeterminate": "in_progress", "done": "done"}[self.category]


@dataclass(frozen=True)
class Transition:
    """A transition into a status; with `resolution_screen`, its screen requires the resolution."""

    id: str
    name: str
    to: str
    resolution_screen: bool = False
    resolves_by_itself: str | None = None
    for_customers: bool = False  # shown on the portal


@dataclass(frozen=True)
class Project:
    """A project with its workflow: every status offers every transition to another one."""

    id: str
    key: str
    name: str
    service_desk_id: str | None
    issue_type: str
    statuses: tuple[Status, ...]
    transitions: tuple[Transition, ...]
    request_type: str | None = None  # the default of its requests
    request_types: tuple[str, ...] = ()  # on its portal
    form: str | None = None  # the request type that asks for the fields
    fields: Mapping[str, str] = field(default_factory=lambda: NEUTRAL_FIELDS)  # by neutral name
    waits_for_us: str = "Waiting for support"  # to which the automations move a request after a reply
    waits_for_customer: str = "Waiting for customer"

    def status(self, name: str) -> Status:
        """Return a status by name, ignoring case; `ValueError` lists the existing ones."""
        for status in self.statuses:
            if status.name.casefold() == name.casefold():
                return status
        known = ", ".join(status.name for status in self.statuses)
        raise ValueError(f"status: found {name!r}; {self.key} has: {known}")


SUPPORT = Project(
    id="10000",
    key="SUP",
    name="Support",
    service_desk_id="1",
    issue_type="Service Request",
    statuses=(
        Status("10001", "Open", "new"),
        Status("3", "In Progress", "indeterminate"),
        Status("10002", "Waiting for customer", "indeterminate", on_hold=True),
        Status("10003", "Escalated", "indeterminate"),
        Status("10004", "Waiting for support", "indeterminate"),
        Status("5", "Resolved", "done"),
        Status("6", "Closed", "done"),
    ),
    transitions=(
        Transition("11", "Back to open", "Open"),
        Transition("21", "Start work", "In Progress"),
        Transition("31", "Respond to customer", "Waiting for customer"),
        Transition("41", "Escalate this issue", "Escalated", for_customers=True),
        Transition("51", "Resolve this issue", "Resolved", resolution_screen=True),
        Transition("61", "Close", "Closed", resolution_screen=True),
        Transition("71", "Respond to support", "Waiting for support"),
    ),
    request_types=("Get IT help", "Update my profile"),
    form="Update my profile",
)
ENGINEERING = Project(
    id="10001",
    key="ENG",
    name="Engineering",
    service_desk_id=None,
    issue_type="Task",
    statuses=(
        Status("10010", "To Do", "new"),
        Status("10011", "In Progress", "indeterminate"),
        Status("10012", "Done", "done"),
    ),
    transitions=(
        Transition("11", "To Do", "To Do"),
        Transition("21", "In Progress", "In Progress"),
        Transition("31", "Done", "Done", resolves_by_itself="Done"),
    ),
)
IDENTITY = Project(
    id="10002",
    key="IDM",
    name="Identity",
    service_desk_id="2",
    issue_type="Profile correction",
    statuses=(
        Status("10020", "Intake", "new"),
        Status("10021", "Under analysis", "indeterminate"),
        Status("10022", "Requester to answer", "indeterminate", on_hold=True),
        Status("10023", "With specialists", "indeterminate"),
        Status("10024", "Put right", "done"),
    ),
    transitions=(
        Transition("11", "Back to intake", "Intake"),
        Transition("21", "Analyse", "Under analysis"),
        Transition("31", "Ask the requester", "Requester to answer"),
        Transition("41", "Call in specialists", "With specialists"),
        Transition("51", "Mark as put right", "Put right", resolution_screen=True),
    ),
    request_type="Correct my profile",
    request_types=("Correct my profile", "Ask something else"),
    form="Correct my profile",
    fields={"user": "customfield_10151", "attribute": "customfield_10152", "expected": "customfield_10153"},
    waits_for_us="Under analysis",
    waits_for_customer="Requester to answer",
)
PROJECTS = {project.key: project for project in (SUPPORT, ENGINEERING, IDENTITY)}


def schema(id: str) -> dict[str, Any]:
    """Return what Jira tells of the type of a custom field."""
    number = int(id.removeprefix("customfield_"))
    kind = {"type": TYPES.get(KINDS.get(id, ""), "string"), "custom": "com.atlassian.jira.plugin:textfield"}
    if id in SLA_FIELDS:
        kind = {"type": "sd-servicelevelagreement", "custom": SLA_KIND}
    return kind | {"customId": number}
