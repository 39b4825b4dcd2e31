"""Examines one subject: reads, judges, and reads more only where the first verdict needs it."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from workflows.model import Autonomy, OktaUser, Policy, Request, Seen, Subject, Ticket, Verdict, VerdictKind
from workflows.ports import Clock, OktaOrg
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
from workflows.values.comparing import holds

_ASKS_FOR_HISTORY = frozenset({VerdictKind.STALE_IN_OKTA, VerdictKind.NOT_PREDICTABLE, VerdictKind.REJECTED_BY_OKTA})


# What an administrator sets up may have been read this long ago where a press is to follow: the run reads it again.
SETTLED = timedelta(hours=12)


class Settings(StrEnum):
    """How old a reading of mapping and schema may be."""

    RECENT = "recent"  # some minutes
    AS_KNOWN = "as known"  # hours, where the case may lead to a run


def examine(
    request: Request,
    ticket: Ticket,
    before: Subject | None,
    org: OktaOrg,
    clock: Clock,
    policy: Policy,
    settings: Settings = Settings.RECENT,
) -> Subject:
    """Return the subject as judged now, or as seen to be right if the value came while the case waited.

    With `Settings.AS_KNOWN`, mapping and schema are taken as they are known, which spares two calls: a verdict that
    leads to a run is one that the run holds against both, read again, before it starts. Any other verdict is given on
    readings of the last minutes.
    """
    known_as = before.verdict.user_id if before and before.verdict else None
    as_known = settings is Settings.AS_KNOWN
    since = clock.now() - SETTLED if as_known else None
    facts = gather(request, ticket.requester, org, clock, known_as, since)
    facts = facts.but(words=said_in(ticket, request.user))
    same_wish = before is not None and before.request.wants == request.wants
    if before and before.verdict and same_wish and (seen := _arrived(before.verdict, facts)):
        return before.but(seen=seen, right=True)
    facts, verdict = _judged(facts, org, policy)
    if as_known and facts.app_users and not _leads_to_a_run(verdict, policy):
        recent = with_settings(facts.but(unreadable=None), org)
        if recent.settings != facts.settings:
            told = tuple(dict.fromkeys((*recent.evidence, *facts.evidence)))
            _, verdict = _judged(recent.but(evidence=told), org, policy)
    return Subject(request=request, verdict=verdict)


def _leads_to_a_run(verdict: Verdict, policy: Policy) -> bool:
    directory = verdict.directory
    autonomy = policy.autonomy_of(directory) if directory else policy.default_autonomy
    return verdict.kind is VerdictKind.STALE_IN_OKTA and autonomy is not Autonomy.OBSERVE


def _judged(facts: Facts, org: OktaOrg, policy: Policy) -> tuple[Facts, Verdict]:
    """Judge, and read more where the verdict asks for it; return what it rests on, too."""
    request, synonyms = facts.request, policy.synonyms
    verdict = judge(with_words_masked(facts, policy), synonyms)
    if verdict.kind is VerdictKind.NOT_MAPPED and facts.rules and request.attributes:
        facts = with_names(facts, org)
        verdict = judge(facts, synonyms)
    if verdict.kind in _ASKS_FOR_HISTORY:
        facts = with_history(facts, org) if facts.history is None else facts
        if verdict.kind is VerdictKind.NOT_PREDICTABLE:
            facts = with_directory_history(facts, org)
        verdict = judge(with_words_masked(facts, policy), synonyms)
    elif verdict.kind is VerdictKind.STALE_IN_DIRECTORY_COPY:
        facts = with_imports(facts, org) if facts.imports is None else facts
        verdict = judge(with_words_masked(facts, policy), synonyms)
    return facts, verdict


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
