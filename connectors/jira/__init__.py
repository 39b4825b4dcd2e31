"""Jira Cloud, Jira Service Management and Jira Data Center as a desk, through the `jira` library."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connectors.jira.checks.survey import JiraSurvey
    from connectors.jira.desk import JiraDesk
    from connectors.jira.settings import FieldSettings, IssueTypeSettings, JiraSettings, ProjectSettings, StatusSettings
    from connectors.jira.writing.planning import texts_of

__all__ = [
    "FieldSettings",
    "IssueTypeSettings",
    "JiraDesk",
    "JiraSettings",
    "JiraSurvey",
    "ProjectSettings",
    "StatusSettings",
    "texts_of",
]
WHERE = {  # which module of the package has what; it is loaded when it is first asked for
    "FieldSettings": "settings",
    "IssueTypeSettings": "settings",
    "JiraDesk": "desk",
    "JiraSettings": "settings",
    "JiraSurvey": "checks.survey",
    "ProjectSettings": "settings",
    "StatusSettings": "settings",
    "texts_of": "writing.planning",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for, so that reading the settings does not load the product's client."""
    if name not in WHERE:
        raise AttributeError(f"{__name__} has no {name}")
    return getattr(import_module(f"{__name__}.{WHERE[name]}"), name)
