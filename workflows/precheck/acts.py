"""What follows from each verdict, and which of a case's subjects it follows for."""

from __future__ import annotations

from enum import StrEnum

from workflows.model import Autonomy, Case, Directory, Policy, Subject, Verdict, VerdictKind


class Act(StrEnum):
    """What follows from a verdict."""

    ASK = "ask"
    RESOLVE = "resolve"
    SYNC = "sync"
    ESCALATE = "escalate"


ACTS: dict[VerdictKind, Act] = dict.fromkeys(VerdictKind, Act.ESCALATE) | {
    VerdictKind.NEEDS_INFORMATION: Act.ASK,
    VerdictKind.USER_NOT_FOUND: Act.ASK,
    VerdictKind.USER_AMBIGUOUS: Act.ASK,
    VerdictKind.CANNOT_TELL: Act.ASK,
    VerdictKind.ALREADY_RIGHT: Act.RESOLVE,
    VerdictKind.STALE_IN_OKTA: Act.SYNC,
}


def act_for(subject: Subject) -> Act:
    """Return what follows for a subject; one whose values have been seen is settled."""
    if subject.right:
        return Act.RESOLVE
    return ACTS[subject.verdict.kind] if subject.verdict else Act.ASK


def riding(case: Case, directory: Directory) -> tuple[Subject, ...]:
    """Return the subjects that a Force Sync of this directory is to help."""
    return tuple(item for item in case.subjects if rides(item) and _of(item, directory))


def rides(subject: Subject) -> bool:
    """Say whether a subject needs a Force Sync."""
    return act_for(subject) is Act.SYNC


def leading_verdict(case: Case) -> Verdict | None:
    """Return the verdict that a case's end turns on: that of the first subject which is not settled."""
    verdicts = [item.verdict for item in case.subjects if item.verdict and act_for(item) is not Act.RESOLVE]
    verdicts = verdicts or [item.verdict for item in case.subjects if item.verdict]
    return verdicts[0] if verdicts else None


def _of(subject: Subject, directory: Directory) -> bool:
    return bool(subject.verdict and subject.verdict.directory and subject.verdict.directory.ref == directory.ref)


def observed(case: Case, policy: Policy) -> bool:
    """Say whether a case may leave advice and nothing else; where nobody was judged yet, as the default has it."""
    if not case.subjects:
        return policy.default_autonomy is Autonomy.OBSERVE
    return any(_autonomy(item, policy) is Autonomy.OBSERVE for item in case.subjects)


def _autonomy(subject: Subject, policy: Policy) -> Autonomy:
    directory = subject.verdict.directory if subject.verdict else None
    return policy.autonomy_of(directory) if directory else policy.default_autonomy
