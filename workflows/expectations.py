"""What the Okta profile should hold: stated by the ticket, or predicted by an identity mapping.

Only an expression that is exactly `appuser.<name>` predicts a value; everything else is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from pydantic import JsonValue

from workflows.facts import Facts
from workflows.model import AppUser, Basis, Expectation, Observation, OktaUser, ProfileMapping, Verdict

GONE = frozenset({"DEPROVISIONED", "SUSPENDED"})  # statuses of users whom profile updates are not expected to reach
_IDENTITY = re.compile(r"\s*appuser\.([A-Za-z_][A-Za-z0-9_]*)\s*")


class Question(NamedTuple):
    """The facts, the attributes that the ticket means (in Okta's names) and the names that mean none."""

    facts: Facts
    attributes: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def stated(self) -> str | None:
        """Return the stated value, if it is said of exactly one attribute."""
        return self.facts.request.expected if len(self.attributes) == 1 else None


def identity(expression: str) -> str | None:
    """Return `name` if the whole expression is `appuser.<name>`; nothing else predicts a value."""
    match = _IDENTITY.fullmatch(expression)
    return match[1] if match else None


def same(left: JsonValue, right: JsonValue) -> bool:
    """Compare two values as the copies hold them: numbers and booleans by their text, no value and "" alike.

    Okta turns a value that was removed into "" where it had been filled, and leaves null where it never was
    (https://developer.okta.com/docs/reference/okta-expression-language/), so the two do not tell copies apart.
    """
    return _text(left) == _text(right)


def holds(profile: Mapping[str, JsonValue], expectation: Expectation) -> bool:
    """Say whether an Okta profile holds what is expected."""
    return same(profile.get(expectation.attribute), expectation.value)


def question_of(facts: Facts, synonyms: Mapping[str, str]) -> Question:
    """Translate the ticket's attribute names: Okta's own, then the settings' synonyms, then the app user's.

    Where a value is stated and no attribute named, the one attribute whose copy holds that value is meant.
    """
    rules = facts.rules
    if len(facts.users) != 1 or len(facts.app_users) != 1 or not rules:
        return Question(facts, (), ())
    names = {name.lower(): target for target, rule in rules.items() if (name := identity(rule.expression))}
    names |= {name.lower(): target for name, target in synonyms.items() if target in rules}
    names |= {name.lower(): name for name in rules}
    asked = facts.request.attributes
    known = tuple(dict.fromkeys(names[name.lower()] for name in asked if name.lower() in names))
    unknown = tuple(name for name in asked if name.lower() not in names)
    if not asked and facts.request.expected:
        holders = [name for name in rules if same(copy_of(facts, name), facts.request.expected)]
        known = tuple(holders) if len(holders) == 1 else ()
    return Question(facts, known, unknown)


def stated(question: Question) -> Expectation:
    """Take the ticket's value; where it differs from the copy's by the case of letters only, the copy's spelling."""
    (attribute,) = question.attributes
    value: JsonValue = question.stated
    copy, okta = copy_of(question.facts, attribute), question.facts.user.profile.get(attribute)
    if isinstance(copy, str) and str(value).casefold() == copy.casefold() and not same(okta, value):
        value = copy
    return Expectation(attribute=attribute, value=value, basis=Basis.STATED)


def predicted(question: Question) -> tuple[Expectation, ...]:
    """Expect the copy's value wherever an identity mapping that updates users says so and Okta holds another one."""
    facts = question.facts
    expectations = []
    for attribute in question.attributes or tuple(facts.rules):
        rule = facts.rules[attribute]
        if identity(rule.expression) is None or not rule.on_update or not written_by_directory(facts, attribute):
            continue
        copy = copy_of(facts, attribute)
        if not same(copy, facts.user.profile.get(attribute)):
            expectations.append(Expectation(attribute=attribute, value=copy, basis=Basis.PREDICTED))
    return tuple(expectations)


def still_helps(verdict: Verdict, user: OktaUser, app_user: AppUser | None, mapping: ProfileMapping | None) -> bool:
    """Say whether a Force Sync would still bring Okta what the verdict expects, by facts read again just now."""
    if app_user is None or mapping is None or not app_user.directory.active or user.status in GONE:
        return False
    for expectation in verdict.expectations:
        rule = mapping.rules.get(expectation.attribute)
        name = identity(rule.expression) if rule and rule.on_update else None
        if name is None or not same(app_user.profile.get(name), expectation.value):
            return False
    return not all(holds(user.profile, expectation) for expectation in verdict.expectations)


def written_by_directory(facts: Facts, attribute: str) -> bool:
    """Say whether the schema lets this directory write the attribute; where it does not tell, it does."""
    source = facts.schema_of(attribute)
    if source is None or source.master not in {"OKTA", "OVERRIDE"}:
        return True
    return source.master == "OVERRIDE" and source.apps[:1] == (facts.app_user.directory.ref.app_id,)


def copy_of(facts: Facts, attribute: str) -> JsonValue:
    """Return the app user's value behind an identity mapping, None where the mapping is anything else."""
    name = identity(facts.rules[attribute].expression)
    return facts.app_user.profile.get(name) if name else None


def observations(question: Question) -> tuple[Observation, ...]:
    """Put both copies side by side for the attributes in question, or else for those that differ."""
    facts = question.facts
    attributes = question.attributes or tuple(item.attribute for item in predicted(question))
    return tuple(
        Observation(
            attribute=attribute,
            okta=facts.user.profile.get(attribute),
            source=identity(facts.rules[attribute].expression),
            app_user=copy_of(facts, attribute),
            expression=facts.rules[attribute].expression,
        )
        for attribute in attributes
    )


def _text(value: JsonValue) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
