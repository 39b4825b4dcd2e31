"""Jira Cloud, Jira Service Management and Jira Data Center as a desk.

Import it late: it loads the `jira` library.
"""

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
