"""What follows from each verdict: one row a verdict. A new verdict is one row here and one in `table`."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from workflows.model import (
    Autonomy,
    Case,
    Policy,
    QuestionKind,
    ReasonKind,
    Route,
    Subject,
    SyncRun,
    Unspecific,
    Verdict,
    VerdictKind,
)
from workflows.model import ReasonKind as R
from workflows.model import VerdictKind as V


class Act(StrEnum):
    """What follows from a verdict."""

    ASK = "ask"
    RESOLVE = "resolve"
    SYNC = "sync"
    ESCALATE = "escalate"


class Team(StrEnum):
    """Who can mend a cause, as notes address them."""

    DESK = "Service desk"
    DIRECTORY = "Directory team"
    OKTA = "Okta administrators"
    SUPPORT = "Okta administrators, with Okta Support"


class Row(NamedTuple):
    """What follows from a verdict: the act, who can mend it, the title and next step of its note, and the question.

    `question` names the public text that asks the caller, where the act is to ask; `kind` says how it may be answered.
    """

    act: Act
    team: Team
    title: str
    next_step: str
    question: str | None = None
    kind: QuestionKind = QuestionKind.OPEN


VERDICTS: dict[VerdictKind, Row] = {
    V.NEEDS_INFORMATION: Row(
        Act.ASK,
        Team.DESK,
        "The ticket did not say enough",
        "find out from the requester whose profile and which value is meant.",
        "question_needs_information",
    ),
    V.USER_NOT_FOUND: Row(
        Act.ASK,
        Team.DESK,
        "No such user was found in Okta",
        "check the name with the requester, and whether the user was ever imported to Okta.",
        "question_user_not_found",
    ),
    V.USER_AMBIGUOUS: Row(
        Act.ASK,
        Team.DESK,
        "Several Okta users fitted the name",
        "find out from the requester which of the users is meant.",
        "question_user_ambiguous",
    ),
    V.ON_BEHALF: Row(
        Act.ESCALATE,
        Team.DESK,
        "The ticket is about somebody else's profile",
        "find out whether the requester may ask for this user (policy.on_behalf).",
    ),
    V.USER_NOT_ACTIVE: Row(
        Act.ESCALATE,
        Team.OKTA,
        "The Okta user was not active",
        "decide whether the user is to be active; updates do not reach the profile before that.",
    ),
    V.NOT_READABLE: Row(
        Act.ESCALATE,
        Team.OKTA,
        "Okta did not let us read what the check needs",
        "give forcesync's credential the right that it lacks, or check by hand.",
    ),
    V.NOT_LINKED: Row(
        Act.ESCALATE,
        Team.OKTA,
        "The user was not linked to a directory",
        "check why the user has no assignment to a directory.",
    ),
    V.LINKED_TO_SEVERAL: Row(
        Act.ESCALATE,
        Team.OKTA,
        "The user was linked to several directories that differ",
        "check which directory leads (Directory > Profile Sources).",
    ),
    V.SOURCE_NOT_ESTABLISHED: Row(
        Act.ESCALATE,
        Team.OKTA,
        "Which profile source Okta follows could not be established",
        "check which source leads (Directory > Profile Sources).",
    ),
    V.OKTA_MASTERS_DIRECTORY: Row(
        Act.ESCALATE,
        Team.OKTA,
        "Okta was the source here, not the directory",
        "change the value in Okta and check the provisioning to the directory.",
    ),
    V.DIRECTORY_INACTIVE: Row(
        Act.ESCALATE,
        Team.OKTA,
        "The directory integration did not update profiles",
        "check the integration's status and its To Okta settings.",
    ),
    V.ALREADY_RIGHT: Row(
        Act.RESOLVE,
        Team.DESK,
        "The Okta profile was already right",
        "tell the requester, and ask what is wrong if something still is.",
    ),
    V.NOT_MAPPED: Row(
        Act.ESCALATE, Team.OKTA, "The attribute was not mapped", "decide whether the attribute is to be mapped."
    ),
    V.CREATE_ONLY: Row(
        Act.ESCALATE,
        Team.OKTA,
        "The attribute was mapped on creation only",
        "let the mapping apply on create and update, if that is wanted.",
    ),
    V.SOURCED_ELSEWHERE: Row(
        Act.ESCALATE,
        Team.OKTA,
        "The attribute had another source than this directory",
        "change the value at its source, or change the attribute's source.",
    ),
    V.MAPPING_INVALID: Row(
        Act.ESCALATE,
        Team.OKTA,
        "Okta could not evaluate the mapping",
        "mend the expression in the directory's To Okta mapping.",
    ),
    V.NOT_PREDICTABLE: Row(
        Act.ESCALATE,
        Team.OKTA,
        "The mapping's result could not be predicted",
        "compare the expression's result with what the ticket asks for.",
    ),
    V.STALE_IN_DIRECTORY_COPY: Row(
        Act.ESCALATE,
        Team.DIRECTORY,
        "Force Sync not used: it cannot help",
        "confirm the value and the OU in the directory, and that this user was imported since.",
    ),
    V.REJECTED_BY_OKTA: Row(
        Act.ESCALATE,
        Team.DIRECTORY,
        "Okta did not take this user's update",
        "mend the value that Okta did not take (or let an Okta administrator change the schema's rule); "
        "the next import then carries everything over.",
    ),
    V.OVERWRITTEN: Row(
        Act.ESCALATE,
        Team.OKTA,
        "The value was changed in Okta since",
        "settle with the named actor which value is right.",
    ),
    V.STALE_IN_OKTA: Row(
        Act.SYNC,
        Team.OKTA,
        "The Okta profile was behind the directory's copy",
        "decide whether Force Sync is to be pressed.",
    ),
    V.UNSPECIFIC: Row(
        Act.ASK,
        Team.DESK,
        "The ticket did not say which value is wrong",
        "find out from the requester which value is wrong.",
        "question_which_attribute",
    ),
    V.OBJECTED: Row(
        Act.ESCALATE, Team.DESK, "The ticket speaks against a sync", "settle with the requester what is wanted."
    ),
    V.DENIED: Row(
        Act.ESCALATE,
        Team.DIRECTORY,
        "The requester says that the value is wrong",
        "check the value in the directory; Okta holds what the directory's copy holds.",
    ),
    V.SOMETHING_ELSE: Row(
        Act.ESCALATE, Team.DESK, "The request is about something else", "read the reply and find out who can help."
    ),
    V.UNCONFIRMED: Row(
        Act.ESCALATE, Team.DESK, "Right in Okta, and not confirmed", "find out from the requester what was meant."
    ),
    V.NOT_YET: Row(
        Act.ESCALATE, Team.DESK, "The change is still to come", "see on that day whether the value has arrived in Okta."
    ),
    V.DOWNSTREAM: Row(
        Act.ASK,
        Team.DESK,
        "The Okta profile has been right for longer",
        "find out where the old value is still seen; Okta holds the right one.",
        "question_where",
    ),
    V.CANNOT_TELL: Row(
        Act.ASK,
        Team.DESK,
        "Which value is right could not be told",
        "find out from the requester which value is expected.",
        "question_cannot_tell",
        QuestionKind.CLOSED,
    ),
}


def asking(verdict: Verdict) -> tuple[str, QuestionKind]:
    """Return the public text that a verdict asks with, and how it may be answered.

    Only where both copies hold the same is it asked whether that is right.
    """
    row = VERDICTS[verdict.kind]
    if row.question is None:
        raise LookupError(f"the verdict {verdict.kind} asks nothing")
    if row.kind is QuestionKind.CLOSED and verdict.reason.kind is not R.AGREED:
        return "question_which_value", QuestionKind.OPEN
    return row.question, row.kind


ROUTES: dict[Team, Route] = {
    Team.DESK: Route.SERVICE_DESK,
    Team.DIRECTORY: Route.DIRECTORY_TEAM,
    Team.OKTA: Route.OKTA_ADMINISTRATORS,
    Team.SUPPORT: Route.OKTA_SUPPORT,
}


def act_for(subject: Subject) -> Act:
    """Return what follows for a subject; one whose values have been seen is settled."""
    if subject.right:
        return Act.RESOLVE
    return VERDICTS[subject.verdict.kind].act if subject.verdict else Act.ASK


def riding(case: Case, run: SyncRun) -> tuple[Subject, ...]:
    """Return the subjects that this Force Sync run is to help."""
    return tuple(item for item in case.subjects if rides(item) and reached(item, run))


def justifies(case: Case, run: SyncRun, policy: Policy) -> bool:
    """Say whether a run may start for a rider; under `ride`, a ticket that names nothing only comes along."""
    verdicts = (item.verdict for item in riding(case, run) if item.verdict)
    along = policy.unspecific is Unspecific.RIDE
    return any(not (along and verdict.reason.kind is ReasonKind.UNSPECIFIC) for verdict in verdicts)


def rides(subject: Subject) -> bool:
    """Say whether a subject needs a Force Sync."""
    return act_for(subject) is Act.SYNC


def leading_verdict(case: Case) -> Verdict | None:
    """Return the verdict that a case's end turns on: that of the first subject which is not settled."""
    verdicts = [item.verdict for item in case.subjects if item.verdict and act_for(item) is not Act.RESOLVE]
    verdicts = verdicts or [item.verdict for item in case.subjects if item.verdict]
    return verdicts[0] if verdicts else None


def reached(subject: Subject, run: SyncRun) -> bool:
    """Say whether a run reaches a subject's user: it is of the user's directory and of the user's type."""
    verdict = subject.verdict
    if verdict is None or verdict.directory is None:
        return False
    return (verdict.directory.ref, verdict.target_type_id) == (run.directory.ref, run.target_type_id)


def observed(case: Case, policy: Policy) -> bool:
    """Say whether a case may leave advice and nothing else; where nobody was judged yet, as the default has it."""
    if not case.subjects:
        return policy.default_autonomy is Autonomy.OBSERVE
    return any(_autonomy(item, policy) is Autonomy.OBSERVE for item in case.subjects)


def _autonomy(subject: Subject, policy: Policy) -> Autonomy:
    directory = subject.verdict.directory if subject.verdict else None
    return policy.autonomy_of(directory) if directory else policy.default_autonomy
