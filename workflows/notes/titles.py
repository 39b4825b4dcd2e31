"""What the note of each verdict begins with, and what its team does next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from workflows.model import ReasonKind as R
from workflows.model import Verdict
from workflows.model import VerdictKind as V


class Told(NamedTuple):
    """A note's title, which says what was found, and the next step of the team that gets the ticket."""

    title: str
    next_step: str


TOLD: Mapping[V, Told] = {
    V.NEEDS_INFORMATION: Told(
        "The ticket doesn't say enough", "ask the requester whose profile and which value is meant."
    ),
    V.USER_NOT_FOUND: Told(
        "Okta has no such user",
        "check the name with the requester, and whether the user was ever imported into Okta.",
    ),
    V.USER_AMBIGUOUS: Told("The name fits several Okta users", "ask the requester which of them is meant."),
    V.ON_BEHALF: Told(
        "The ticket is about somebody else's profile",
        "find out whether the requester may ask for the person named in the ticket (policy.on_behalf).",
    ),
    V.USER_NOT_ACTIVE: Told(
        "Okta isn't updating this user's profile",
        "open the user in the Admin Console (Directory > People); the page shows why.",
    ),
    V.NOT_READABLE: Told(
        "forcesync lacks a permission in Okta",
        "give forcesync's account the missing permission, or look at the user's directories yourselves.",
    ),
    V.NOT_LINKED: Told(
        "The user isn't linked to a directory", "find out why the user has no assignment to a directory."
    ),
    V.LINKED_TO_SEVERAL: Told(
        "The user is linked to several directories that differ",
        "check which directory has priority (Directory > Profile Sources).",
    ),
    V.SOURCE_NOT_ESTABLISHED: Told(
        "Okta's API doesn't show which profile source this user follows",
        "check which source has priority (Directory > Profile Sources).",
    ),
    V.OKTA_MASTERS_DIRECTORY: Told(
        "Okta is the source for this user, not the directory",
        "change the value in Okta, and check the provisioning to the directory.",
    ),
    V.DIRECTORY_INACTIVE: Told(
        "The directory integration doesn't update profiles", "check the integration's status and its To Okta settings."
    ),
    V.ALREADY_RIGHT: Told(
        "The Okta profile is already right", "tell the requester, and ask what is wrong if something still is."
    ),
    V.NOT_MAPPED: Told("The attribute isn't mapped to Okta", "decide whether to map it."),
    V.CREATE_ONLY: Told(
        "The attribute is mapped only when a user is created",
        "if that isn't intended, apply the mapping on create and update.",
    ),
    V.SOURCED_ELSEWHERE: Told(
        "The attribute has another source than this directory",
        "change the value at its source, or change the attribute's source.",
    ),
    V.MAPPING_INVALID: Told("Okta can't evaluate the mapping", "correct the expression in the To Okta mapping."),
    V.NOT_PREDICTABLE: Told(
        "An expression fills the attribute, and its result can't be predicted",
        "compare the expression's result with what the ticket asks for.",
    ),
    V.NOT_IMPORTED: Told(
        "Okta can't import this user from the directory",
        "correct the value that Okta rejects (quoted below); the next import then brings the rest.",
    ),
    V.STALE_IN_DIRECTORY_COPY: Told(
        "The new value hasn't reached Okta yet", "get the new value into Okta. Force Sync can't help until it is there."
    ),
    V.REJECTED_BY_OKTA: Told(
        "Okta refuses this user's update",
        "correct the value at fault, and the next import brings the rest; or have an Okta administrator change the "
        "schema's rule, and then check the profile again.",
    ),
    V.OVERWRITTEN: Told(
        "The value was changed in Okta afterwards",
        "find out in the System Log who changed it, and agree with them which value is right.",
    ),
    V.STALE_IN_OKTA: Told("The Okta profile is behind the directory's copy", "decide whether to run Force Sync."),
    V.UNSPECIFIC: Told("The ticket doesn't say which value is wrong", "ask the requester which value is wrong."),
    V.OBJECTED: Told("Somebody on the ticket may not want a sync", "agree with the requester what is wanted."),
    V.DENIED: Told(
        "A reply on the ticket says that the value is wrong",
        "check the value in the directory. Okta shows what its copy of the directory holds.",
    ),
    V.SOMETHING_ELSE: Told("The request is about something else", "read the reply and find out who can help."),
    V.UNCONFIRMED: Told(
        "Nobody has confirmed that the value in Okta is right", "ask the requester which value is meant."
    ),
    V.NOT_YET: Told(
        "The change may not be due yet", "when the change is due, check whether the value has arrived in Okta."
    ),
    V.DOWNSTREAM: Told(
        "The Okta profile was right before the ticket was opened",
        "find out where the old value still shows.",
    ),
    V.CANNOT_TELL: Told("It's unclear which value is right", "ask the requester which value is expected."),
}


def title_of(verdict: Verdict) -> str:
    """Return what was found; a change that has not arrived is named by its attributes.

    What only our own check of a value finds is not told as Okta's refusal.
    """
    names = [item.attribute for item in verdict.expectations]
    if verdict.kind is V.STALE_IN_DIRECTORY_COPY and names:
        return f"The new {' and '.join(names)} {'has' if len(names) == 1 else 'have'}n't reached Okta yet"
    if verdict.reason.kind is R.VALUE_WOULD_BE_REFUSED:
        return "Okta would refuse this user's update"
    return TOLD[verdict.kind].title
