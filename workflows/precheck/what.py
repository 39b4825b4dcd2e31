"""The table's second part: what is asked, what both copies hold, and what keeps the value from arriving."""

from __future__ import annotations

from workflows.model import Basis, Expectation, LogEvent, Reason
from workflows.model import ReasonKind as R
from workflows.precheck.expectations import (
    carried,
    left,
    predictable,
    right_already,
    stated,
    to_be_seen,
    written_by_directory,
)
from workflows.precheck.facts import INVALID_EXPRESSION
from workflows.precheck.finding import Finding
from workflows.precheck.import_causes import refusal, suspicions, told_by
from workflows.precheck.questions import Question, copy_of, differs
from workflows.precheck.schema_refusal import PEOPLE, UPDATED, breaking_values, last_refusal, newest
from workflows.values.comparing import identity, means, same
from workflows.values.keys import is_comparable
from workflows.values.masking import plain


def no_mapping(question: Question) -> Finding | None:
    """Find that this user's type has no mapping at all."""
    if question.facts.rules:
        return None
    return Finding(Reason.of(R.NO_MAPPING, label=question.facts.copy_user.directory.label))


def which_attribute(question: Question) -> Finding | None:
    """Find that a value or what the words are about fits no single attribute."""
    if question.undecided:
        words = ", ".join(plain(word, 60) for word in question.undecided)
        return Finding(Reason.of(R.SEVERAL_ATTRIBUTES, words=words))
    if question.loose:
        return Finding(Reason.of(R.NO_SINGLE_ATTRIBUTE))
    return None


def objected(question: Question) -> Finding | None:
    """Find that the words speak against a sync."""
    guard = question.facts.reading.guard
    return Finding(Reason.of(R.OBJECTED, words=plain(guard, 120))) if guard else None


def not_yet(question: Question) -> Finding | None:
    """Find that the words speak of a day that is still to come."""
    later = question.facts.reading.later
    return Finding(Reason.of(R.NOT_YET, words=plain(later, 60))) if later and not question.passing else None


def already_right(question: Question) -> Finding | None:
    """Find that all that the ticket asks for came right in Okta lately: what is stated, or what a form names."""
    right = _all_right(question)
    if right and not question.unknown and _came_lately(question):
        return Finding(Reason.of(R.ALREADY_RIGHT, names=_names(right)), right[0].attribute, right)
    return _came_since(question)


def held_for_long(question: Question) -> Finding | None:
    """Find that Okta held what the ticket states before it was opened: it is seen wrong somewhere else."""
    right = _all_right(question)
    if right and not question.unknown:
        return Finding(Reason.of(R.HELD_FOR_LONG, names=_names(right)), right[0].attribute, right)
    return None


def _all_right(question: Question) -> tuple[Expectation, ...]:
    right = right_already(question)
    only = len(right) == len(question.asks) and not question.facts.reading.other_things
    return right if right and only and not to_be_seen(question) else ()


def _came_since(question: Question) -> Finding | None:
    """Find that what explicit channels name, without a value, was written in Okta after the ticket was opened.

    The words hold no value of it that could say otherwise, and both copies agree in it now.
    """
    facts, written = question.facts, list[LogEvent]()
    reading, opened = facts.reading, facts.opened
    if not question.asks or question.unknown or opened is None or reading.other_things or reading.loose:
        return None
    updates = [event for event in facts.history or () if event.event_type == UPDATED and event.result != "FAILURE"]
    for ask in question.asks:
        okta, mention = facts.user.profile.get(ask.attribute), question.mention(ask.attribute)
        silent = ask.expected is None and not (ask.vague or mention.old or mention.new)
        agree = predictable(facts, ask.attribute) and not differs(facts, ask.attribute)
        moved_on = ask.still is None or not means(ask.still, okta)
        since = [event for event in updates if ask.attribute in event.changed and event.published >= opened]
        if not (ask.explicit and silent and agree and moved_on and since):
            return None
        written.append(since[-1])
    held = tuple(
        Expectation(attribute=name, value=copy_of(facts, name), basis=Basis.PREDICTED) for name in question.attributes
    )
    at = max(event.published for event in written)
    reason = Reason.of(R.CAME_SINCE, names=_names(held), at=at)
    return Finding(reason, held[0].attribute, held, events=tuple(dict.fromkeys(written)))


def _came_lately(question: Question) -> bool:
    """Say whether Okta wrote the profile since shortly before the ticket; where that is not known, it did not."""
    facts, updated = question.facts, question.facts.user.last_updated
    return facts.recent_since is not None and updated is not None and updated >= facts.recent_since


def _names(expectations: tuple[Expectation, ...]) -> str:
    return ", ".join(item.attribute for item in expectations)


def about_to_be_undone(question: Question) -> Finding | None:
    """Find that Okta holds what is stated, and that the copy would bring another value with its next update."""
    for ask in question.asks:
        okta, copy = question.facts.user.profile.get(ask.attribute), copy_of(question.facts, ask.attribute)
        brought = predictable(question.facts, ask.attribute) and differs(question.facts, ask.attribute)
        if ask.expected is not None and brought and means(ask.expected, okta) and not means(ask.expected, copy):
            label = question.facts.copy_user.directory.label
            return Finding(Reason.of(R.ABOUT_TO_BE_UNDONE, attribute=ask.attribute, label=label), ask.attribute)
    return None


def spoken_against(question: Question) -> Finding | None:
    """Find that the value that a sync would bring stands beside a word for wrong, and nothing states it."""
    called_wrong = {ask.attribute: ask.still for ask in question.asks if ask.still and ask.expected is None}
    for item in to_be_seen(question):
        wrong, label = called_wrong.get(item.attribute), question.facts.copy_user.directory.label
        unstated = item.basis is Basis.PREDICTED and question.mention(item.attribute).wrong
        if unstated or (wrong and means(wrong, item.value)):
            return Finding(Reason.of(R.SPEAKS_AGAINST, label=label, names=item.attribute), item.attribute)
    return None


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
    names = _names(wanted)
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


def stale_in_okta(question: Question) -> Finding | None:
    """Find the case that Force Sync is for: the copy holds it, Okta does not, and nothing known stands between."""
    wanted = to_be_seen(question)
    if not wanted or not _is_about_a_profile(question):
        return None
    label = question.facts.copy_user.directory.label
    return Finding(Reason.of(R.STALE_IN_OKTA, label=label, names=_names(wanted)), wanted[0].attribute, wanted)


def _is_about_a_profile(question: Question) -> bool:
    """Say whether anything tells that the ticket is about a profile, and not only a value that it holds by chance."""
    explicit = any(ask.explicit for ask in question.asks)
    told = any(item.told or (item.by_name and item.old and item.new) for item in question.mentions.values())
    return explicit or told or question.facts.reading.of_profile


def unspecific(question: Question) -> Finding | None:
    """Find that the copies differ in something, and that the ticket names nothing or says too little of it."""
    brought = to_be_seen(question) or (() if question.asks else carried(question))
    if not brought:
        return None
    return Finding(Reason.of(R.UNSPECIFIC, names=_names(brought)), brought[0].attribute, brought)


def agreed(question: Question) -> Finding | None:
    """Find that the ticket names something in which both copies agree, without saying what the value should be."""
    if not question.asks or to_be_seen(question):
        return None
    return Finding(Reason.of(R.AGREED, names=", ".join(question.attributes)), question.asks[0].attribute)


def nothing_said(_question: Question) -> Finding:
    """Find that the ticket names nothing, and that nothing differs."""
    return Finding(Reason.of(R.NOTHING_SAID))


def keys_differ(question: Question) -> Finding | None:
    """Find a stated value where the copy holds a key that cannot be compared with a person's words."""
    facts = question.facts
    for ask in left(question):
        copy = copy_of(facts, ask.attribute)
        if ask.expected is None or ask.attribute not in facts.rules or same(copy, stated(facts, ask).value):
            continue
        if not is_comparable(ask.expected, copy):
            return Finding(Reason.of(R.KEYS_DIFFER, attribute=ask.attribute), ask.attribute)
    return None


def not_imported(question: Question) -> Finding | None:
    """Find that the copy is stale because Okta could not import this user, and why."""
    stale, event = stale_copy(question), refusal(question.facts)
    if stale is None or event is None:
        return None
    words = plain(event.reason or event.message or event.event_type, 120)
    label = question.facts.copy_user.directory.label
    reason = Reason.of(R.NOT_IMPORTED, label=label, attribute=stale.attribute, at=event.published, words=words)
    return stale._replace(reason=reason, events=(*stale.events, event))


def stale_copy(question: Question) -> Finding | None:
    """Find that the copy lacks what the ticket states, which can be compared with it."""
    facts = question.facts
    for ask in left(question):
        rule = facts.rules.get(ask.attribute)
        if ask.expected is None or rule is None or identity(rule.expression) is None:
            continue
        expectation, copy = stated(facts, ask), copy_of(facts, ask.attribute)
        if same(copy, expectation.value):
            continue
        label, updated = facts.copy_user.directory.label, facts.copy_user.last_updated
        reason = Reason.of(R.COPY_LACKS_IT, label=label, attribute=ask.attribute, updated=updated)
        return Finding(reason, ask.attribute, (expectation,), suspicions(facts), told_by(facts))
    return None
