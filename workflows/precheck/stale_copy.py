"""The case in which Force Sync cannot help: the directory's copy in Okta does not hold the value either.

As Okta documents, Force Sync brings what the copy holds and nothing else
(https://support.okta.com/help/s/article/force-updates-from-active-directory-to-okta).
"""

from __future__ import annotations

from workflows.model import Expectation
from workflows.precheck.expectations import left, stated
from workflows.precheck.facts import Facts
from workflows.precheck.finding import Finding, utc
from workflows.precheck.import_causes import hypotheses, told_by
from workflows.precheck.questions import Ask, Question, copy_of
from workflows.reading.complaints import complains_of
from workflows.values.comparing import identity, same


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
                why = f"did not hold the value that the ticket asks for in {ask.attribute}"
                return _found(facts, ask.attribute, why, (expectation,))
        elif _both_hold_what_is_complained_about(facts, ask):
            why = f"held the same value in {ask.attribute} that Okta showed and the ticket complains about"
            return _found(facts, ask.attribute, why)
    return None


def _found(facts: Facts, attribute: str, why: str, expectations: tuple[Expectation, ...] = ()) -> Finding:
    copy, updated = facts.copy_user, facts.copy_user.last_updated
    since = f"last updated at {utc(updated)}" if updated else "when it was last updated is not told"
    return Finding(
        f"The directory's copy of the user in Okta ({copy.directory.label}, {since}) {why}. The change had not been "
        "imported yet, or was not made in the directory. As Okta documents, Force Sync would not help, so it was not "
        "pressed.",
        attribute,
        expectations,
        hypotheses(facts),
        told_by(facts),
    )


def _both_hold_what_is_complained_about(facts: Facts, ask: Ask) -> bool:
    shown = facts.user.profile.get(ask.attribute)
    return same(copy_of(facts, ask.attribute), shown) and complains_of(facts.words, shown)
