"""A case's record for export, with people's values masked as the settings class them."""

from __future__ import annotations

from typing import Any

from worker.store.documents import case_of
from workflows.model import Policy, Reason, Request, Subject, Verdict, Want
from workflows.values.case_values import hidden
from workflows.values.masking import Hidden, called, display, masked

Record = dict[str, Any]


def masked_record(record: Record, policy: Policy) -> Record:
    """Return the record with every value masked or withheld; notes and files in it were rendered so already."""
    case = case_of(record["case"], record["case"]["id"])
    hide = hidden(case, policy)
    subjects = tuple(_subject(subject, policy) for subject in case.subjects)
    story = tuple(entry.but(what=_reason(entry.what, hide)) for entry in case.story)
    told = case.but(
        requester=called(case.requester, policy),
        subjects=subjects,
        story=story,
        because=_reason(case.because, hide) if case.because else None,
        refused=hide(case.refused) if case.refused else None,
    )
    return record | {
        "case": told.model_dump(mode="json"),
        "events": [item | {"because": hide(item["because"])} for item in record.get("events", ())],
        "writes": [item | {"reason": hide(item["reason"])} for item in record.get("writes", ())],
    }


def _subject(subject: Subject, policy: Policy) -> Subject:
    return subject.but(
        request=_request(subject.request, policy),
        verdict=_verdict(subject.verdict, policy) if subject.verdict else None,
        seen=tuple(item.but(value=display(item.attribute, item.value, policy)) for item in subject.seen),
    )


def _request(request: Request, policy: Policy) -> Request:
    names = (called(name, policy) for name in request.unclear)
    return request.but(
        user=called(request.user, policy),
        unclear=tuple(name for name in names if name),
        wants=tuple(_want(want, policy) for want in request.wants),
    )


def _want(want: Want, policy: Policy) -> Want:
    """Mask a ticket's own words; a value whose attribute nobody named is masked too."""

    def shown(text: str | None) -> str | None:
        if not text:
            return text
        return display(want.attribute, text, policy) if want.attribute else masked(text)

    return want.but(expected=shown(want.expected), still=shown(want.still))


def _verdict(verdict: Verdict, policy: Policy) -> Verdict:
    expectations = tuple(item.but(value=display(item.attribute, item.value, policy)) for item in verdict.expectations)
    observations = tuple(
        item.but(
            okta=display(item.attribute, item.okta, policy), app_user=display(item.attribute, item.app_user, policy)
        )
        for item in verdict.observations
    )
    return verdict.but(login=called(verdict.login, policy), expectations=expectations, observations=observations)


def _reason(reason: Reason, hide: Hidden) -> Reason:
    words = tuple((name, hide(text)) for name, text in reason.words)
    return reason.but(words=words, about=_reason(reason.about, hide) if reason.about else None)
