"""Checks that what the settings name exists in Okta: a misspelt group or attribute would silently protect nothing.

Runs when the worker starts and again before a ticket is judged: a group or directory can be renamed in between, and
Okta may not answer at the start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from workflows.errors import Checklist, Misconfigured, NotAllowed, Refused
from workflows.model import EVERYONE, DirectoryKind, Refresh
from workflows.steps import Ports
from workflows.sync.approvers import check_approver
from workflows.values.wording import near_ones

SETTLED = timedelta(days=1)  # attributes are seldom added or removed, and never renamed
RECENT = timedelta(minutes=5)  # an unknown name is looked up again in data at most this old

Known = Callable[[Ports, datetime], frozenset[str]]


def check_named(ports: Ports) -> None:
    """Raise `Misconfigured` with every group, directory and attribute of the policy that the org lacks."""
    policy, checks = ports.policy, Checklist(ports.org.name)
    for setting in ("protected_groups", "on_behalf"):
        for text in sorted(getattr(policy, setting) - {EVERYONE}):
            with checks.noting():
                found = ports.org.groups_named(text)
                if not any(group.is_named(text) for group in found):
                    alike = found or ports.org.groups_named(text[:1])
                    raise _unknown(f"policy.{setting}", text, "group", (group.name for group in alike), ports)
    if policy.autonomy or policy.refresh:
        with checks.noting():
            _check_directories(ports)
    attributes: list[tuple[str, Iterable[str], Known]] = [
        *((f"policy.synonyms.{word!r}", (name,), _of_users) for word, name in policy.synonyms.items()),
        ("policy.approve_attributes", policy.approve_attributes, _of_users),
        ("policy.never_attributes", policy.never_attributes, _of_any_copy),
    ]
    for setting, names, known in attributes:
        with checks.noting():
            _check_attributes(setting, names, known, ports)
    checks.end()


def check_approvers(ports: Ports) -> None:
    """Raise `Misconfigured` with every approver whom the org lacks, when the worker starts.

    Later one may be locked out or leave: then a run waits for another, and no ticket is kept from being judged.
    """
    checks = Checklist(ports.org.name)
    for text in sorted(ports.policy.approvers):
        with checks.noting():
            check_approver(text, ports.org)
    checks.end()


def warn_of_attributes(ports: Ports) -> None:
    """Report open attributes that no schema has; their values stay masked."""
    try:
        _check_attributes("policy.open_attributes", ports.policy.open_attributes, _of_any_copy, ports)
    except Misconfigured as error:
        text = f"{error.detail}; values stay masked"
        ports.tell("settings", {"system": error.system, "text": text})


def _check_directories(ports: Ports) -> None:
    """Raise `Misconfigured` with every directory that the org lacks, or that no visit to a page refreshes."""
    directories, checks = ports.org.directories(), Checklist(ports.org.name)
    known = {name: item for item in reversed(directories) for name in (item.ref.app_id, item.label)}
    for setting, named in (("policy.autonomy", ports.policy.autonomy), ("policy.refresh", ports.policy.refresh)):
        for text in named:
            with checks.noting():
                if text not in known:
                    raise _unknown(setting, text, "directory", (item.label for item in directories), ports)
    for text, refresh in ports.policy.refresh.items():
        with checks.noting():
            if refresh is Refresh.PROFILE_PAGE and text in known and known[text].kind is not DirectoryKind.AD:
                detail = (
                    f"policy.refresh.{text!r}: found 'profile_page'; a visit to the user's page refreshes users of AD "
                    f"alone, and {known[text].label} is {known[text].kind.upper()}; allowed: 'signin', or leave it out"
                )
                raise Misconfigured(ports.org.name, "refresh one user as the settings name it", detail)
    checks.end()


def _check_attributes(setting: str, names: Iterable[str], known: Known, ports: Ports) -> None:
    wanted, now = set(names), ports.clock.now()
    if not wanted or wanted <= _of_users(ports, now - SETTLED) or wanted <= known(ports, now - SETTLED):
        return
    there, checks = known(ports, now - RECENT), Checklist(ports.org.name)
    for name in sorted(wanted - there):
        detail = f"{setting}: found {name!r}; the org has no attribute of this name{near_ones(name, there)}"
        with checks.noting():
            raise Misconfigured(ports.org.name, "find the attribute that the settings name", detail)
    checks.end()


def _unknown(setting: str, text: str, what: str, names: Iterable[str], ports: Ports) -> Misconfigured:
    detail = f"{setting}: found {text!r}; the org has no {what} of this name or id{near_ones(text, names)}"
    return Misconfigured(ports.org.name, f"find the {what} that the settings name", detail)


def _of_users(ports: Ports, not_before: datetime) -> frozenset[str]:
    return ports.org.user_attributes(not_before=not_before)


def _of_any_copy(ports: Ports, not_before: datetime) -> frozenset[str]:
    """Return the attributes of Okta's users and of every directory's copies of them.

    Raises `Misconfigured` if a schema is refused: without it, a misspelt name cannot be detected, so the work waits for
    the permission.
    """
    found = set(_of_users(ports, not_before))
    for directory in ports.org.directories():
        try:
            found |= {item.name for item in ports.org.app_schema(directory, not_before=not_before)}
        except (Refused, NotAllowed) as error:
            detail = f"{error.detail}; it is needed to check policy.never_attributes and policy.open_attributes"
            what, cause = f"read the schema of {directory.label}", error.cause if isinstance(error, NotAllowed) else ""
            raise Misconfigured(error.system, what, detail, cause=cause, request_id=error.request_id) from error
    return frozenset(found)
