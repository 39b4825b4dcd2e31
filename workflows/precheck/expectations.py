"""What the Okta profile should hold: stated by the ticket, or predicted by an identity mapping; and how surely.

Only an expression that is exactly `appuser.<name>` predicts a value; everything else is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping

from workflows.model import (
    AppUser,
    AttributeRule,
    Basis,
    Directory,
    Expectation,
    Observation,
    OktaUser,
    ProfileMapping,
    Verdict,
)
from workflows.precheck.facts import PROFILE_SOURCE, Facts
from workflows.precheck.questions import PERSON, Ask, Question, copy_of, differs
from workflows.values.comparing import begins_with, holds, identity, same, without_remark
from workflows.values.keys import is_all_meant, is_meant

GONE = frozenset({"DEPROVISIONED", "SUSPENDED"})  # statuses of users whom profile updates are not expected to reach


def stated(facts: Facts, ask: Ask) -> Expectation:
    """Take the ticket's value as the directory's copy spells it, or else as Okta does, where either holds it.

    Where more is written behind a value that one of them holds, that value is meant, though not surely.
    """
    written = ask.expected or ""
    held = (copy_of(facts, ask.attribute), facts.user.profile.get(ask.attribute))
    value = next((item for item in held if written and is_meant(written, item)), None)
    if value is None:
        value = next((item for item in held if written and begins_with(written, item)), written)
    return Expectation(attribute=ask.attribute, value=value, basis=Basis.STATED)


def _surely(ask: Ask, item: Expectation) -> bool:
    """Return whether a stated value is all that the ticket writes, and the whole of what is held."""
    written = ask.expected
    if written is None or written == item.value:
        return True
    meant = is_meant(written, item.value) or is_meant(without_remark(written), item.value)
    return meant and is_all_meant(written, item.value)


def to_be_seen(question: Question) -> tuple[Expectation, ...]:
    """Return what was asked and Okta lacks: what is stated, else what an identity mapping brings."""
    found = []
    for ask in question.asks:
        if ask.expected is not None:
            expectation = stated(question.facts, ask)
        elif predictable(question.facts, ask.attribute):
            value = copy_of(question.facts, ask.attribute)
            expectation = Expectation(attribute=ask.attribute, value=value, basis=Basis.PREDICTED)
        else:
            continue
        if not holds(question.facts.user.profile, expectation):
            found.append(expectation)
    return tuple(found)


def carried(question: Question) -> tuple[Expectation, ...]:
    """Return what a sync would bring along; an empty copy clears nothing that nobody spoke of."""
    facts = question.facts
    return tuple(
        Expectation(attribute=name, value=copy_of(facts, name), basis=Basis.PREDICTED)
        for name in facts.rules
        if name not in question.attributes
        and predictable(facts, name)
        and differs(facts, name)
        and not same(copy_of(facts, name), None)
    )


def left(question: Question) -> tuple[Ask, ...]:
    """Return the asks that Okta does not answer rightly already."""
    done = {item.attribute for item in right_already(question)}
    return tuple(ask for ask in question.asks if ask.attribute not in done)


def right_already(question: Question) -> tuple[Expectation, ...]:
    """Return what the ticket states and Okta holds."""
    expected = ((ask, stated(question.facts, ask)) for ask in question.asks if ask.expected is not None)
    return tuple(item for ask, item in expected if _surely(ask, item) and holds(question.facts.user.profile, item))


def predictable(facts: Facts, attribute: str) -> bool:
    """Say whether a sync would write just the copy's value: an identity mapping, on update, from the right source."""
    rule = facts.rules.get(attribute)
    return (
        rule is not None
        and identity(rule.expression) is not None
        and rule.on_update
        and written_by_directory(facts, attribute)
    )


def written_by_directory(facts: Facts, attribute: str) -> bool:
    """Say whether the schema lets this directory write the attribute; where it does not tell, it does."""
    return may_write(facts.schema_of(attribute), facts.copy_user.directory)


def may_write(rule: AttributeRule | None, directory: Directory) -> bool:
    """Say whether a rule of the user schema lets a directory write its attribute."""
    if rule is None or rule.master not in {"OKTA", "OVERRIDE"}:
        return True
    return rule.master == "OVERRIDE" and rule.apps[:1] == (directory.ref.app_id,)


def still_helps(
    verdict: Verdict,
    user: OktaUser,
    app_user: AppUser | None,
    mapping: ProfileMapping | None,
    rules: Mapping[str, AttributeRule],
) -> bool:
    """Say whether a Force Sync would still bring Okta what the verdict expects, by facts read again just now."""
    if app_user is None or mapping is None or user.status in GONE:
        return False
    directory = app_user.directory
    if not directory.active or PROFILE_SOURCE not in directory.features or app_user.scope == "GROUP":
        return False
    for expectation in verdict.expectations:
        rule = mapping.rules.get(expectation.attribute)
        name = identity(rule.expression) if rule and rule.on_update else None
        if name is None or not same(app_user.profile.get(name), expectation.value):
            return False
        if not may_write(rules.get(expectation.attribute), app_user.directory):
            return False
    return not all(holds(user.profile, expectation) for expectation in verdict.expectations)


def observations(question: Question) -> tuple[Observation, ...]:
    """Put both copies side by side for the attributes in question, or else for those that differ."""
    facts = question.facts
    attributes = question.attributes or tuple(item.attribute for item in to_be_seen(question))
    return tuple(_observed(facts, attribute) for attribute in attributes)


def _observed(facts: Facts, attribute: str) -> Observation:
    rule = facts.rules.get(attribute)
    return Observation(
        attribute=attribute,
        okta=facts.user.profile.get(attribute),
        source=identity(rule.expression) if rule else None,
        app_user=copy_of(facts, attribute),
        expression=rule.expression if rule else None,
    )


def is_firm(question: Question) -> bool:
    """Say whether the words themselves name all that is to come right, and speak of nothing else.

    An explicit channel names it, with the value or with none at all; or the words hold the value beside the attribute's
    name or beside the value that Okta showed. What they name and in which nothing differs is left open.
    """
    brought = {item.attribute: item for item in to_be_seen(question)}
    stated_names = {ask.attribute for ask in question.asks if ask.expected is not None}
    if question.unknown or question.undecided or question.loose or any(ask.vague for ask in question.asks):
        return False
    if any(ask.attribute not in brought for ask in question.asks if ask.explicit and ask.expected is None):
        return False
    for name, mention in question.mentions.items():
        left_open = mention.in_doubt or (mention.left_open and not stated_names)
        if left_open and (mention.by_name or name not in PERSON) and name not in {*brought, *stated_names}:
            return False
    for ask in question.asks:
        item = brought.get(ask.attribute)
        if item is not None and not _surely(ask, item):
            return False
        if item is None or item.basis is Basis.STATED:
            continue
        mention, reading = question.mention(ask.attribute), question.facts.reading
        unlike = (reading.loose or mention.old) and not mention.new  # the words hold some other value, or may
        alone = not (stated_names or reading.other_things or unlike)
        if not (mention.sure or (ask.explicit and ask.still is None and alone)):
            return False
    return True
