"""The table's second part: what is asked, what both copies hold, and what keeps the value from arriving."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.model import Basis, Expectation, LogEvent, MappingRule, Reason
from workflows.model import ReasonKind as R
from workflows.precheck.expectations import carried, left, predicted, right_already, stated, to_be_seen
from workflows.precheck.facts import INVALID_EXPRESSION
from workflows.precheck.import_causes import refusal, suspicions
from workflows.precheck.questions import Finding, Question
from workflows.precheck.schema_refusal import PEOPLE, UPDATED, breaking_values, last_refusal, newest
from workflows.values.comparing import identity, means, same
from workflows.values.keys import is_comparable
from workflows.values.masking import plain


def no_mapping(question: Question) -> Finding | None:
    """Find that this user's type has no mapping at all."""
    facts = question.facts
    return None if facts.rules else Finding(Reason.of(R.NO_MAPPING, label=facts.label))


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
    """Find that the words speak of a day that is still to come, or of one that cannot be told."""
    later, undated = question.facts.reading.later, question.facts.reading.undated
    if undated:
        return Finding(Reason.of(R.UNDATED, words=plain(undated, 60)))
    return Finding(Reason.of(R.NOT_YET, words=plain(later, 60))) if later and not question.passing else None


def already_right(question: Question) -> Finding | None:
    """Find that all that the ticket asks for came right in Okta lately: what is stated, or what a form names."""
    right = _all_right(question)
    if right and _came_lately(question):
        return Finding(Reason.of(R.ALREADY_RIGHT, names=_names(right)), right[0].attribute, right)
    return _came_since(question)


def held_for_long(question: Question) -> Finding | None:
    """Find that Okta held what the ticket states before it was opened: it is seen wrong somewhere else."""
    right = _all_right(question)
    return Finding(Reason.of(R.HELD_FOR_LONG, names=_names(right)), right[0].attribute, right) if right else None


def _all_right(question: Question) -> tuple[Expectation, ...]:
    """Return what the ticket states if Okta holds it and nothing else is asked."""
    right = right_already(question)
    more = len(right) != len(question.asks) or question.unknown or question.facts.reading.other_things
    return () if more or to_be_seen(question) else right


def _came_since(question: Question) -> Finding | None:
    """Find that what explicit channels name, without a value, was written in Okta after the ticket was opened.

    The words hold no value of it that could say otherwise, and both copies agree in it now.
    """
    facts, written = question.facts, list[LogEvent]()
    reading, opened = facts.reading, facts.opened
    unread = question.unknown or reading.other_things or reading.loose or question.open_words
    if not question.asks or unread or opened is None:
        return None
    updates = [event for event in facts.history or () if event.event_type == UPDATED and event.result != "FAILURE"]
    for ask in question.asks:
        okta, mention = facts.okta(ask.attribute), question.mention(ask.attribute)
        silent = ask.expected is None and not (ask.vague or mention.old or mention.new or mention.left_open)
        agree = facts.predictable(ask.attribute) and not facts.differs(ask.attribute)
        moved_on = ask.still is None or not means(ask.still, okta)
        since = [event for event in updates if ask.attribute in event.changed and event.published >= opened]
        if not (ask.explicit and silent and agree and moved_on and since) or same(okta, None):
            return None
        written.append(since[-1])
    held = tuple(predicted(facts, name) for name in question.attributes)
    reason = Reason.of(R.CAME_SINCE, names=_names(held), at=max(event.published for event in written))
    return Finding(reason, held[0].attribute, held, events=tuple(dict.fromkeys(written)))


def _came_lately(question: Question) -> bool:
    """Say whether Okta wrote the profile since shortly before the ticket; where that is not known, it did not."""
    facts, updated = question.facts, question.facts.user.last_updated
    return facts.recent_since is not None and updated is not None and updated >= facts.recent_since


def _names(expectations: tuple[Expectation, ...]) -> str:
    return ", ".join(item.attribute for item in expectations)


def about_to_be_undone(question: Question) -> Finding | None:
    """Find that Okta holds what is stated, and that the copy would bring another value with its next update."""
    facts = question.facts
    for ask in question.asks:
        okta, copy = facts.okta(ask.attribute), facts.copy_of(ask.attribute)
        brought = facts.predictable(ask.attribute) and facts.differs(ask.attribute)
        if ask.expected is not None and brought and means(ask.expected, okta) and not means(ask.expected, copy):
            return Finding(Reason.of(R.ABOUT_TO_BE_UNDONE, attribute=ask.attribute, label=facts.label), ask.attribute)
    return None


def spoken_against(question: Question) -> Finding | None:
    """Find that the value that a sync would bring stands beside a word for wrong, and nothing states it."""
    called_wrong = {ask.attribute: ask.still for ask in question.asks if ask.still and ask.expected is None}
    for item in to_be_seen(question):
        wrong = called_wrong.get(item.attribute)
        unstated = item.basis is Basis.PREDICTED and question.mention(item.attribute).wrong
        if unstated or (wrong and means(wrong, item.value)):
            reason = Reason.of(R.SPEAKS_AGAINST, label=question.facts.label, names=item.attribute)
            return Finding(reason, item.attribute)
    return None


def would_be_emptied(question: Question) -> Finding | None:
    """Find that a sync would erase what Okta holds of something that is asked, which nobody says should be empty."""
    names = [ask.attribute for ask in question.asks if ask.expected is None]
    if names := [name for name in names if question.would_empty_unasked(name)]:
        return Finding(Reason.of(R.WOULD_EMPTY, label=question.facts.label, names=", ".join(names)), names[0])
    return None


def sourced_elsewhere(question: Question) -> Finding | None:
    """Find an attribute that this directory may not write."""
    for ask in left(question):
        rule = question.facts.schema_of(ask.attribute)
        if rule and not question.facts.may_write(ask.attribute):
            source = {"OKTA": "Inherit from Okta", "OVERRIDE": "Override profile source"}.get(rule.master or "", "")
            return Finding(Reason.of(R.SOURCED_ELSEWHERE, attribute=ask.attribute, source=source), ask.attribute)
    return None


def not_mapped(question: Question) -> Finding | None:
    """Find an attribute that nothing fills from this directory."""
    facts = question.facts
    words = [ask.attribute for ask in left(question) if ask.attribute not in facts.rules]
    words += [plain(word, 60) for word in question.unknown]
    if not words:
        return None
    return Finding(Reason.of(R.NOT_MAPPED, label=facts.label, words=", ".join(words)), words[0])


def create_only(question: Question) -> Finding | None:
    """Find a mapping that applies to new users only."""
    for ask in left(question):
        rule = question.facts.rules.get(ask.attribute)
        if rule and not rule.on_update:
            return Finding(Reason.of(R.CREATE_ONLY, attribute=ask.attribute), ask.attribute)
    return None


def mapping_invalid(question: Question) -> Finding | None:
    """Find an expression that Okta itself could not evaluate."""
    facts, rule = question.facts, _computing(question)
    of_user = newest(facts.history or (), INVALID_EXPRESSION)
    event = of_user or newest(facts.directory_history or (), INVALID_EXPRESSION)
    if event is None or rule is None:
        return None
    kind = R.EXPRESSION_FAILED_FOR_USER if of_user else R.EXPRESSION_FAILED
    reason = Reason.of(
        kind,
        label=facts.label,
        at=event.published,
        reason=plain(event.reason or "", 120),
        attribute=rule.attribute,
        expression=plain(rule.expression, 120),
    )
    return Finding(reason, rule.attribute, events=(event,))


def not_predictable(question: Question) -> Finding | None:
    """Find an attribute that an expression computes."""
    rule = _computing(question)
    if rule is None:
        return None
    reason = Reason.of(R.COMPUTED, attribute=rule.attribute, expression=plain(rule.expression, 120))
    return Finding(reason, rule.attribute)


def _computing(question: Question) -> MappingRule | None:
    """Return the first rule in question that computes its value; every attribute that is left has a rule by now."""
    rules = (question.facts.rules[ask.attribute] for ask in left(question))
    return next((rule for rule in rules if identity(rule.expression) is None), None)


def rejected(question: Question) -> Finding | None:
    """Find that one value of this user breaks all the others on their way to Okta."""
    wanted, facts = to_be_seen(question), question.facts
    refusal, broken = last_refusal(facts), breaking_values(facts)
    if not wanted or not (refusal or broken):
        return None
    names, events = _names(wanted), (refusal,) if refusal else ()
    at = refusal.published if refusal else None
    logged = plain(refusal.reason or refusal.message or "", 120) if refusal else None
    if not broken:
        reason = Reason.of(R.UPDATE_REFUSED, names=names, at=at, reason=logged)
        return Finding(reason, wanted[0].attribute, events=events)
    attribute, why = next(iter(broken.items()))
    kind = R.VALUE_REFUSED if refusal else R.VALUE_WOULD_BE_REFUSED
    reason = Reason.of(kind, why, attribute=attribute, names=names, at=at, reason=logged)
    return Finding(reason, attribute, events=events)


def overwritten(question: Question) -> Finding | None:
    """Find that somebody changed the attribute in Okta after the directory's copy was last updated."""
    facts = question.facts
    names = {item.attribute for item in to_be_seen(question)}
    since = facts.copy_user.last_updated
    for event in reversed(facts.history or ()):
        changed = names & set(event.changed)
        by_person = event.event_type == UPDATED and event.actor_kind in PEOPLE
        if by_person and changed and since and event.published > since:
            actor = plain(event.actor_name or event.actor or "", 80)
            reason = Reason.of(R.OVERWRITTEN, names=", ".join(sorted(changed)), at=event.published, actor=actor)
            return Finding(reason, min(changed), events=(event,))
    return None


def stale_in_okta(question: Question) -> Finding | None:
    """Find the case that Force Sync is for: the copy holds it, Okta does not, and nothing known stands between."""
    wanted = to_be_seen(question)
    if not wanted or not _is_about_a_profile(question):
        return None
    reason = Reason.of(R.STALE_IN_OKTA, label=question.facts.label, names=_names(wanted))
    return Finding(reason, wanted[0].attribute, wanted)


def _is_about_a_profile(question: Question) -> bool:
    """Say whether anything tells that the ticket is about a profile, and not only a value that it holds by chance."""
    explicit = any(ask.explicit for ask in question.asks)
    told = any(item.told or (item.by_name and item.old and item.new) for item in question.mentions.values())
    return explicit or told or question.facts.reading.of_profile


def unspecific(question: Question) -> Finding | None:
    """Find that the copies differ in something, and that the ticket names nothing or says too little of it."""
    brought = to_be_seen(question) or (() if question.asks else carried(question))
    return Finding(Reason.of(R.UNSPECIFIC, names=_names(brought)), brought[0].attribute, brought) if brought else None


def agreed(question: Question) -> Finding | None:
    """Find that the ticket names something in which both copies agree, without saying what the value should be."""
    if not question.asks or to_be_seen(question):
        return None
    return Finding(Reason.of(R.AGREED, names=", ".join(question.attributes)), question.asks[0].attribute)


def nothing_said(_question: Question) -> Finding:
    """Find that the ticket names nothing, and that nothing differs."""
    return Finding(Reason.of(R.NOTHING_SAID))


def _lacking(question: Question) -> Iterator[tuple[str, Expectation]]:
    """Yield what the ticket states and the copy does not hold, as it is written and as it is expected."""
    for ask in left(question):
        if ask.expected is not None and ask.attribute in question.facts.rules:
            expectation = stated(question.facts, ask)
            if not same(question.facts.copy_of(ask.attribute), expectation.value):
                yield ask.expected, expectation


def keys_differ(question: Question) -> Finding | None:
    """Find a stated value where the copy holds a key that cannot be compared with a person's words."""
    for written, item in _lacking(question):
        if not is_comparable(written, question.facts.copy_of(item.attribute)):
            return Finding(Reason.of(R.KEYS_DIFFER, attribute=item.attribute), item.attribute)
    return None


def not_imported(question: Question) -> Finding | None:
    """Find that the copy is stale because Okta could not import this user, and why."""
    stale, event = stale_copy(question), refusal(question.facts)
    if stale is None or event is None:
        return None
    words = plain(event.reason or event.message or event.event_type, 120)
    label = question.facts.label
    reason = Reason.of(R.NOT_IMPORTED, label=label, attribute=stale.attribute, at=event.published, words=words)
    return stale._replace(reason=reason, events=(*stale.events, event))


def stale_copy(question: Question) -> Finding | None:
    """Find that the copy lacks what the ticket states, which can be compared with it."""
    facts = question.facts
    for _, item in _lacking(question):
        if facts.source_of(item.attribute):
            updated = facts.copy_user.last_updated
            reason = Reason.of(R.COPY_LACKS_IT, label=facts.label, attribute=item.attribute, updated=updated)
            return Finding(reason, item.attribute, (item,), *suspicions(facts))
    return None
