"""What the settings name in Okta must exist there: a misspelt name would protect nobody, or hold nobody back.

It is looked for when the worker starts, and again before a ticket is judged, because a group or directory can be
renamed while the worker runs and Okta may not answer at the start.
"""

from __future__ import annotations

from collections.abc import Iterable

from workflows.case.named_attributes import check_attributes
from workflows.errors import Misconfigured
from workflows.model import Group
from workflows.steps import Ports
from workflows.values.near_names import near_ones


def check_named(ports: Ports) -> None:
    """Raise `Misconfigured` for the first group, directory or attribute of the policy that the org does not have."""
    for text in sorted(ports.policy.protected_groups):
        _check_group(text, ports)
    if ports.policy.autonomy or ports.policy.refresh:
        _check_directories(ports)
    check_attributes(ports)


def is_named(group: Group, text: str) -> bool:
    """Say whether a group is the one that the settings name: by its id, or by its name without regard to case."""
    return text == group.id or text.casefold() == group.name.casefold()


def _check_group(text: str, ports: Ports) -> None:
    found = ports.org.groups_named(text)
    if not any(is_named(group, text) for group in found):
        raise _unknown("policy.protected_groups", text, "group", (group.name for group in found), ports)


def _check_directories(ports: Ports) -> None:
    directories = ports.org.directories()
    known = {name for item in directories for name in (item.ref.app_id, item.label)}
    for setting, named in (("policy.autonomy", ports.policy.autonomy), ("policy.refresh", ports.policy.refresh)):
        for text in named:
            if text not in known:
                raise _unknown(setting, text, "directory", (item.label for item in directories), ports)


def _unknown(setting: str, text: str, what: str, names: Iterable[str], ports: Ports) -> Misconfigured:
    detail = f"{setting}: found {text!r}; the org has no {what} of this name or id{near_ones(text, names)}"
    return Misconfigured(ports.org.name, f"find the {what} that the settings name", detail)
