"""Contradictions in a ticket's words: no value may be taken for the right one, so its writer is asked."""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic import JsonValue

from workflows.model import Basis, Reason
from workflows.model import ReasonKind as R
from workflows.precheck.expectations import predictable, to_be_seen
from workflows.precheck.finding import Finding
from workflows.precheck.questions import Ask, Question, copy_of
from workflows.precheck.words.complaints import is_praised
from workflows.precheck.words.mentioned_values import speaks_of
from workflows.reading.attribute_words import meanings
from workflows.reading.everyday_words import either
from workflows.reading.okta_is_right import speaks_for_okta
from workflows.reading.sentence_forms import words_of
from workflows.reading.value_ends import value_at
from workflows.values.comparing import means, same

# What people write who take back what they wrote before.
_CORRECTED = re.compile(
    "(?i)"
    + either(
        r"actually|correction|edit(?=\s*:)|sorry|typo|oops|(?:oh )?wait|mixed up|i meant|scratch that|my mistake",
        "korrektur|vertippt",
        "pardon|je me suis trompée?",
        "perdón|me equivoqué",
        "desculpe?m?|enganei",
        "foutje|vergist",
    )
)
# Behind an attribute: "is Legal", ": Legal"; what is no name or number is no value, as in "is wrong".
_TELLS = re.compile(r"(?:\s+(?:is|ist|est|es)|\s*:)\s+(?=[\"“]?(?!Okta\b|AD\b)[A-ZÄÖÜ\d])")


def contradiction(question: Question) -> Finding | None:
    """Find that the ticket's words cannot all be so."""
    if against := _against_the_copy(question):
        return against
    found = (rule(question, ask) for ask in question.asks for rule in _RULES)
    return next((finding for finding in found if finding), None)


def _against_the_copy(question: Question) -> Finding | None:
    """Find that a sync would bring values that the ticket does not state, and speaks against."""
    facts = question.facts
    foreseen = [item for item in to_be_seen(question) if item.basis is Basis.PREDICTED]
    shown = [facts.user.profile.get(item.attribute) for item in foreseen]
    kept = any(speaks_of(facts, value) and is_praised(facts.words, value) for value in shown)
    if not foreseen or not (kept or speaks_for_okta(facts.words)):
        return None
    names = ", ".join(item.attribute for item in foreseen)
    label = question.facts.copy_user.directory.label
    return Finding(Reason.of(R.SPEAKS_AGAINST, label=label, names=names), foreseen[0].attribute)


def _right_and_wrong(_question: Question, ask: Ask) -> Finding | None:
    if ask.still is None or ask.expected is None or not means(ask.still, ask.expected):
        return None
    return Finding(Reason.of(R.RIGHT_AND_WRONG, attribute=ask.attribute), ask.attribute)


def _about_to_be_undone(question: Question, ask: Ask) -> Finding | None:
    copy, okta = copy_of(question.facts, ask.attribute), _okta(question, ask)
    if not _differ(question, ask) or ask.expected is None:
        return None
    if not means(ask.expected, okta) or means(ask.expected, copy):
        return None
    return _found(R.ABOUT_TO_BE_UNDONE, question, ask)


def _complained_about(question: Question, ask: Ask) -> Finding | None:
    copy = copy_of(question.facts, ask.attribute)
    if not _differ(question, ask) or ask.expected is not None or not ask.still or not means(ask.still, copy):
        return None
    return _found(R.COPY_HOLDS_THE_WRONG, question, ask)


def _speaks_of_another(question: Question, ask: Ask) -> Finding | None:
    """Find that the ticket speaks of the copy's value too, where it was read to want another, or corrects itself."""
    facts, copy = question.facts, copy_of(question.facts, ask.attribute)
    if ask.expected is None or means(ask.expected, copy) or (ask.still and means(ask.still, copy)):
        return None
    if not speaks_of(facts, copy) or not (_differ(question, ask) or _CORRECTED.search(facts.words)):
        return None
    return _found(R.SPEAKS_OF_ANOTHER, question, ask)


def _tells_another(question: Question, ask: Ask) -> Finding | None:
    """Find that the ticket tells what an attribute is, in no form that wants it, and that neither copy holds that."""
    if ask.expected is not None or not _differ(question, ask):
        return None
    held = (copy_of(question.facts, ask.attribute), _okta(question, ask))
    words = words_of(())
    told = (
        value_at(line, behind.end(), words)[0]
        for line in question.facts.words.split("\n")
        for match in words.finditer(line)
        if ask.attribute in meanings(match[0], {}) and (behind := _TELLS.match(line, match.end()))
    )
    if not any(value and not any(means(value, item) for item in held) for value in told):
        return None
    return _found(R.TELLS_ANOTHER, question, ask)


def _found(kind: R, question: Question, ask: Ask) -> Finding:
    label = question.facts.copy_user.directory.label
    return Finding(Reason.of(kind, attribute=ask.attribute, label=label), ask.attribute)


_RULES: tuple[Callable[[Question, Ask], Finding | None], ...] = (
    _right_and_wrong,
    _about_to_be_undone,
    _complained_about,
    _speaks_of_another,
    _tells_another,
)


def _okta(question: Question, ask: Ask) -> JsonValue:
    return question.facts.user.profile.get(ask.attribute)


def _differ(question: Question, ask: Ask) -> bool:
    """Say whether the two copies hold different values, in an attribute that the mapping predicts."""
    same_value = same(copy_of(question.facts, ask.attribute), _okta(question, ask))
    return not same_value and predictable(question.facts, ask.attribute)
