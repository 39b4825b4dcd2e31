"""Examines one subject: reads, judges, and reads more only where the first verdict needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from workflows.model import Autonomy, LogEvent, Policy, ReasonKind, Seen, Subject, Unspecific, Verdict
from workflows.model import VerdictKind as V
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
from workflows.values.masking import Hidden

# What else is read for a first verdict, before it is judged again.
READ_FOR: Mapping[V, Sequence[Callable[[Facts, OktaOrg], Facts]]] = {
    V.STALE_IN_OKTA: (with_history, with_holders),
    V.REJECTED_BY_OKTA: (with_history, with_holders),
    V.NOT_PREDICTABLE: (with_history, with_holders, with_directory_history),
    V.STALE_IN_DIRECTORY_COPY: (with_imports,),
}
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
    seen = _arrived(before.verdict, facts) if before and before.verdict else ()
    if before and seen:
        return before.but(seen=seen, right=True)
    facts, verdict = _judged(facts, org, policy)
    leads_to_a_run = verdict.kind is V.STALE_IN_OKTA and policy.autonomy_of(verdict.directory) is not Autonomy.OBSERVE
    if settings is Settings.AS_KNOWN and facts.app_users and not leads_to_a_run:
        recent = with_settings(facts.but(unreadable=None), org)
        if recent.settings != facts.settings:
            evidence = tuple(dict.fromkeys((*recent.evidence, *facts.evidence)))
            _, verdict = _judged(recent.but(evidence=evidence), org, policy)
    return Subject(request=facts.request, verdict=verdict)


def settings_since(settings: Settings, clock: Clock) -> datetime | None:
    """Return since when a reading of mapping and schema serves (UTC); None for some minutes."""
    return clock.now() - SETTLED if settings is Settings.AS_KNOWN else None


def _judged(facts: Facts, org: OktaOrg, policy: Policy) -> tuple[Facts, Verdict]:
    """Judge, and read more where the verdict asks for it; return what it rests on, too."""
    verdict, asked = _judge(facts, policy), facts.request.attributes
    if verdict.kind is V.NOT_MAPPED and facts.rules and asked:
        facts = with_names(facts, org)
        verdict = _judge(facts, policy)
    agreed = asked and verdict.reason.kind is ReasonKind.AGREED
    if reads := (with_history,) if agreed else READ_FOR.get(verdict.kind):
        for read in reads:
            facts = read(facts, org)
        verdict = _judge(facts, policy)
    if policy.unspecific is Unspecific.SYNC and policy.autonomy_of(verdict.directory) is Autonomy.AUTO:
        verdict = served_unnamed(verdict, facts, org, policy)
    return facts, verdict


def _judge(facts: Facts, policy: Policy, asked: tuple[str, ...] = ()) -> Verdict:
    return judge(_with_words_masked(facts, policy), policy.synonyms, asked)


def served_unnamed(verdict: Verdict, facts: Facts, org: OktaOrg, policy: Policy) -> Verdict:
    """Return the verdict that brings the whole drift for a ticket that names nothing; its end is always confirmed.

    What would keep a named attribute from being brought keeps the drift from it too; it is then asked what is meant.
    """
    words = facts.reading
    if verdict.kind is not V.UNSPECIFIC or facts.named or words.other_things or not words.of_profile:
        return verdict
    facts = with_holders(with_history(facts, org), org)
    found = _judge(facts, policy, asked=tuple(item.attribute for item in verdict.expectations))
    return verdict.but(kind=found.kind, evidence=found.evidence) if found.kind is V.STALE_IN_OKTA else verdict


def _arrived(before: Verdict, facts: Facts) -> tuple[Seen, ...]:
    """Return what was seen if Okta now holds all that an earlier verdict missed there, else nothing."""
    if before.kind is not V.STALE_IN_OKTA or len(facts.users) != 1 or facts.user.id != before.user_id:
        return ()
    if not all(holds(facts.user.profile, expectation) for expectation in before.expectations):
        return ()
    names = (item.attribute for item in before.expectations)
    request_id = facts.user.request_id
    return tuple(Seen(attribute=name, value=facts.okta(name), at=facts.at, request_id=request_id) for name in names)


def _with_words_masked(facts: Facts, policy: Policy) -> Facts:
    """Hide the user's values in what Okta tells in its own words, so that every sentence that quotes it is harmless."""
    hide = Hidden(facts.profiles, policy, addresses=True)
    told = {name: _quoted(getattr(facts, name), hide) for name in ("history", "directory_history")}
    imports = facts.imports and facts.imports.but(
        directory_events=_quoted(facts.imports.directory_events, hide),
        user_events=_quoted(facts.imports.user_events, hide),
        agents_unread=hide(facts.imports.agents_unread),
        log_unread=hide(facts.imports.log_unread),
    )
    return facts.but(**told, imports=imports, unreadable=facts.unreadable and hide(facts.unreadable))


def _quoted(events: tuple[LogEvent, ...] | None, hide: Hidden) -> tuple[LogEvent, ...] | None:
    return events and tuple(
        event.but(reason=event.reason and hide(event.reason), message=event.message and hide(event.message))
        for event in events
    )
