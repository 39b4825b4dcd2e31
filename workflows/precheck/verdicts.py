"""What follows from each verdict: one row a verdict. A new verdict is one row here and one in `table`."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from workflows.model import (
    Autonomy,
    Case,
    DirectoryKind,
    Policy,
    QuestionKind,
    Refresh,
    Route,
    Subject,
    SyncRun,
    Unspecific,
    Verdict,
    VerdictKind,
)
from workflows.model import ReasonKind as R
from workflows.model import VerdictKind as V
from workflows.values.keys import is_meant


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
    """What follows from a verdict: the act, who can mend its cause, and the question.

    `question` names the public text that asks the caller, where the act is to ask; `kind` says how it may be answered.
    """

    act: Act
    team: Team
    question: str | None = None
    kind: QuestionKind = QuestionKind.OPEN


VERDICTS: dict[VerdictKind, Row] = {
    V.NEEDS_INFORMATION: Row(Act.ASK, Team.DESK, "question_needs_information"),
    V.USER_NOT_FOUND: Row(Act.ASK, Team.DESK, "question_user_not_found"),
    V.USER_AMBIGUOUS: Row(Act.ASK, Team.DESK, "question_user_ambiguous"),
    V.ON_BEHALF: Row(Act.ESCALATE, Team.DESK),
    V.USER_NOT_ACTIVE: Row(Act.ESCALATE, Team.OKTA),
    V.NOT_READABLE: Row(Act.ESCALATE, Team.OKTA),
    V.NOT_LINKED: Row(Act.ESCALATE, Team.OKTA),
    V.LINKED_TO_SEVERAL: Row(Act.ESCALATE, Team.OKTA),
    V.SOURCE_NOT_ESTABLISHED: Row(Act.ESCALATE, Team.OKTA),
    V.OKTA_MASTERS_DIRECTORY: Row(Act.ESCALATE, Team.OKTA),
    V.DIRECTORY_INACTIVE: Row(Act.ESCALATE, Team.OKTA),
    V.ALREADY_RIGHT: Row(Act.RESOLVE, Team.DESK),
    V.NOT_MAPPED: Row(Act.ESCALATE, Team.OKTA),
    V.CREATE_ONLY: Row(Act.ESCALATE, Team.OKTA),
    V.SOURCED_ELSEWHERE: Row(Act.ESCALATE, Team.OKTA),
    V.MAPPING_INVALID: Row(Act.ESCALATE, Team.OKTA),
    V.NOT_PREDICTABLE: Row(Act.ESCALATE, Team.OKTA),
    V.NOT_IMPORTED: Row(Act.ESCALATE, Team.DIRECTORY),
    V.STALE_IN_DIRECTORY_COPY: Row(Act.ESCALATE, Team.DIRECTORY),
    V.REJECTED_BY_OKTA: Row(Act.ESCALATE, Team.DIRECTORY),
    V.OVERWRITTEN: Row(Act.ESCALATE, Team.OKTA),
    V.STALE_IN_OKTA: Row(Act.SYNC, Team.OKTA),
    V.UNSPECIFIC: Row(Act.ASK, Team.DESK, "question_which_attribute"),
    V.OBJECTED: Row(Act.ESCALATE, Team.DESK),
    V.DENIED: Row(Act.ESCALATE, Team.DIRECTORY),
    V.SOMETHING_ELSE: Row(Act.ESCALATE, Team.DESK),
    V.UNCONFIRMED: Row(Act.ESCALATE, Team.DESK),
    V.NOT_YET: Row(Act.ESCALATE, Team.DESK),
    V.DOWNSTREAM: Row(Act.ASK, Team.DESK, "question_where"),
    V.CANNOT_TELL: Row(Act.ASK, Team.DESK, "question_cannot_tell", QuestionKind.CLOSED),
}


REPLIED = frozenset({V.DENIED, V.SOMETHING_ELSE, V.UNCONFIRMED})  # what a reply to a question, or its lack, led to
STALE_COPY = frozenset({V.NOT_IMPORTED, V.STALE_IN_DIRECTORY_COPY})  # the directory's copy lacks the stated value
REFRESHABLE = STALE_COPY | {V.STALE_IN_OKTA}
NO_IMPORT_RUNS = frozenset({R.AGENTS_DOWN, R.NO_AGENTS})


def refreshed_by_page(case: Case, policy: Policy) -> bool:
    """Return whether a visit to the user's page may bring what the case lacks, and the settings want it.

    Tickets about several people are left out, as one visit refreshes one user; so is a directory without agents.
    """
    verdict = case.subjects[0].verdict if len(case.subjects) == 1 else None
    if verdict is None or verdict.directory is None or verdict.kind not in REFRESHABLE:
        return False
    if verdict.directory.kind is not DirectoryKind.AD or NO_IMPORT_RUNS & {item.kind for item in verdict.suspicions}:
        return False
    return policy.refresh_of(verdict.directory) is Refresh.PROFILE_PAGE


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


def tells(verdict: Verdict) -> bool:
    """Return whether the verdict's question lets its reader know what Okta holds."""
    return asking(verdict)[1] is QuestionKind.CLOSED or verdict.kind is V.DOWNSTREAM


def silence_ends(case: Case) -> bool:
    """Return whether no answer to a confirm question counts as yes: the ticket itself names what came right.

    It does not where the ticket states some other value.
    """
    named = any((item.verdict and item.verdict.spoken) or item.request.attributes for item in case.subjects)
    return named and not any(_states_another(item) for item in case.subjects)


def _states_another(subject: Subject) -> bool:
    """Return whether a value that the ticket states is neither what was to come nor what either copy held."""
    verdict, values = subject.verdict, [item.expected for item in subject.request.statements if item.expected]
    if verdict is None:
        return bool(values)
    held = [item.value for item in verdict.expectations]
    held += [value for item in verdict.observations for value in (item.okta, item.app_user)]
    return any(not any(is_meant(value, item) for item in held) for value in values)


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
    return any(not (along and verdict.reason.kind is R.UNSPECIFIC) for verdict in verdicts)


def to_confirm(case: Case) -> tuple[Subject, ...]:
    """Return the subjects of whom it has to be asked, once Force Sync has brought the value, whether that is right."""
    stale = (item for item in case.subjects if item.verdict and item.verdict.kind is V.STALE_IN_OKTA)
    return tuple(item for item in stale if item.verdict and not item.verdict.firm)


def rides(subject: Subject) -> bool:
    """Say whether a subject needs a Force Sync."""
    return act_for(subject) is Act.SYNC


def leading_verdict(case: Case) -> Verdict | None:
    """Return the verdict that a case's end turns on: what a reply led to, else that of the first unsettled subject."""
    verdicts = [item.verdict for item in case.subjects if item.verdict and act_for(item) is not Act.RESOLVE]
    verdicts.sort(key=lambda verdict: verdict.kind not in REPLIED)
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
    directories = [item.verdict.directory if item.verdict else None for item in case.subjects] or [None]
    return any(policy.autonomy_of(directory) is Autonomy.OBSERVE for directory in directories)
