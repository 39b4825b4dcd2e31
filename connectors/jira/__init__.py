"""Jira Cloud, Jira Service Management and Jira Data Center as a desk.

Import it late: it loads the `jira` library.
"""

from connectors.jira.desk import JiraDesk
from connectors.jira.planning import texts_of
from connectors.jira.settings import FieldSettings, IssueTypeSettings, JiraSettings, ProjectSettings, StatusSettings
from connectors.jira.survey import JiraSurvey

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
