"""Each verdict in plain words: its title, and what a person does next."""

from __future__ import annotations

from datetime import datetime

from workflows.model import VerdictKind

TITLES: dict[VerdictKind, str] = {
    VerdictKind.NEEDS_INFORMATION: "Information is missing",
    VerdictKind.USER_NOT_FOUND: "No such user in Okta",
    VerdictKind.USER_AMBIGUOUS: "Several users fit",
    VerdictKind.USER_NOT_ACTIVE: "The Okta user is not active",
    VerdictKind.NOT_READABLE: "What the precheck needs could not be read",
    VerdictKind.NOT_LINKED: "The user is not linked to a directory",
    VerdictKind.LINKED_TO_SEVERAL: "The user is linked to several directories",
    VerdictKind.SOURCE_NOT_ESTABLISHED: "Which directory Okta follows is not established",
    VerdictKind.OKTA_MASTERS_DIRECTORY: "Okta is the source of this directory",
    VerdictKind.DIRECTORY_INACTIVE: "The directory integration does not update profiles",
    VerdictKind.ALREADY_RIGHT: "The Okta profile is already right",
    VerdictKind.NOT_MAPPED: "The attribute is not mapped",
    VerdictKind.CREATE_ONLY: "The attribute is mapped on create only",
    VerdictKind.SOURCED_ELSEWHERE: "The attribute has another source",
    VerdictKind.MAPPING_INVALID: "Okta could not evaluate the mapping",
    VerdictKind.NOT_PREDICTABLE: "The mapping's result cannot be predicted",
    VerdictKind.STALE_IN_DIRECTORY_COPY: "The directory's copy in Okta is not up to date",
    VerdictKind.REJECTED_BY_OKTA: "Okta refuses this user's update",
    VerdictKind.OVERWRITTEN: "The value was changed in Okta since",
    VerdictKind.STALE_IN_OKTA: "The Okta profile is behind the directory's copy",
    VerdictKind.CANNOT_TELL: "Nothing differs, and no value was stated",
}

NEXT_STEPS: dict[VerdictKind, str] = {
    VerdictKind.NEEDS_INFORMATION: "Find out from the requester whose profile and which value is meant.",
    VerdictKind.USER_NOT_FOUND: "Check the name with the requester, and whether the user was ever imported to Okta.",
    VerdictKind.USER_AMBIGUOUS: "Find out from the requester which of the users is meant.",
    VerdictKind.USER_NOT_ACTIVE: "An Okta administrator decides whether the user is to be active.",
    VerdictKind.NOT_READABLE: "An Okta administrator gives the credential the right that it lacks, or checks by hand.",
    VerdictKind.NOT_LINKED: "An Okta administrator checks why the user has no assignment to a directory.",
    VerdictKind.LINKED_TO_SEVERAL: "An Okta administrator checks which one leads (Directory > Profile Sources).",
    VerdictKind.SOURCE_NOT_ESTABLISHED: "An Okta administrator checks which one leads (Directory > Profile Sources).",
    VerdictKind.OKTA_MASTERS_DIRECTORY: "Change the value in Okta; an Okta administrator checks the provisioning.",
    VerdictKind.DIRECTORY_INACTIVE: "An Okta administrator checks the integration's status and its To Okta settings.",
    VerdictKind.ALREADY_RIGHT: "Nothing is left to do.",
    VerdictKind.NOT_MAPPED: "An Okta administrator decides whether the attribute is to be mapped.",
    VerdictKind.CREATE_ONLY: "An Okta administrator lets the mapping apply on create and update, if that is wanted.",
    VerdictKind.SOURCED_ELSEWHERE: "Change the value at its source, or let an Okta administrator change the source.",
    VerdictKind.MAPPING_INVALID: "An Okta administrator mends the expression in the directory's To Okta mapping.",
    VerdictKind.NOT_PREDICTABLE: "An Okta administrator compares the expression's result with the ticket.",
    VerdictKind.STALE_IN_DIRECTORY_COPY: (
        "The directory team checks that the value is in the directory, that the agents work, and that this user was "
        "imported since."
    ),
    VerdictKind.REJECTED_BY_OKTA: (
        "The directory team mends the value that Okta does not take, or an Okta administrator changes the rule of the "
        "user schema; the next import then carries everything over."
    ),
    VerdictKind.OVERWRITTEN: "An Okta administrator settles with the named actor which value is right.",
    VerdictKind.STALE_IN_OKTA: "Open a Support Case with Okta; the attached file holds what was collected.",
    VerdictKind.CANNOT_TELL: "Find out from the requester which value is expected.",
}


def moment(at: datetime | None) -> str:
    """Write a time for people, in UTC to the second."""
    return at.strftime("%Y-%m-%d %H:%M:%S UTC") if at else "-"
