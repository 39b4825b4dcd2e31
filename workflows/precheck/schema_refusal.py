"""Whether Okta would refuse, or has refused, the user's whole update over one value.

One invalid mapped value fails the entire update of that user: a value too long, a missing required one, one outside an
enumeration, a login that is another user's
(https://support.okta.com/help/s/article/users-not-updating-from-profile-source). That the log's
`app.user_management.update_from_master_failed` tells of it is inferred from the event catalogue's text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import JsonValue

from workflows.model import AttributeRule, LogEvent, Reason
from workflows.model import ReasonKind as R
from workflows.precheck.facts import Facts
from workflows.values.comparing import same

FAILED = "app.user_management.update_from_master_failed"
UPDATED = "user.account.update_profile"
PEOPLE = frozenset({"User", "PublicClientApp"})  # kinds of actors that are not Okta's own jobs
_NEEDED = frozenset({"login", "email", "firstName", "lastName"})  # required of every user, whatever the schema tells
_LOGIN = re.compile(r"(?<![^\s@])[^\s@]+@[^\s@]+")
_LOCALE = re.compile(r"[a-z]{2,3}(?:[_-][A-Za-z]{2,4})*")
_ZONE = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z]+(?:/[A-Za-z0-9_+-]+)+|UTC|GMT")
_SHAPES = {
    "login": (_LOGIN, R.NO_LOGIN),
    "email": (_LOGIN, R.NO_ADDRESS),
    "locale": (_LOCALE, R.NO_LOCALE),
    "timezone": (_ZONE, R.NO_TIME_ZONE),
}


def breaking_values(facts: Facts) -> dict[str, Reason]:
    """Return why Okta would not take a value of the copy's, by attribute, among those that a sync would write as is."""
    found = {}
    for attribute in filter(facts.predictable, facts.rules):
        rule, value = facts.schema_of(attribute), facts.copy_of(attribute)
        taken = Reason.of(R.TAKEN, user=facts.taken[attribute]) if attribute in facts.taken else None
        if why := broken_rule(rule, attribute, value) or broken_shape(rule, attribute, value) or taken:
            found[attribute] = why
    return found


def unique_changes(facts: Facts) -> dict[str, str]:
    """Return the values, by attribute, that a sync would change and that no two users may hold; a login is one."""
    found = {}
    for attribute in filter(facts.predictable, facts.rules):
        rule, value = facts.schema_of(attribute), facts.copy_of(attribute)
        unique = attribute == "login" or (rule is not None and rule.unique)
        if unique and value and facts.differs(attribute):
            found[attribute] = str(value)
    return found


def broken_shape(rule: AttributeRule | None, attribute: str, value: JsonValue) -> Reason | None:
    """Say why Okta does not take the value of one of the four attributes whose shape it checks; None if it may.

    A login must look like an e-mail address unless the org's schema has a pattern for it
    (https://developer.okta.com/docs/reference/api/schemas/#login-pattern-validation).
    """
    shape, kind = _SHAPES.get(attribute, (None, R.NO_LOGIN))
    free = attribute == "login" and rule is not None and rule.pattern is not None
    wrong = shape and value and not free and not shape.fullmatch(str(value))
    return Reason.of(kind) if wrong else None


def last_refusal(facts: Facts) -> LogEvent | None:
    """Return the log's newest refusal of the user's update, unless an update or a change of the copy came after it.

    What a person changed in Okta since proves nothing about the directory's update.
    """
    history = facts.history or ()
    refusal = newest(history, FAILED, result="FAILURE") or newest(history, FAILED)
    success = newest([item for item in history if item.actor_kind not in PEOPLE], UPDATED, result="SUCCESS")
    after = (success.published if success else None, facts.copy_user.last_updated)
    return None if refusal and any(moment and moment > refusal.published for moment in after) else refusal


def newest(events: Sequence[LogEvent], event_type: str, result: str | None = None) -> LogEvent | None:
    """Return the newest event of a type; events are oldest first."""
    fitting = (item for item in reversed(events) if item.event_type == event_type and result in (None, item.result))
    return next(fitting, None)


def broken_rule(rule: AttributeRule | None, attribute: str, value: JsonValue) -> Reason | None:
    """Say why the user schema does not take a value; None if it does."""
    text = "" if value is None else str(value)
    if not text:
        return Reason.of(R.REQUIRED) if attribute in _NEEDED or (rule and rule.required) else None
    if rule is None:
        return None
    if rule.values and not any(same(value, item) for item in rule.values):
        return Reason.of(R.NOT_ALLOWED, count=len([item for item in rule.values if item is not None]))
    if rule.kind == "string" and rule.max_length is not None and len(text) > rule.max_length:
        return Reason.of(R.TOO_LONG, length=len(text), limit=rule.max_length)
    if rule.kind == "string" and rule.min_length is not None and len(text) < rule.min_length:
        return Reason.of(R.TOO_SHORT, length=len(text), limit=rule.min_length)
    return None
