"""What a directory's mapping would set on its users' Okta profiles, and why Okta would reject it.

The rules are those of a Force Sync: only what the mapping pushes to existing users, only what the attribute's source
priority leaves to the directory, and nothing for a user with one invalid value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from connectors.sandbox.okta.expressions import ExpressionError, evaluate
from connectors.sandbox.okta.world import App, SchemaAttribute, User, UserType

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LOCALE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")  # the article asks for en_US
_TIME_ZONE = re.compile(r"UTC|[A-Z][A-Za-z]+(/[A-Za-z][A-Za-z0-9_+-]+){1,2}")  # and for America/Denver


Manager = Callable[[User, App], User | None]  # finds a user's manager in the same directory


def mapped_values(user: User, app: App, kind: UserType, manager: Manager) -> dict[str, Any]:
    """Return what the app's mapping sets on this existing user; invalid expressions set nothing."""
    values: dict[str, Any] = {}
    if "PROFILE_MASTERING" not in app.features:
        return values
    for attribute, row in app.mappings[kind.id].to_okta.items():
        # DONT_PUSH means "on creation only"; that a reapply respects it is inferred.
        if row.push_status != "PUSH" or not _may_set(app, kind.schema.get(attribute)):
            continue
        try:
            values[attribute] = evaluate(row.expression, _scope(row.expression, user, app, manager))
        except ExpressionError:
            continue
    return values


def _scope(expression: str, user: User, app: App, manager: Manager) -> dict[str, Mapping[str, Any] | None]:
    """Return what an expression can read; the manager is looked up only for one that asks."""
    copy = user.links[app.id].profile
    scope: dict[str, Mapping[str, Any] | None] = {"appuser": copy, "findDirectoryUser": copy}
    if "getManager" in expression and (found := manager(user, app)):
        scope |= {"getManagerUser": found.profile, "getManagerAppUser": found.links[app.id].profile}
    return scope


def differences(user: User, app: App, kind: UserType, manager: Manager) -> dict[str, Any]:
    """Return the mapped values that differ from the user's Okta profile; an empty string equals an unset attribute.

    Nothing differs where Okta makes no update (inferred): for a deactivated user, in an inactive directory, and where
    Okta is the source of the directory account (scope GROUP).
    """
    if user.status == "DEPROVISIONED" or app.status != "ACTIVE" or user.links[app.id].scope == "GROUP":
        return {}
    mapped = mapped_values(user, app, kind, manager)
    return {name: value for name, value in mapped.items() if (value or None) != (user.profile.get(name) or None)}


def unreadable(app: App, kind: UserType) -> dict[str, str]:
    """Return the attributes whose expression cannot be evaluated, each with the reason."""
    reasons: dict[str, str] = {}
    for attribute, row in app.mappings[kind.id].to_okta.items():
        try:
            evaluate(row.expression, {"appuser": {}})
        except ExpressionError as error:
            reasons[attribute] = str(error)
    return reasons


def _may_set(app: App, rule: SchemaAttribute | None) -> bool:
    """Say whether the attribute's source priority lets this app set it.

    https://support.okta.com/help/s/article/active-directory-attributes-do-not-sync-to-okta-when-attribute-level-sourcing-is-enabled
    """
    if rule is None or rule.master == "OKTA":
        return False
    return rule.master != "OVERRIDE" or rule.priority[:1] == (app.id,)


def profile_problem(values: dict[str, Any], schema: dict[str, SchemaAttribute]) -> str | None:
    """Return why Okta would reject these mapped values, or None; the wording is inferred.

    One invalid value fails the whole update of that user:
    https://support.okta.com/help/s/article/users-not-updating-from-profile-source
    """
    for name, value in values.items():
        rule = schema.get(name)
        if rule is None:
            continue
        text = "" if value is None else str(value)
        problem = _blank(rule) if not text else _shape(name, text) or _bounds(rule, text)
        if problem:
            return f"{name}: {problem}"
    return None


def _blank(rule: SchemaAttribute) -> str | None:
    return "The field cannot be left blank" if rule.required else None


def _shape(name: str, text: str) -> str | None:
    if name in ("login", "email") and not _EMAIL.fullmatch(text):
        return "must be in the form of an email address"
    if name == "locale" and not _LOCALE.fullmatch(text):
        return "must be a locale such as en_US"
    if name == "timezone" and not _TIME_ZONE.fullmatch(text):
        return "must be a time zone such as America/Denver"
    return None


def _bounds(rule: SchemaAttribute, text: str) -> str | None:
    if rule.max_length is not None and len(text) > rule.max_length:
        return f"must be at most {rule.max_length} characters"
    if rule.min_length is not None and len(text) < rule.min_length:
        return f"must be at least {rule.min_length} characters"
    if rule.enum and text not in rule.enum:
        return "does not match any of the allowed values"
    return None
