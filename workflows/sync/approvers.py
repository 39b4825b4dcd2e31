"""Who may decide on a proposed run: an approver of the settings, known by the Okta user, and not on their own request.

Two spellings of a login are one user, so people are compared by Okta's ids.
"""

from __future__ import annotations

from collections.abc import Iterable

from workflows.errors import Misconfigured
from workflows.model import Case, OktaUser, Policy, Reason
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
    user = users[0]
    if user.status != ACTIVE:
        return Reason.of(R.NOT_ACTIVE_IN_OKTA, by=user.login, status=user.status)
    if user.login.casefold() in {text.casefold() for text in policy.approvers}:
        return user
    if any(group.is_named(text) for group in org.groups(user.id) for text in policy.approvers):
        return user
    return Reason.of(R.NO_APPROVER, by=user.login)


def may_decide(user_id: str, riders: Iterable[Case], org: OktaOrg) -> Reason | None:
    """Return why a user may not decide on the run of these cases; None if they may.

    A requester whom Okta does not know by the desk's name for them is recognised by the part before the `@`.
    """
    if not user_id:
        return Reason.of(R.NAMELESS)
    user = org.user(user_id)
    own = {_local(str(name)) for name in (user.login, user.profile.get("email")) if name}
    for case in riders:
        subjects = {subject.verdict.user_id for subject in case.subjects if subject.verdict}
        asked = case.requester or ""
        if user_id in subjects or (asked and (_local(asked) in own or _is_known_as(user_id, asked, org))):
            return Reason.of(R.OWN_REQUEST, by=user.login, key=case.ref.key)
    return None


def _is_known_as(user_id: str, name: str, org: OktaOrg) -> bool:
    return any(user.id == user_id for user in org.find_users(name))


def _with_login(text: str, org: OktaOrg) -> list[OktaUser]:
    wanted = text.strip().casefold()
    return [user for user in org.find_users(text.strip()) if user.login.casefold() == wanted] if wanted else []


def _local(name: str) -> str:
    return name.casefold().strip().partition("@")[0]
