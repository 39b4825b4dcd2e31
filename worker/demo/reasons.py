"""Why a ticket stands where it stands, short enough for one line of 80 columns beside its key and its status."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.model import Case, CaseState, Reason
from workflows.model import ReasonKind as R
from workflows.model import VerdictKind as V
from workflows.notes.reasons import sentence
from workflows.precheck.verdicts import leading_verdict
from workflows.values.masking import plain

MOST = 43  # characters: 80 less the longest key, the longest status and what separates them
VERDICTS: Mapping[V, str] = {
    V.NEEDS_INFORMATION: "the ticket doesn't say enough",
    V.USER_NOT_FOUND: "Okta has no such user",
    V.USER_AMBIGUOUS: "the name fits several users",
    V.ON_BEHALF: "it is about somebody else",
    V.USER_NOT_ACTIVE: "Okta doesn't update this user",
    V.NOT_READABLE: "a permission in Okta is missing",
    V.NOT_LINKED: "the user has no directory",
    V.LINKED_TO_SEVERAL: "several directories differ",
    V.SOURCE_NOT_ESTABLISHED: "the profile source isn't known",
    V.OKTA_MASTERS_DIRECTORY: "Okta is the source, not the directory",
    V.DIRECTORY_INACTIVE: "the integration is off",
    V.ALREADY_RIGHT: "the profile was already right",
    V.NOT_MAPPED: "the attribute isn't mapped",
    V.CREATE_ONLY: "it is mapped on create only",
    V.SOURCED_ELSEWHERE: "the attribute has another source",
    V.MAPPING_INVALID: "the mapping can't be evaluated",
    V.NOT_PREDICTABLE: "an expression fills the attribute",
    V.NOT_IMPORTED: "Okta can't import this user",
    V.STALE_IN_DIRECTORY_COPY: "the new value hasn't reached Okta",
    V.REJECTED_BY_OKTA: "Okta refuses the user's update",
    V.OVERWRITTEN: "it was changed in Okta afterwards",
    V.STALE_IN_OKTA: "Force Sync would help",
    V.CANNOT_TELL: "it's unclear which value is right",
    V.UNSPECIFIC: "it doesn't say which value is wrong",
    V.OBJECTED: "somebody may not want a sync",
    V.NOT_YET: "the change may not be due yet",
    V.DOWNSTREAM: "the profile was right all along",
    V.DENIED: "a reply says the value is wrong",
    V.SOMETHING_ELSE: "it is about something else",
    V.UNCONFIRMED: "nobody has confirmed the value",
}
HAPPENED: Mapping[R, str] = {
    R.ASSIGNED: "a person took it",
    R.TAKEN_OVER: "a person took it",
    R.BUTTON_NEXT: "no effect; the console's button is next",
    R.SAID_PRESSED: "somebody wrote that it was pressed",
    R.SYNC_STARTED: "Force Sync started",
    R.SYNC_STARTED_UNCERTAIN: "Force Sync sent, no answer",
    R.SYNC_STARTED_BY_HAND: "the button was pressed",
    R.CONFIRMED: "a reply confirmed it",
    R.NO_REPLY: "no answer came in time",
}
JUDGED = frozenset({CaseState.RESOLVED, CaseState.ESCALATED, CaseState.ADVISED, CaseState.ASKED})


def in_short(case: Case) -> str:
    """Say in a few words what is happening with a case, or why it ended as it did."""
    verdict, last = leading_verdict(case), case.story[-1].what if case.story else None
    behind = verdict is not None and verdict.kind is V.STALE_IN_OKTA
    if behind and case.state is CaseState.RESOLVED:
        return "Force Sync brought the value"
    if case.state is CaseState.ESCALATED and case.because and case.because.tells(R.NO_EFFECT):
        return "Force Sync had no effect"
    if verdict and (case.state in JUDGED or last == verdict.reason or (last and last.kind is R.CLAIMED)):
        waits = behind and case.state is CaseState.JOINED and verdict.directory is not None
        return f"next sync of {verdict.directory.label}" if waits and verdict.directory else VERDICTS[verdict.kind]
    return _happened(last)


def _happened(last: Reason | None) -> str:
    return HAPPENED.get(last.kind, "") or plain(sentence(last), MOST) if last else ""
