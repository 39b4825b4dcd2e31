"""Each verdict in plain words: its title, who can mend it, and what they do next.

Titles say what was seen, in the past tense; steps are said to the team that can take them. A full import is never
advised: it deactivates users who were moved or deleted in the directory.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from workflows.model import Route
from workflows.model import VerdictKind as V


class Team(StrEnum):
    """Who can mend a cause, as notes address them."""

    DESK = "Service desk"
    DIRECTORY = "Directory team"
    OKTA = "Okta administrators"
    SUPPORT = "Okta administrators, with Okta Support"


TITLES: dict[V, str] = {
    V.NEEDS_INFORMATION: "The ticket did not say enough",
    V.USER_NOT_FOUND: "No such user was found in Okta",
    V.USER_AMBIGUOUS: "Several Okta users fitted the name",
    V.USER_NOT_ACTIVE: "The Okta user was not active",
    V.NOT_READABLE: "Okta did not let us read what the check needs",
    V.NOT_LINKED: "The user was not linked to a directory",
    V.LINKED_TO_SEVERAL: "The user was linked to several directories that differ",
    V.SOURCE_NOT_ESTABLISHED: "Which directory Okta follows could not be established",
    V.OKTA_MASTERS_DIRECTORY: "Okta was the source here, not the directory",
    V.DIRECTORY_INACTIVE: "The directory integration did not update profiles",
    V.ALREADY_RIGHT: "The Okta profile was already right",
    V.NOT_MAPPED: "The attribute was not mapped",
    V.CREATE_ONLY: "The attribute was mapped on creation only",
    V.SOURCED_ELSEWHERE: "The attribute had another source than this directory",
    V.MAPPING_INVALID: "Okta could not evaluate the mapping",
    V.NOT_PREDICTABLE: "The mapping's result could not be predicted",
    V.STALE_IN_DIRECTORY_COPY: "Force Sync not used: it cannot help",
    V.REJECTED_BY_OKTA: "Okta did not take this user's update",
    V.OVERWRITTEN: "The value was changed in Okta since",
    V.STALE_IN_OKTA: "The Okta profile was behind the directory's copy",
    V.CANNOT_TELL: "Nothing differed, and no value was stated",
}

TEAMS: dict[V, Team] = dict.fromkeys(V, Team.OKTA) | {
    V.NEEDS_INFORMATION: Team.DESK,
    V.USER_NOT_FOUND: Team.DESK,
    V.USER_AMBIGUOUS: Team.DESK,
    V.CANNOT_TELL: Team.DESK,
    V.ALREADY_RIGHT: Team.DESK,
    V.STALE_IN_DIRECTORY_COPY: Team.DIRECTORY,
    V.REJECTED_BY_OKTA: Team.DIRECTORY,
}

ROUTES: dict[Team, Route] = {
    Team.DESK: Route.SERVICE_DESK,
    Team.DIRECTORY: Route.DIRECTORY_TEAM,
    Team.OKTA: Route.OKTA_ADMINISTRATORS,
    Team.SUPPORT: Route.OKTA_SUPPORT,
}

NEXT_STEPS: dict[V, str] = {
    V.NEEDS_INFORMATION: "find out from the requester whose profile and which value is meant.",
    V.USER_NOT_FOUND: "check the name with the requester, and whether the user was ever imported to Okta.",
    V.USER_AMBIGUOUS: "find out from the requester which of the users is meant.",
    V.USER_NOT_ACTIVE: "decide whether the user is to be active; updates do not reach the profile before that.",
    V.NOT_READABLE: "give forcesync's credential the right that it lacks, or check by hand.",
    V.NOT_LINKED: "check why the user has no assignment to a directory.",
    V.LINKED_TO_SEVERAL: "check which directory leads (Directory > Profile Sources).",
    V.SOURCE_NOT_ESTABLISHED: "check which directory leads (Directory > Profile Sources).",
    V.OKTA_MASTERS_DIRECTORY: "change the value in Okta and check the provisioning to the directory.",
    V.DIRECTORY_INACTIVE: "check the integration's status and its To Okta settings.",
    V.ALREADY_RIGHT: "tell the requester, and ask what is wrong if something still is.",
    V.NOT_MAPPED: "decide whether the attribute is to be mapped.",
    V.CREATE_ONLY: "let the mapping apply on create and update, if that is wanted.",
    V.SOURCED_ELSEWHERE: "change the value at its source, or change the attribute's source.",
    V.MAPPING_INVALID: "mend the expression in the directory's To Okta mapping.",
    V.NOT_PREDICTABLE: "compare the expression's result with what the ticket asks for.",
    V.STALE_IN_DIRECTORY_COPY: "confirm the value and the OU in the directory, and that this user was imported since.",
    V.REJECTED_BY_OKTA: (
        "mend the value that Okta did not take (or let an Okta administrator change the schema's rule); the next "
        "import then carries everything over."
    ),
    V.OVERWRITTEN: "settle with the named actor which value is right.",
    V.STALE_IN_OKTA: "decide whether Force Sync is to be pressed.",
    V.CANNOT_TELL: "find out from the requester which value is expected.",
}


def counted(number: int, thing: str) -> str:
    """Write a number with its thing, whose plural ends in an s."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def moment(at: datetime | None) -> str:
    """Write a time for files and tables, in UTC to the second."""
    return at.strftime("%Y-%m-%d %H:%M:%S UTC") if at else "-"
