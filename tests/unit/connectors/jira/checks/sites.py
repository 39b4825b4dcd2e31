"""Sites whose settings are checked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.jira_site import Reply, Site, desk
from workflows.errors import Misconfigured

GRANTED = {
    name: {"havePermission": True}
    for name in (
        *("BROWSE_PROJECTS", "ADD_COMMENTS", "ASSIGN_ISSUES", "TRANSITION_ISSUES", "CREATE_ATTACHMENTS"),
        "SERVICEDESK_AGENT",
    )
}


def values(*items: dict[str, Any], last: bool = True) -> Reply:
    """Answer with a page of Jira Service Management."""
    return Reply({"isLastPage": last, "values": list(items)})


def problem(site: Site, **changes: Any) -> str:
    """Return what the checks report."""
    with pytest.raises(Misconfigured) as caught:
        desk(site, **changes).check()
    return str(caught.value)
