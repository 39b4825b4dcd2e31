"""The attributes that the settings name must exist in Okta: a misspelt one would silently withhold or guard nothing.

A ticket's words and approvals are about attributes of Okta's users. What is withheld may be an attribute of a
directory's copy, too, which has names of its own. A misspelt open attribute does no harm, since its value stays masked,
and is only warned of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from workflows.errors import Misconfigured, Refused
from workflows.steps import Ports
from workflows.values.near_names import near_ones

SETTLED = timedelta(days=1)  # attributes come and go rarely, and none is renamed
RECENT = timedelta(minutes=5)  # a name that is not known is looked for once more in a reading as new as this

Known = Callable[[Ports, datetime], frozenset[str]]


def check_attributes(ports: Ports) -> None:
    """Raise `Misconfigured` for the first attribute of the policy that no schema has and that something rests on."""
    policy = ports.policy
    for word, name in policy.synonyms.items():
        _check(f"policy.synonyms.{word!r}", (name,), _of_users, ports)
    _check("policy.approve_attributes", policy.approve_attributes, _of_users, ports)
    _check("policy.never_attributes", policy.never_attributes, _of_any_copy, ports)


def warn_of_attributes(ports: Ports) -> None:
    """Tell of attributes that are to be shown as they are and that no schema has: their values stay masked."""
    setting = "policy.open_attributes"
    try:
        _check(setting, ports.policy.open_attributes, _of_any_copy, ports)
    except Misconfigured as error:
        text = f"{error.detail}; values stay masked"
        ports.tell("settings", {"system": error.system, "text": text})


def _check(setting: str, names: Iterable[str], known: Known, ports: Ports) -> None:
    wanted, now = set(names), ports.clock.now()
    if not wanted or wanted <= _of_users(ports, now - SETTLED) or wanted <= known(ports, now - SETTLED):
        return
    there = known(ports, now - RECENT)
    for name in sorted(wanted - there):
        detail = f"{setting}: found {name!r}; the org has no attribute of this name{near_ones(name, there)}"
        raise Misconfigured(ports.org.name, "find the attribute that the settings name", detail)


def _of_users(ports: Ports, not_before: datetime) -> frozenset[str]:
    return ports.org.user_attributes(not_before=not_before)


def _of_any_copy(ports: Ports, not_before: datetime) -> frozenset[str]:
    """Return the attributes of Okta's users and of every directory's copies of them.

    A schema that is refused makes it impossible to tell whether a name is misspelt, so the work waits for the right.
    """
    found = set(_of_users(ports, not_before))
    for directory in ports.org.directories():
        try:
            found |= {item.name for item in ports.org.app_schema(directory, not_before=not_before)}
        except Refused as error:
            detail = f"{error.detail}; it is needed to check policy.never_attributes and policy.open_attributes"
            operation = f"read the schema of {directory.label}"
            raise Misconfigured(error.system, operation, detail, request_id=error.request_id) from error
    return frozenset(found)
