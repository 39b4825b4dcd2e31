"""Protected users, the members of the settings' protected groups: only a person acts for them."""

from __future__ import annotations

from workflows.case.preflight import is_named
from workflows.errors import Refused
from workflows.model import Case, Reason
from workflows.model import ReasonKind as R
from workflows.steps import Ports


def protected(case: Case, ports: Ports) -> Reason | None:
    """Say why a person has to decide about an affected user, None if nobody is protected.

    Who cannot be looked up counts as protected.
    """
    names = ports.policy.protected_groups
    if not names:
        return None
    for user_id in dict.fromkeys(item.verdict.user_id for item in case.subjects if item.verdict):
        if user_id is None:
            continue
        try:
            groups = ports.org.groups(user_id)
        except Refused as error:
            return Reason.of(R.PROTECTION_UNKNOWN, detail=error.detail)
        found = next((group.name for group in groups if any(is_named(group, text) for text in names)), None)
        if found:
            return Reason.of(R.PROTECTED, group=found)
    return None
