"""Who may decide on a proposed run, and for how long it counts: an approver of the settings, not on their own request.

Two spellings of a login are one user, so people are compared by Okta's ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from workflows.errors import Misconfigured
from workflows.model import Case, OktaUser, Person, Policy, Reason, SyncRun, folded
from workflows.model import ReasonKind as R
from workflows.ports import OktaOrg
from workflows.values.wording import near_ones

ACTIVE = "ACTIVE"  # the one status in which a person can sign in as usual


def check_approver(text: str, org: OktaOrg) -> None:
    """Raise `Misconfigured` unless an approver of the settings is the login of one active Okta user, or a group."""
    groups = org.groups_named(text)
    if any(group.is_named(text) for group in groups):
        return
    users = _with_login(text, org)
    if any(user.status == ACTIVE for user in users):
        return
    seen = (
        f"Okta's user of this login is {users[0].status}" if users else "the org has no user and no group of this name"
    )
    near = near_ones(text, (group.name for group in groups))
    detail = f"policy.approvers: found {text!r}; {seen}{near}; allowed: an active user's login, or a group's name or id"
    raise Misconfigured(org.name, "find the approver that the settings name", detail)


def approver(by: str, policy: Policy, org: OktaOrg) -> OktaUser | Reason:
    """Return the approver with this login, or why the name is not that of one."""
    users = _with_login(by, org)
    if len(users) != 1:
        return Reason.of(R.NOBODY_IN_OKTA, by=by)
    return _no_approver(users[0], policy, org) or users[0]


def _no_approver(user: OktaUser, policy: Policy, org: OktaOrg) -> Reason | None:
    if user.status != ACTIVE:
        return Reason.of(R.NOT_ACTIVE_IN_OKTA, by=user.login, status=user.status)
    if folded(user.login) in map(folded, policy.approvers):
        return None
    if any(group.is_named(text) for group in org.groups(user.id) for text in policy.approvers):
        return None
    return Reason.of(R.NO_APPROVER, by=user.login)


def void(run: SyncRun, riders: Iterable[Case], policy: Policy, org: OktaOrg, now: datetime) -> Reason | None:
    """Return why a run's approval does not count (any more); None if it does, or if there is none.

    It counts for the changes that were shown, for a while, while its approver is one and files none of the tickets.
    """
    decision = run.decision
    if decision is None:
        return None
    if decision.digest != (run.radius.digest if run.radius else ""):
        return Reason.of(R.CHANGES_DIFFER)
    shown = {*decision.objecting, *decision.waiting}
    if not (shown.issuperset(run.waiting) and set(decision.objecting).issuperset(run.objecting)):
        return Reason.of(R.CHANGES_DIFFER)
    if (now - decision.at).total_seconds() > policy.approval_valid_for:
        return Reason.of(R.APPROVAL_OLD, at=decision.at)
    if not decision.user_id:
        return Reason.of(R.NAMELESS)
    user = org.user(decision.user_id)
    return _no_approver(user, policy, org) or may_decide(user, riders)


def may_decide(user: OktaUser, riders: Iterable[Case], *, approves: bool = True) -> Reason | None:
    """Return why an approver may not decide on the run of these cases; None if they may.

    Whoever opened a ticket for its requester asks, too. The part of a name before the `@` is enough, since desks may
    use names that Okta does not know. Of somebody without login and address nobody can say that they do not approve
    their own request, so that nobody approves; to reject is harmless.
    """
    unknown = None
    for case in riders:
        subjects = {subject.verdict.user_id for subject in case.subjects if subject.verdict}
        if user.id in subjects or any(_may_be(user, person) for person in case.askers):
            return Reason.of(R.OWN_REQUEST, by=user.login, key=case.ref.key)
        if case.is_nameless:
            unknown = unknown or Reason.of(R.ASKER_UNKNOWN, by=user.login, key=case.ref.key, case=case.id)
    return unknown if approves else None


def _may_be(user: OktaUser, person: Person) -> bool:
    own = {_local(str(name)) for name in (user.login, user.profile.get("email")) if name}
    return any(user.name_kind(name) or _local(name) in own for name in person.identifiers)


def _with_login(text: str, org: OktaOrg) -> list[OktaUser]:
    wanted = folded(text)
    return [user for user in org.find_users(text.strip()) if folded(user.login) == wanted] if wanted else []


def _local(name: str) -> str:
    return folded(name).partition("@")[0]
