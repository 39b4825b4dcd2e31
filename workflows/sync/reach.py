"""How far a Force Sync of a directory reaches: every user whose Okta profile the mapping would change now.

Force Sync re-applies the mapping to every user of the directory who is of the mapping's user type, not only to the
tickets' users (https://support.okta.com/help/s/article/How-To-Use-The-Force-Sync-Option).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from workflows.model import (
    AppUser,
    AttributeRule,
    Drift,
    MemberPage,
    OktaUser,
    Policy,
    ProfileMapping,
    Radius,
    Reason,
    Scan,
)
from workflows.model import ReasonKind as R
from workflows.precheck.facts import may_write
from workflows.precheck.schema_refusal import broken_rule
from workflows.values.comparing import identity, reads_nothing, same
from workflows.values.wording import counted


class Foreseen(NamedTuple):
    """What a Force Sync would do to one Okta profile.

    `changes` are those that can be predicted, each with the new value's text. `unpredictable` has, by attribute, the
    expressions whose results cannot: such an attribute may change. `starved` names those of them that Okta fills now
    and whose expressions have nothing to fill them with. `protected` says whether the user is in a protected group.
    """

    changes: tuple[tuple[Drift, str], ...] = ()
    unpredictable: Mapping[str, str] = MappingProxyType({})
    starved: tuple[str, ...] = ()
    user_id: str = ""
    protected: bool = False


def foreseen(
    app_user: AppUser, user: OktaUser, mapping: ProfileMapping, rules: Mapping[str, AttributeRule]
) -> Foreseen:
    """Return what Force Sync would do to one Okta profile, as far as that can be predicted, and where it cannot."""
    changes, unpredictable, starved = list[tuple[Drift, str]](), dict[str, str](), list[str]()
    for attribute, rule in sorted(mapping.rules.items()):
        schema, name = rules.get(attribute), identity(rule.expression)
        if not rule.on_update or not may_write(schema, app_user.directory):
            continue
        if name is None:
            unpredictable[attribute] = rule.expression
            if not same(user.profile.get(attribute), None) and reads_nothing(rule.expression, app_user.profile):
                starved.append(attribute)
            continue
        value = app_user.profile.get(name)
        if not same(value, user.profile.get(attribute)):
            refused = broken_rule(schema, attribute, value)
            emptied = same(value, None)
            item = Drift(user_id=user.id, login=user.login, attribute=attribute, refused=refused, emptied=emptied)
            changes.append((item, str(value)))
    return Foreseen(tuple(changes), unpredictable, tuple(starved), user.id)


def fold(scan: Scan, page: MemberPage, found: Sequence[Foreseen | None]) -> Scan:
    """Add what was found on a page to a scan; of new values and expressions only the digest keeps the text."""
    read = [one for one in found if one is not None]
    changes = [change for one in read for change in one.changes]
    by_attribute = Counter(scan.by_attribute) + Counter(item.attribute for item, _ in changes)
    emptied = Counter(scan.emptied) + Counter(item.attribute for item, _ in changes if item.emptied)
    emptied += Counter(name for one in read for name in one.starved)
    unpredictable, digest, expressions = Counter(scan.unpredictable), scan.digest, scan.expressions
    guarded = [one for one in read if one.protected]
    changed = [one for one in guarded if one.changes or one.starved]
    for one in changed:
        digest = digest_of(digest, one.user_id, "protected")
    for one in read:
        for item, value in one.changes:
            digest = digest_of(digest, item.user_id, item.attribute, value)
        for attribute, expression in one.unpredictable.items():
            if attribute not in unpredictable:
                digest = digest_of(digest, attribute, expression)
                expressions = digest_of(expressions, attribute, expression)
        for attribute in one.starved:
            digest = digest_of(digest, one.user_id, attribute, "")
        unpredictable.update(one.unpredictable.keys())
    return scan.but(
        after=page.next,
        users=scan.users + len(found) + page.unread,
        changed=scan.changed + sum(bool(one.changes) for one in read),
        refused=scan.refused + sum(item.refused is not None for item, _ in changes),
        by_attribute=dict(by_attribute),
        emptied=dict(emptied),
        unpredictable=dict(unpredictable),
        unread=scan.unread + page.unread + len(found) - len(read),
        protected=scan.protected + len(changed),
        protected_unpredictable=scan.protected_unpredictable
        + sum(bool(one.unpredictable) for one in guarded if one not in changed),
        expressions=expressions,
        digest=digest,
    )


def digest_of(before: str, *parts: str) -> str:
    """Return the digest of what a digest covers and of these texts."""
    return hashlib.sha256("\n".join((before, *parts)).encode()).hexdigest()


def radius(scan: Scan, at: datetime) -> Radius:
    """Finish a scan."""
    return Radius(at=at, **scan.model_dump(exclude={"begun_at", "after"}))


def touched(found: Radius, policy: Policy) -> frozenset[str]:
    """Return the attributes needing approval that would change or may."""
    return policy.approve_attributes & {*found.by_attribute, *found.unpredictable}


def above_thresholds(found: Radius, policy: Policy) -> Reason | None:
    """Return why a run with this radius needs approval whatever the autonomy; None if it does not.

    What cannot be predicted may change, so it counts like a change: in an attribute that needs approval, and above the
    limit, for which one approval serves as long as the expressions stay the same. What would be emptied is always asked
    about, for nothing brings it back, and so is a change of members of protected groups.
    """
    if found.changed > policy.approve_above:
        limit = policy.approve_above
        return Reason.of(R.ABOVE_LIMIT, changed=found.changed, users=found.users, limit=limit)
    if found.emptied:
        return Reason.of(R.EMPTIES, names=" and ".join(sorted(found.emptied)), count=sum(found.emptied.values()))
    if found.protected:
        return Reason.of(R.CHANGES_PROTECTED, users=counted(found.protected, "user"))
    if changed := sorted(policy.approve_attributes & found.by_attribute.keys()):
        return Reason.of(R.TOUCHES, names=" and ".join(changed))
    return _unpredicted(found, policy)


def _unpredicted(found: Radius, policy: Policy) -> Reason | None:
    """Return why a run needs approval for what cannot be predicted of it."""
    if open_to_change := sorted(policy.approve_attributes & found.unpredictable.keys()):
        users = max(found.unpredictable[name] for name in open_to_change)
        return Reason.of(R.MAY_TOUCH, names=" and ".join(open_to_change), users=counted(users, "user"))
    if found.unread:
        return Reason.of(R.MEMBERS_UNREAD, users=counted(found.unread, "user"))
    if found.protected_unpredictable:
        return Reason.of(R.MAY_CHANGE_PROTECTED, users=counted(found.protected_unpredictable, "user"))
    counts = {name: number for name, number in found.unpredictable.items() if number > policy.approve_above}
    if not counts:
        return None
    names, most = " and ".join(sorted(counts)), counted(max(counts.values()), "user")
    return Reason.of(R.MAY_CHANGE, names=names, users=most, limit=policy.approve_above)
