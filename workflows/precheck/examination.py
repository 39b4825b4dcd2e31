"""Examine one subject: read, judge, and read more only where the first verdict asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from workflows.case.looks import noted
from workflows.model import Autonomy, Look, OktaUser, Request, Seen, Subject, Ticket, Verdict, VerdictKind
from workflows.precheck.facts import Facts
from workflows.precheck.gathering import (
    gather,
    with_directory_history,
    with_history,
    with_imports,
    with_names,
    with_settings,
)
from workflows.precheck.table import judge
from workflows.precheck.words.quoted_words import with_words_masked
from workflows.reading.ticket_text import said_in
from workflows.steps import Ports
from workflows.values.comparing import holds

_ASKS_FOR_HISTORY = frozenset({VerdictKind.STALE_IN_OKTA, VerdictKind.NOT_PREDICTABLE, VerdictKind.REJECTED_BY_OKTA})


# What an administrator sets up may have been read this long ago where a press is to follow: the run reads it again.
SETTLED = timedelta(hours=12)


def examine(
    request: Request, ticket: Ticket, ports: Ports, before: Subject | None, *, may_press: bool = False
) -> Subject:
    """Return the subject as judged now, or as seen to be right if the value came while the case waited.

    Where its case `may_press`, mapping and schema are taken as they are known, which spares two calls: a verdict that
    leads to a run is one that the run holds against both, read afresh, before it presses. Any other verdict is given on
    readings of the last minutes.
    """
    known_as = before.verdict.user_id if before and before.verdict else None
    since = ports.clock.now() - SETTLED if may_press else None
    facts = gather(request, ticket.requester, ports.org, ports.clock, known_as, since)
    facts = facts.model_copy(update={"words": said_in(ticket, request.user)})
    same_wish = before is not None and before.request.wants == request.wants
    if before and before.verdict and same_wish and (seen := _arrived(before.verdict, facts)):
        return before.model_copy(update={"seen": seen, "right": True})
    facts, verdict = _judged(facts, ports)
    if may_press and facts.app_users and not _leads_to_a_run(verdict, ports):
        recent = with_settings(facts.model_copy(update={"unreadable": None}), ports.org)
        if recent.settings != facts.settings:
            told = tuple(dict.fromkeys((*recent.evidence, *facts.evidence)))
            _, verdict = _judged(recent.model_copy(update={"evidence": told}), ports)
    return Subject(request=request, verdict=verdict)


def _leads_to_a_run(verdict: Verdict, ports: Ports) -> bool:
    directory = verdict.directory
    autonomy = ports.policy.autonomy_of(directory) if directory else ports.policy.default_autonomy
    return verdict.kind is VerdictKind.STALE_IN_OKTA and autonomy is not Autonomy.OBSERVE


def _judged(facts: Facts, ports: Ports) -> tuple[Facts, Verdict]:
    """Judge, and read more where the verdict asks for it; return what it rests on, too."""
    request, synonyms = facts.request, ports.policy.synonyms
    verdict = judge(with_words_masked(facts, ports.policy), synonyms)
    if verdict.kind is VerdictKind.NOT_MAPPED and facts.rules and request.attributes:
        facts = with_names(facts, ports.org)
        verdict = judge(facts, synonyms)
    if verdict.kind in _ASKS_FOR_HISTORY:
        facts = with_history(facts, ports.org) if facts.history is None else facts
        if verdict.kind is VerdictKind.NOT_PREDICTABLE:
            facts = with_directory_history(facts, ports.org)
        verdict = judge(with_words_masked(facts, ports.policy), synonyms)
    elif verdict.kind is VerdictKind.STALE_IN_DIRECTORY_COPY:
        facts = with_imports(facts, ports.org) if facts.imports is None else facts
        verdict = judge(with_words_masked(facts, ports.policy), synonyms)
    return facts, verdict


def look(subject: Subject, ports: Ports, not_before: datetime, others: Callable[[], Iterable[str]]) -> Subject:
    """Note what a judged subject's Okta profile holds, not older than that; `others` await the same sync."""
    verdict = subject.verdict
    if verdict is None or verdict.user_id is None:
        raise LookupError("a subject without a judged user cannot have ridden")
    user = ports.org.watched(verdict.user_id, not_before, others)
    lacking = tuple(item.attribute for item in verdict.expectations if not holds(user.profile, item))
    at, request_id = user.read_at or ports.clock.now(), user.request_id
    this = Look(
        lacking=lacking,
        updated_at=user.last_updated,
        first_at=at,
        first_request_id=request_id,
        last_at=at,
        last_request_id=request_id,
    )
    seen = tuple(
        Seen(attribute=item.attribute, value=user.profile.get(item.attribute), at=at, request_id=request_id)
        for item in verdict.expectations
    )
    return subject.model_copy(update={"seen": seen, "looks": noted(subject.looks, this), "right": not lacking})


def _arrived(before: Verdict, facts: Facts) -> tuple[Seen, ...]:
    """Return what was seen if Okta now holds all that an earlier verdict missed there, else nothing."""
    if before.kind is not VerdictKind.STALE_IN_OKTA or len(facts.users) != 1 or facts.user.id != before.user_id:
        return ()
    user: OktaUser = facts.user
    if not all(holds(user.profile, expectation) for expectation in before.expectations):
        return ()
    return tuple(
        Seen(attribute=item.attribute, value=user.profile.get(item.attribute), at=facts.at, request_id=user.request_id)
        for item in before.expectations
    )
