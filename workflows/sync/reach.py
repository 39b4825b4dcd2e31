"""How far a Force Sync of a directory reaches: every user whose Okta profile the mapping would change now.

Force Sync re-applies the mapping to every user of the directory, not only to the tickets' users
(https://support.okta.com/help/s/article/How-To-Use-The-Force-Sync-Option).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from workflows.model import (
    AppUser,
    AttributeRule,
    Decision,
    Drift,
    OktaUser,
    Policy,
    ProfileMapping,
    Radius,
    Reason,
    Scan,
    SyncRun,
)
from workflows.model import ReasonKind as R
from workflows.precheck.expectations import may_write
from workflows.precheck.schema_refusal import broken_rule
from workflows.values.comparing import identity, same


def drift(
    app_user: AppUser, user: OktaUser, mapping: ProfileMapping, rules: Mapping[str, AttributeRule]
) -> tuple[tuple[Drift, str], ...]:
    """Return what Force Sync would change in one Okta profile, with the new values, as far as that can be predicted."""
    found = []
    for attribute, rule in sorted(mapping.rules.items()):
        name = identity(rule.expression) if rule.on_update else None
        schema = rules.get(attribute)
        if name is None or not may_write(schema, app_user.directory):
            continue
        value = app_user.profile.get(name)
        if not same(value, user.profile.get(attribute)):
            refused = broken_rule(schema, attribute, value)
            found.append((Drift(user_id=user.id, login=user.login, attribute=attribute, refused=refused), str(value)))
    return tuple(found)


def fold(scan: Scan, members: int, found: Iterable[tuple[Drift, str]], after: str | None) -> Scan:
    """Add a page to a scan; each drift comes with the new value's text, which only the digest keeps."""
    counts, digest = dict(scan.by_attribute), scan.digest
    users: set[str] = set()
    refused = 0
    for item, value in found:
        counts[item.attribute] = counts.get(item.attribute, 0) + 1
        users.add(item.user_id)
        refused += item.refused is not None
        line = f"{digest}\n{item.user_id}\n{item.attribute}\n{value}"
        digest = hashlib.sha256(line.encode()).hexdigest()
    return scan.but(
        after=after,
        users=scan.users + members,
        changed=scan.changed + len(users),
        refused=scan.refused + refused,
        by_attribute=counts,
        digest=digest,
    )


def radius(scan: Scan, unpredictable: tuple[str, ...], at: datetime) -> Radius:
    """Finish a scan; `unpredictable` names the attributes that an expression fills."""
    return Radius(
        at=at,
        users=scan.users,
        changed=scan.changed,
        refused=scan.refused,
        by_attribute=scan.by_attribute,
        unpredictable=unpredictable,
        digest=scan.digest,
    )


def above_thresholds(found: Radius, policy: Policy) -> Reason | None:
    """Return why a run with this radius needs approval whatever the autonomy; None if it does not."""
    if found.changed > policy.approve_above:
        limit = policy.approve_above
        return Reason.of(R.ABOVE_LIMIT, changed=found.changed, users=found.users, limit=limit)
    touched = sorted(policy.approve_attributes & found.by_attribute.keys())
    return Reason.of(R.TOUCHES, names=" and ".join(touched)) if touched else None


def decision_holds(run: SyncRun, policy: Policy, now: datetime) -> bool:
    """Return whether the run's approval is still valid: given for these very changes, and not too old."""
    decision: Decision | None = run.decision
    if decision is None or not decision.approved:
        return False
    if (now - decision.at).total_seconds() > policy.approval_valid_for:
        return False
    return decision.digest == (run.radius.digest if run.radius else "")
