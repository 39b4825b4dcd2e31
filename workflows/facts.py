"""Collect from Okta what the precheck decides on, for one subject; reading only, no judgement."""

from __future__ import annotations

from datetime import datetime

from workflows.model import (
    AppUser,
    AttributeRule,
    Evidence,
    MappingRule,
    OktaUser,
    Person,
    ProfileMapping,
    Request,
    Value,
)
from workflows.ports import Clock, OktaOrg


class Facts(Value):
    """What Okta holds about one subject at one moment (UTC).

    `identifier` is what was looked up, `named` whether the ticket named it (else it is the requester). The directory's
    parts are empty where the user was not found once, or is not linked to exactly one directory.
    """

    request: Request
    identifier: str | None
    named: bool
    at: datetime
    users: tuple[OktaUser, ...] = ()
    app_users: tuple[AppUser, ...] = ()
    mapping: ProfileMapping | None = None
    schema_rules: tuple[AttributeRule, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def user(self) -> OktaUser:
        """Return the one user."""
        return self.users[0]

    @property
    def app_user(self) -> AppUser:
        """Return the one app user."""
        return self.app_users[0]

    @property
    def rules(self) -> dict[str, MappingRule]:
        """Return the mapping's rules, none where there is no mapping."""
        return dict(self.mapping.rules) if self.mapping else {}

    def schema_of(self, attribute: str) -> AttributeRule | None:
        """Return what the schema says of an attribute, if it knows it."""
        return next((rule for rule in self.schema_rules if rule.attribute == attribute), None)


def gather(request: Request, requester: Person | None, org: OktaOrg, clock: Clock) -> Facts:
    """Read one subject's facts, and no more than the verdict can need."""
    named = request.user is not None
    identifiers = [request.user] if named else [requester.email, requester.login] if requester else []
    candidates = [identifier for identifier in dict.fromkeys(identifiers) if identifier]
    facts = Facts(request=request, identifier=candidates[0] if candidates else None, named=named, at=clock.now())
    for identifier in candidates:
        users = org.find_users(identifier)
        if users:
            facts = facts.model_copy(update={"users": users, "identifier": identifier})
            break
    if len(facts.users) != 1:
        return facts
    app_users = org.app_users(facts.user.id)
    facts = facts.model_copy(update={"app_users": app_users})
    if len(app_users) == 1:
        mapping = org.mapping(facts.app_user.directory, facts.user.type_id)
        facts = facts.model_copy(update={"mapping": mapping, "schema_rules": org.attribute_rules(facts.user)})
    return facts.model_copy(update={"evidence": _evidence(facts, org.name)})


def _evidence(facts: Facts, system: str) -> tuple[Evidence, ...]:
    def read(what: str, request_id: str | None) -> Evidence:
        return Evidence(what=what, system=system, at=facts.at, request_id=request_id)

    lines = [read(f"Okta profile of {facts.user.id} read", facts.user.request_id)]
    lines += [
        read(f"app user in {app_user.directory.label} ({app_user.directory.ref.app_id}) read", app_user.request_id)
        for app_user in facts.app_users
    ]
    if facts.mapping:
        lines.append(read(f"To-Okta mapping {facts.mapping.id} read", facts.mapping.request_id))
    return tuple(lines)
