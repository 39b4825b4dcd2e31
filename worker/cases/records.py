"""A case as JSON for programs: one line that compares findings with what people did, and the masked record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from worker.output import LONGEST
from worker.store.documents import case_of, load_followup
from worker.store.retention.archive import Record
from workflows.model import (
    Basis,
    Case,
    CaseState,
    Evidence,
    Expectation,
    FollowupKind,
    FollowupState,
    Policy,
    Reason,
    ReasonKind,
    Request,
    Statement,
    Subject,
    Verdict,
    VerdictKind,
)
from workflows.model import ReasonKind as R
from workflows.notes.reasons import SENTENCES, sentence
from workflows.notes.titles import TOLD
from workflows.precheck.verdicts import ROUTES, VERDICTS, Act, leading_verdict, to_confirm
from workflows.values.case_values import hidden
from workflows.values.masking import Hidden, called, display, masked, plain
from workflows.values.wording import capital

ADVICE = {Act.ASK: "ask", Act.RESOLVE: "resolve", Act.SYNC: "force_sync", Act.ESCALATE: "hand_over"}
ADVISED = {Act.ASK: "ask the requester", Act.RESOLVE: "resolve it: Okta is right", Act.SYNC: "run Force Sync"}
# Of what may end a case, what its own sentence tells at length or with details of one ticket.
CAUSES: Mapping[ReasonKind, str] = {
    R.CHANGE_REFUSED: "The ticket system refused a change",
    R.DAY_IS_FULL: "The day's Force Syncs of a directory were used up",
    R.ANSWER_NOT_UNDERSTOOD: "A product's answer was not understood",
    R.HAD_NO_EFFECT_ALREADY: "Force Sync had no effect for another ticket about the same",
    R.HANDED_OVER_BY: "An operator handed it over",
    R.NEXT_ROUND: "forcesync had worked on the ticket before",
    R.NOT_APPROVABLE: "Needs an approval, and the ticket doesn't show who filed it",
    R.NOT_APPROVED: "Nobody approved the Force Sync in time",
    R.NOT_PRESSED: "Nobody ran Force Sync in time",
    R.NOT_STARTED: "Force Sync was not started",
    R.NOT_STARTED_IN_TIME: "Force Sync did not start in time",
    R.NO_EFFECT: "Force Sync ran without effect",
    R.NO_REPLY: "No reply to the question in time",
    R.OBJECTED: "The ticket may not want a sync",
    R.OVER_BUDGET: "More tickets of one requester within a day than forcesync works",
    R.PRESS_REFUSED: "forcesync could not run Force Sync: the credential, its right, the address, or the call itself",
    R.PRODUCT_FAULT: "A product did not do what was asked of it",
    R.PROTECTED: "A protected user",
    R.PROTECTION_UNKNOWN: "The user's groups could not be read",
    R.QUESTION_REFUSED: "The ticket system did not take a question",
    R.REJECTED: "The Force Sync was rejected",
    R.REPLIES_DIFFER: "The replies say different things",
    R.RESOLUTION_REFUSED: "The ticket system did not let the ticket be resolved",
    R.SLA: "Too little of the SLA was left",
    R.START_REFUSED: "Okta refused to start Force Sync",
    R.STOPPED_BY_A_DEFECT: "A defect of forcesync",
    R.UNCLEAR_REPLY: "The reply was neither a yes nor a no",
    R.UNHEARD: "The comments' authors could not be told apart",
}
_LASTED = {FollowupState.HOLDS.value: True, FollowupState.CHANGED.value: False}
_CAME_RIGHT = {FollowupState.ARRIVED.value: True, FollowupState.MISSED.value: False}


class Cause(NamedTuple):
    """Why a ticket was handed over: the name of a verdict, or of what happened, and how a person reads it."""

    name: str
    title: str


def cause_of(case: Case) -> Cause | None:
    """Return why a case was handed over, as the report counts it; None if it was not."""
    verdict = leading_verdict(case)
    if case.state is not CaseState.ESCALATED or case.because is None:
        return None
    if verdict is not None and case.because.kind is verdict.reason.kind:
        return Cause(verdict.kind.value, TOLD[verdict.kind].title)
    kind = case.because.kind
    text = CAUSES.get(kind) or SENTENCES.get(kind, "")
    told = capital(text.rstrip(".")) if text and "{" not in text else kind.value.replace("_", " ").capitalize()
    return Cause(kind.value, told)


def advice_of(case: Case) -> str:
    """Return what an observed case's leading verdict calls for, in words; "" for any other case."""
    verdict = leading_verdict(case)
    if case.state is not CaseState.ADVISED or verdict is None:
        return ""
    row = VERDICTS[verdict.kind]
    if row.act is Act.ESCALATE:
        return f"hand over to {row.team}"
    then = ", then ask whoever asked whether it is right" if to_confirm(case) else ""
    return f"{ADVISED[row.act]}{then if row.act is Act.SYNC else ''}"


def case_line(record: Record, policy: Policy) -> dict[str, Any]:
    """Return one round of a case without any attribute's value; worker/README.md says what each field means.

    Times are ISO 8601 in UTC. A field about a later look is None where there has been no such look.
    """
    case = case_of(record["case"], record["case"]["id"])
    later = [item for item in record["followups"] if item["round"] == case.round]
    looks = {item["kind"]: item["state"] for item in later}
    verdict = leading_verdict(case)
    advice = ADVICE[VERDICTS[verdict.kind].act] if verdict else None
    subjects = [_subject_line(subject, policy) for subject in case.subjects]
    return {
        "case": case.id,
        "ticket": case.ref.key,
        "desk": case.ref.desk,
        "round": case.round,
        "state": case.state.value,
        "opened_at": case.opened_at.isoformat(),
        "ended_at": case.ended_at.isoformat() if case.ended_at else None,
        "because": plain(hidden(case, policy)(sentence(case.because)), LONGEST),
        "cause": cause.name if (cause := cause_of(case)) else None,
        "run": case.run_id,
        "subjects": subjects,
        "force_sync_helps": any(subject["verdict"] == VerdictKind.STALE_IN_OKTA for subject in subjects),
        "advice": advice,
        "advice_for": ROUTES[VERDICTS[verdict.kind].team].value if verdict and advice == "hand_over" else None,
        "afterwards": next((item["aftermath"] for item in later if item.get("aftermath")), None),
        "lasted": _looked(looks, FollowupKind.RECHECK, _LASTED),
        "came_right": _looked(looks, FollowupKind.LOOK_AGAIN, _CAME_RIGHT),
    }


def _subject_line(subject: Subject, policy: Policy) -> dict[str, Any]:
    verdict = subject.verdict
    return {
        "login": called(verdict.login if verdict else subject.request.user, policy),
        "verdict": verdict.kind.value if verdict else None,
        "user_id": verdict.user_id if verdict else None,
        "attribute": verdict.attribute if verdict else None,
        "stated": [item.attribute for item in subject.expectations if item.basis is Basis.STATED],
        "predicted": [item.attribute for item in subject.expectations if item.basis is Basis.PREDICTED],
        "also": [cause.kind.value for cause in verdict.also] if verdict else [],
        "directory": verdict.directory.label if verdict and verdict.directory else None,
        "right_value_seen": subject.right,
    }


def _looked(looks: Mapping[str, str], kind: FollowupKind, found: Mapping[str, bool]) -> bool | None:
    return found.get(looks.get(kind.value, ""))


def masked_record(record: Record, policy: Policy) -> Record:
    """Return the record with people's values masked or withheld by class; its notes and files already are."""
    case = case_of(record["case"], record["case"]["id"])
    hide = hidden(case, policy)
    subjects = tuple(_masked_subject(subject, policy, hide) for subject in case.subjects)
    story = tuple(entry.but(what=_masked_reason(entry.what, hide)) for entry in case.story)
    shown = case.but(
        requester=called(case.requester, policy),
        subjects=subjects,
        story=story,
        evidence=_masked_evidence(case.evidence, hide),
        because=_masked_reason(case.because, hide) if case.because else None,
        refused=hide(case.refused) if case.refused else None,
    )
    return record | {
        "case": shown.model_dump(mode="json"),
        "followups": [_masked_followup(item, hide) for item in record.get("followups", ())],
        "events": [item | {"because": hide(item["because"])} for item in record.get("events", ())],
        "writes": [item | {"reason": hide(item["reason"])} for item in record.get("writes", ())],
    }


def _masked_subject(subject: Subject, policy: Policy, hide: Hidden) -> Subject:
    return subject.but(
        request=_masked_request(subject.request, policy),
        verdict=_masked_verdict(subject.verdict, policy, hide) if subject.verdict else None,
        seen=tuple(item.but(value=display(item.attribute, item.value, policy)) for item in subject.seen),
    )


def _masked_request(request: Request, policy: Policy) -> Request:
    names = (called(name, policy) for name in request.unclear)
    return request.but(
        user=called(request.user, policy),
        unclear=tuple(name for name in names if name),
        statements=tuple(_masked_statement(item, policy) for item in request.statements),
    )


def _masked_statement(want: Statement, policy: Policy) -> Statement:
    """Mask a ticket's own words; a value whose attribute nobody named is masked too."""

    def shown(text: str | None) -> str | None:
        if not text:
            return text
        return display(want.attribute, text, policy) if want.attribute else masked(text)

    return want.but(expected=shown(want.expected), still=shown(want.still))


def _masked_verdict(verdict: Verdict, policy: Policy, hide: Hidden) -> Verdict:
    def shown(items: Iterable[Expectation]) -> tuple[Expectation, ...]:
        return tuple(item.but(value=display(item.attribute, item.value, policy)) for item in items)

    observations = tuple(
        item.but(
            okta=display(item.attribute, item.okta, policy), app_user=display(item.attribute, item.app_user, policy)
        )
        for item in verdict.observations
    )
    return verdict.but(
        login=called(verdict.login, policy),
        unit=display("dn", verdict.unit, policy) if verdict.unit else "",
        reason=_masked_reason(verdict.reason, hide),
        also=tuple(item.but(reason=_masked_reason(item.reason, hide)) for item in verdict.also),
        suspicions=tuple(_masked_reason(item, hide) for item in verdict.suspicions),
        evidence=_masked_evidence(verdict.evidence, hide),
        expectations=shown(verdict.expectations),
        carried=shown(verdict.carried),
        observations=observations,
    )


def _masked_evidence(evidence: tuple[Evidence, ...], hide: Hidden) -> tuple[Evidence, ...]:
    return tuple(item.but(what=_masked_reason(item.what, hide)) for item in evidence)


def _masked_followup(doc: Record, hide: Hidden) -> Record:
    """Mask a later look; one of an older version holds its finding as text."""
    finding = load_followup(doc).finding
    return doc | {"finding": _masked_reason(finding, hide).model_dump(mode="json") if finding else None}


def _masked_reason(reason: Reason, hide: Hidden) -> Reason:
    words = tuple((name, hide(text)) for name, text in reason.words)
    return reason.but(words=words, about=_masked_reason(reason.about, hide) if reason.about else None)
