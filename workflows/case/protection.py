"""Protected users, the members of the settings' protected groups: only a person acts for them."""

from __future__ import annotations

from workflows.case.preflight import is_named
from workflows.errors import Refused
from workflows.model import Case
from workflows.steps import Ports


def protected(case: Case, ports: Ports) -> str | None:
    """Say in one sentence why a person has to decide about an affected user, None if nobody is protected.

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
            return f"Whether the affected user is in a protected group could not be read: {error.detail}"
        found = next((group.name for group in groups if any(is_named(group, text) for text in names)), None)
        if found:
            return f"The affected user is in the protected group {found}; a person decides what is done."
    return None
