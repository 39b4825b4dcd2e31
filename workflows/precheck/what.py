"""The table's second part: what is asked, what both copies hold, and what keeps the value from arriving."""

from __future__ import annotations

from workflows.model import Expectation, Reason
from workflows.model import ReasonKind as R
from workflows.precheck.expectations import left, right_already, stated, to_be_seen, written_by_directory
from workflows.precheck.facts import INVALID_EXPRESSION, Facts
from workflows.precheck.finding import Finding
from workflows.precheck.import_causes import suspicions, told_by
from workflows.precheck.questions import Ask, Question, copy_of
from workflows.precheck.schema_refusal import PEOPLE, UPDATED, breaking_values, last_refusal, newest
from workflows.precheck.words.complaints import complains_of
from workflows.values.comparing import identity, same
from workflows.values.masking import plain


def no_mapping(question: Question) -> Finding | None:
    """Find that this user's type has no mapping at all."""
    if question.facts.rules:
        return None
    label = question.facts.copy_user.directory.label
    return Finding(Reason.of(R.NO_MAPPING, label=label))


def which_attribute(question: Question) -> Finding | None:
    """Find that a value or what the words are about fits no single attribute."""
    if question.undecided:
        words = ", ".join(plain(word, 60) for word in question.undecided)
        return Finding(Reason.of(R.SEVERAL_ATTRIBUTES, words=words))
    if question.loose:
        return Finding(Reason.of(R.NO_SINGLE_ATTRIBUTE))
    return None


def already_right(question: Question) -> Finding | None:
    """Find that Okta holds every value that the ticket states, and that it asks for nothing else."""
    right = right_already(question)
    if not right or len(right) < len(question.asks) or question.unknown:
        return None
    names = ", ".join(item.attribute for item in right)
    return Finding(Reason.of(R.ALREADY_RIGHT, names=names), right[0].attribute, right)


def sourced_elsewhere(question: Question) -> Finding | None:
    """Find an attribute that this directory may not write."""
    for ask in left(question):
        rule = question.facts.schema_of(ask.attribute)
        if rule and not written_by_directory(question.facts, ask.attribute):
            source = {"OKTA": "Inherit from Okta", "OVERRIDE": "Override profile source"}.get(rule.master or "", "")
            return Finding(Reason.of(R.SOURCED_ELSEWHERE, attribute=ask.attribute, source=source), ask.attribute)
    return None


def not_mapped(question: Question) -> Finding | None:
    """Find an attribute that nothing fills from this directory."""
    label = question.facts.copy_user.directory.label
    unmapped = [ask.attribute for ask in left(question) if ask.attribute not in question.facts.rules]
    words = [*unmapped, *(plain(word, 60) for word in question.unknown)]
    if not words:
        return None
    return Finding(Reason.of(R.NOT_MAPPED, label=label, words=", ".join(words)), words[0])


def create_only(question: Question) -> Finding | None:
    """Find a mapping that applies to new users only."""
    for ask in left(question):
        rule = question.facts.rules.get(ask.attribute)
        if rule and not rule.on_update:
            return Finding(Reason.of(R.CREATE_ONLY, attribute=ask.attribute), ask.attribute)
    return None


def mapping_invalid(question: Question) -> Finding | None:
    """Find an expression that Okta itself could not evaluate."""
    facts = question.facts
    of_user = newest(facts.history or (), INVALID_EXPRESSION)
    event = of_user or newest(facts.directory_history or (), INVALID_EXPRESSION)
    if event is None:
        return None
    kind = R.EXPRESSION_FAILED_FOR_USER if of_user else R.EXPRESSION_FAILED
    for ask in left(question):
        expression = facts.rules[ask.attribute].expression
        if identity(expression) is None:
            reason = Reason.of(
                kind,
                label=facts.copy_user.directory.label,
                at=event.published,
                reason=plain(event.reason or "", 120),
                attribute=ask.attribute,
                expression=plain(expression, 120),
            )
            return Finding(reason, ask.attribute, events=(event,))
    return None


def not_predictable(question: Question) -> Finding | None:
    """Find an attribute that an expression computes."""
    for ask in left(question):
        expression = question.facts.rules[ask.attribute].expression
        if identity(expression) is None:
            reason = Reason.of(R.COMPUTED, attribute=ask.attribute, expression=plain(expression, 120))
            return Finding(reason, ask.attribute)
    return None


def rejected(question: Question) -> Finding | None:
    """Find that one value of this user breaks all the others on their way to Okta."""
    wanted, facts = to_be_seen(question), question.facts
    if not wanted:
        return None
    names = ", ".join(item.attribute for item in wanted)
    refusal, broken = last_refusal(facts), breaking_values(facts)
    events = (refusal,) if refusal else ()
    at = refusal.published if refusal else None
    logged = plain(refusal.reason or refusal.message or "", 120) if refusal else None
    if broken:
        kind = R.VALUE_REFUSED if refusal else R.VALUE_WOULD_BE_REFUSED
        first = broken[0]
        reason = Reason.of(kind, first.why, attribute=first.attribute, names=names, at=at, reason=logged)
        return Finding(reason, first.attribute, events=events)
    if refusal is None:
        return None
    reason = Reason.of(R.UPDATE_REFUSED, names=names, at=at, reason=logged)
    return Finding(reason, wanted[0].attribute, events=events)


def overwritten(question: Question) -> Finding | None:
    """Find that somebody changed the attribute in Okta after the directory's copy was last updated."""
    facts = question.facts
    names = {item.attribute for item in to_be_seen(question)}
    since = facts.copy_user.last_updated
    for event in reversed(facts.history or ()):
        changed = names & set(event.changed)
        by_person = event.event_type == UPDATED and event.actor_kind in PEOPLE
        if by_person and changed and since and event.published > since:
            reason = Reason.of(
                R.OVERWRITTEN,
                names=", ".join(sorted(changed)),
                at=event.published,
                actor=plain(event.actor_name or event.actor or "", 80),
            )
            return Finding(reason, min(changed), events=(event,))
    return None


def partly_told(question: Question) -> Finding | None:
    """Find an attribute that the ticket names, that agrees in both copies and has no stated value, beside others.

    A sync would mend the others and leave it open whether this one is right, so it is asked first.
    """
    wanted = {item.attribute for item in to_be_seen(question)}
    untold = [ask.attribute for ask in question.asks if ask.expected is None and ask.attribute not in wanted]
    if not untold or not wanted:
        return None
    return Finding(Reason.of(R.PARTLY_SAID, names=", ".join(untold)), untold[0])


def stale_in_okta(question: Question) -> Finding | None:
    """Find the case that Force Sync is for: the copy holds it, Okta does not, and nothing known stands between."""
    wanted = to_be_seen(question)
    if not wanted:
        return None
    names = ", ".join(item.attribute for item in wanted)
    label = question.facts.copy_user.directory.label
    return Finding(Reason.of(R.STALE_IN_OKTA, label=label, names=names), wanted[0].attribute, wanted)


def cannot_tell(question: Question) -> Finding:
    """Find that both copies agree and that the ticket says nothing against them."""
    if not question.asks:
        return Finding(Reason.of(R.NOTHING_DIFFERED))
    names = ", ".join(question.attributes)
    gone = next((ask for ask in question.asks if ask.still is not None and not _still_shown(question, ask)), None)
    if gone:
        return Finding(Reason.of(R.NO_LONGER_WRONG, names=names, attribute=gone.attribute))
    return Finding(Reason.of(R.PARTLY_SAID, names=names))


def _still_shown(question: Question, ask: Ask) -> bool:
    return same(question.facts.user.profile.get(ask.attribute), ask.still)


def stale_copy(question: Question) -> Finding | None:
    """Find that the copy lacks what the ticket states, or holds what the ticket complains about."""
    facts = question.facts
    for ask in left(question):
        rule = facts.rules.get(ask.attribute)
        if rule is None or identity(rule.expression) is None:
            continue
        if ask.expected is not None:
            expectation = stated(facts, ask)
            if not same(copy_of(facts, ask.attribute), expectation.value):
                return _found(facts, R.COPY_LACKS_IT, ask.attribute, (expectation,))
        elif _both_hold_what_is_complained_about(facts, ask):
            return _found(facts, R.COPY_HOLDS_THE_OLD, ask.attribute)
    return None


def _found(facts: Facts, kind: R, attribute: str, expectations: tuple[Expectation, ...] = ()) -> Finding:
    copy = facts.copy_user
    reason = Reason.of(kind, label=copy.directory.label, attribute=attribute, updated=copy.last_updated)
    return Finding(reason, attribute, expectations, suspicions(facts), told_by(facts))


def _both_hold_what_is_complained_about(facts: Facts, ask: Ask) -> bool:
    shown = facts.user.profile.get(ask.attribute)
    return same(copy_of(facts, ask.attribute), shown) and complains_of(facts.words, shown)
