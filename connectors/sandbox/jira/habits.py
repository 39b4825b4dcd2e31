"""Where Jira sites differ or misbehave; each default is what most sites have.

Tests and scenarios change them on the running site (`JiraState.habits`). Comments give the report of each habit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Refusal = Literal["anonymous", "unauthorized", "captcha"]


@dataclass
class Habits:
    """The switches of one site."""

    # A refused credential: its caller becomes anonymous (https://github.com/MrRefactoring/jira.js/issues/418), gets a
    # 401, or meets Data Center's CAPTCHA (https://github.com/pycontribs/jira/issues/808). None: by deployment.
    refusal: Refusal | None = None
    scopes: set[str] = field(
        default_factory=lambda: {
            "read:jira-work",
            "write:jira-work",
            "read:jira-user",
            "read:servicedesk-request",
            "write:servicedesk-request",
        }
    )  # of the scoped token
    denied: set[str] = field(default_factory=set)  # permission keys that the worker lacks
    zone: str = "Europe/Berlin"  # of the worker's profile; applies to times in JSON and dates in JQL
    hides_emails: bool = False  # users hide their e-mail address: the field is missing
    language: Literal["en", "de"] = "en"  # of the names of statuses, transitions and resolutions

    # The built-in rules "Comment updates reply status" and "Comment reopens issue":
    # https://confluence.atlassian.com/servicedeskcloud/automating-your-service-desk-732528900
    agent_reply_waits: bool = False
    agent_reply_reopens: bool = False
    customer_reply_moves: bool = True

    # The answer to a new comment lacks its properties: Atlassian documents expand=properties for the list alone.
    hides_new_properties: bool = False
    hides_screens: bool = False  # expand=transitions.fields omits the resolution: netresearch/jira-skill#211
    loses_resolution: bool = False  # a transition "succeeds" without its resolution: sooperset/mcp-atlassian#735
    keeps_resolution: bool = False  # reopening keeps the resolution: sooperset/mcp-atlassian#85
    conflicts: int = 0  # this many edits and transitions are refused with 409

    index_forgets: float = 0.0  # probability that a search once misses an issue it found before
    odd_hits: set[str] = field(default_factory=set)  # ids of issues whose search hits lack their status (made up)
    silent_limits: bool = False  # 429 without any header: https://jira.atlassian.com/browse/JRACLOUD-82801
    quota: int | None = None  # calls an hour; OAuth apps have a quota, API tokens do not
    most_comments: int = 5000  # per issue; more is a 413
    most_files: int = 2000
    most_links: int = 2000
    upload_limit: int = 1_073_741_824  # bytes of one file, Jira Cloud's default of 1 GB
    task_seconds: float = 1.0  # delay of a bulk change
