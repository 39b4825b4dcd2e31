"""Examines one subject: reads, judges, and reads more only where the first verdict needs it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from workflows.model import (
    Autonomy,
    LogEvent,
    OktaUser,
    Policy,
    ReasonKind,
    Seen,
    Subject,
    Unspecific,
    Verdict,
    VerdictKind,
)
from workflows.ports import Clock, OktaOrg
from workflows.precheck.facts import Facts
from workflows.precheck.gathering import (
    with_directory_history,
    with_history,
    with_holders,
    with_imports,
    with_names,
    with_settings,
)
from workflows.precheck.table import judge
from workflows.values.comparing import holds
from workflows.values.masking import Classes, Hidden

_ASKS_FOR_HISTORY = frozenset({VerdictKind.STALE_IN_OKTA, VerdictKind.NOT_PREDICTABLE, VerdictKind.REJECTED_BY_OKTA})


# What an administrator sets up may have been read this long ago where a press is to follow: the run reads it again.
SETTLED = timedelta(days=3)  # over a weekend


class Settings(StrEnum):
    """How old a reading of mapping and schema may be."""

    RECENT = "recent"  # some minutes
    AS_KNOWN = "as known"  # days, where the case may lead to a run


def examine(facts: Facts, before: Subject | None, org: OktaOrg, policy: Policy, settings: Settings) -> Subject:
    """Return the subject as judged now, or as seen to be right if the value came while the case waited.

    `before` is how it was judged, if the ticket still asks for the same.
    With `Settings.AS_KNOWN`, mapping and schema are taken as they are known, which spares two calls: a verdict that
    leads to a run is one that the run holds against both, read again, before it starts. Any other verdict is given on
    readings of the last minutes.
    """
    request = facts.request
    seen = _arrived(before.verdict, facts) if before and before.verdict else ()
    if before and seen:
        return before.but(seen=seen, right=True)
    facts, verdict = _judged(facts, org, policy)
    if settings is Settings.AS_KNOWN and facts.app_users and not _leads_to_a_run(verdict, policy):
        recent = with_settings(facts.but(unreadable=None), org)
        if recent.settings != facts.settings:
            evidence = tuple(dict.fromkeys((*recent.evidence, *facts.evidence)))
            _, verdict = _judged(recent.but(evidence=evidence), org, policy)
    return Subject(request=request, verdict=verdict)


def settings_since(settings: Settings, clock: Clock) -> datetime | None:
    """Return since when a reading of mapping and schema serves (UTC); None for some minutes."""
    return clock.now() - SETTLED if settings is Settings.AS_KNOWN else None


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
        verdict = judge(with_words_masked(facts, policy), synonyms)
    if verdict.kind in _ASKS_FOR_HISTORY:
        facts = with_history(facts, org) if facts.history is None else facts
        facts = with_holders(facts, org)
        if verdict.kind is VerdictKind.NOT_PREDICTABLE:
            facts = with_directory_history(facts, org)
        verdict = judge(with_words_masked(facts, policy), synonyms)
    elif verdict.reason.kind is ReasonKind.AGREED and request.attributes:
        facts = with_history(facts, org) if facts.history is None else facts
        verdict = judge(with_words_masked(facts, policy), synonyms)
    elif verdict.kind is VerdictKind.STALE_IN_DIRECTORY_COPY:
        facts = with_imports(facts, org) if facts.imports is None else facts
        verdict = judge(with_words_masked(facts, policy), synonyms)
    directory = verdict.directory
    automatic = directory is not None and policy.autonomy_of(directory) is Autonomy.AUTO
    if policy.unspecific is Unspecific.SYNC and automatic:
        verdict = served_unnamed(verdict, facts, org, policy)
    return facts, verdict


def served_unnamed(verdict: Verdict, facts: Facts, org: OktaOrg, policy: Policy) -> Verdict:
    """Return the verdict that brings the whole drift for a ticket that names nothing; its end is always confirmed.

    What would keep a named attribute from being brought keeps the drift from it too; it is then asked what is meant.
    """
    words = facts.reading
    if verdict.kind is not VerdictKind.UNSPECIFIC or facts.named or words.other_things or not words.of_profile:
        return verdict
    facts = with_holders(with_history(facts, org) if facts.history is None else facts, org)
    drift = tuple(item.attribute for item in verdict.expectations)
    found = judge(with_words_masked(facts, policy), policy.synonyms, asked=drift)
    return verdict.but(kind=found.kind, evidence=found.evidence) if found.kind is VerdictKind.STALE_IN_OKTA else verdict


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


def with_words_masked(facts: Facts, classes: Classes) -> Facts:
    """Hide the user's values in what Okta tells in its own words, so that every sentence that quotes it is harmless."""
    profiles = [*(user.profile for user in facts.users), *(copy.profile for copy in facts.app_users)]
    hide = Hidden(profiles, classes, addresses=True)
    told = {name: _quoted(getattr(facts, name), hide) for name in ("history", "directory_history")}
    imports = facts.imports and facts.imports.but(
        directory_events=_quoted(facts.imports.directory_events, hide),
        user_events=_quoted(facts.imports.user_events, hide),
        agents_unread=hide(facts.imports.agents_unread),
        log_unread=hide(facts.imports.log_unread),
    )
    unreadable = hide(facts.unreadable) if facts.unreadable else None
    return facts.but(**told, imports=imports, unreadable=unreadable)


def _quoted(events: tuple[LogEvent, ...] | None, hide: Hidden) -> tuple[LogEvent, ...] | None:
    if events is None:
        return None
    return tuple(
        event.but(
            reason=hide(event.reason) if event.reason else None, message=hide(event.message) if event.message else None
        )
        for event in events
    )
