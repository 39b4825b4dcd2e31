"""What the Okta profile should hold: stated by the ticket, or predicted by an identity mapping; and how surely.

Only an expression that is exactly `appuser.<name>` predicts a value; everything else is never guessed.
"""

from __future__ import annotations

from workflows.model import Basis, Expectation, Observation, Verdict
from workflows.precheck.facts import Facts
from workflows.precheck.questions import PERSON, Ask, Question
from workflows.values.comparing import begins_with, holds, may_want_its_case, same, without_remark
from workflows.values.keys import is_all_meant, is_meant

GONE = frozenset({"DEPROVISIONED", "SUSPENDED"})  # statuses of users whom profile updates are not expected to reach


def stated(facts: Facts, ask: Ask) -> Expectation:
    """Take the ticket's value as the directory's copy spells it, or else as Okta does, where either holds it.

    Where more is written behind a value that one of them holds, that value is meant, though not surely.
    """
    written = ask.expected or ""
    held = (facts.copy_of(ask.attribute), facts.okta(ask.attribute))
    value = next((item for item in held if written and is_meant(written, item)), None)
    if value is None:
        value = next((item for item in held if written and begins_with(written, item)), written)
    return Expectation(attribute=ask.attribute, value=value, basis=Basis.STATED)


def _surely(ask: Ask, item: Expectation) -> bool:
    """Return whether a stated value is all that the ticket writes, as it writes it, and the whole of what is held."""
    written = ask.expected
    if written is None or written == item.value:
        return True
    if may_want_its_case(written, item.value, ask.still):
        return False
    meant = is_meant(written, item.value) or is_meant(without_remark(written), item.value)
    return meant and is_all_meant(written, item.value)


def predicted(facts: Facts, attribute: str) -> Expectation:
    """Take the value that an identity mapping brings."""
    return Expectation(attribute=attribute, value=facts.copy_of(attribute), basis=Basis.PREDICTED)


def _expected(question: Question, ask: Ask) -> Expectation | None:
    if ask.expected is not None:
        return stated(question.facts, ask)
    brings = question.facts.predictable(ask.attribute) and not question.would_empty_unasked(ask.attribute)
    return predicted(question.facts, ask.attribute) if brings else None


def to_be_seen(question: Question) -> tuple[Expectation, ...]:
    """Return what was asked and Okta lacks: what is stated, else the value that an identity mapping brings."""
    expected = (_expected(question, ask) for ask in question.asks)
    return tuple(item for item in expected if item and not holds(question.facts.user.profile, item))


def carried(question: Question) -> tuple[Expectation, ...]:
    """Return what a sync would bring along; an empty copy clears nothing that nobody spoke of."""
    facts = question.facts
    besides = (name for name in facts.rules if name not in question.attributes and not facts.would_empty(name))
    return tuple(predicted(facts, name) for name in besides if facts.predictable(name) and facts.differs(name))


def left(question: Question) -> tuple[Ask, ...]:
    """Return the asks that Okta does not answer rightly already."""
    done = {item.attribute for item in right_already(question)}
    return tuple(ask for ask in question.asks if ask.attribute not in done)


def right_already(question: Question) -> tuple[Expectation, ...]:
    """Return what the ticket states and Okta holds."""
    expected = ((ask, stated(question.facts, ask)) for ask in question.asks if ask.expected is not None)
    return tuple(item for ask, item in expected if _surely(ask, item) and holds(question.facts.user.profile, item))


def still_helps(verdict: Verdict, facts: Facts) -> bool:
    """Say whether a Force Sync would still bring Okta what the verdict expects, by facts read again just now."""
    if not facts.able or facts.user.status in GONE:
        return False
    wanted = verdict.expectations
    brought = (facts.predictable(item.attribute) and same(facts.copy_of(item.attribute), item.value) for item in wanted)
    return all(brought) and not all(holds(facts.user.profile, item) for item in wanted)


def observations(question: Question) -> tuple[Observation, ...]:
    """Put both copies side by side for the attributes in question."""
    facts = question.facts
    rules = {name: facts.rules.get(name) for name in question.attributes}
    return tuple(
        Observation(
            attribute=name,
            okta=facts.okta(name),
            source=facts.source_of(name),
            app_user=facts.copy_of(name),
            expression=rule.expression if rule else None,
        )
        for name, rule in rules.items()
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
        # The words hold some other value, or may.
        unlike = question.open_words or mention.left_open or ((reading.loose or mention.old) and not mention.new)
        alone = not (stated_names or reading.other_things or unlike)
        if not (mention.sure or (ask.explicit and ask.still is None and alone)):
            return False
    return True
