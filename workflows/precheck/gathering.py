"""Gathers from Okta what the precheck decides on, for one subject. It judges nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.errors import FarSideError, Misconfigured, NotAllowed, Refused, Transient
from workflows.model import Evidence, Reason
from workflows.model import ReasonKind as R
from workflows.ports import OktaOrg
from workflows.precheck.facts import INVALID_EXPRESSION, Facts, Imports
from workflows.precheck.schema_refusal import FAILED, UPDATED, unique_changes
from workflows.values.wording import counted

LOOK_BACK = timedelta(days=7)  # what the System Log gives without being asked for more
MOST_EVENTS = 200
TOLD_OF_USERS = (FAILED, INVALID_EXPRESSION, UPDATED)


def gather(facts: Facts, org: OktaOrg, settings_since: datetime | None = None) -> Facts:
    """Read the rest of one known user's facts, and no more than a first verdict can need.

    Mapping and schema may have been read as long ago as `settings_since` (UTC).
    """
    try:
        links = org.links(facts.user.id)
    except Refused as error:
        return facts.but(unreadable=f"{error.operation}: {error.said}", evidence=_evidence(facts, org.name))
    return with_settings(facts.but(app_users=links.copies, other_sources=links.other_sources), org, settings_since)


def with_settings(facts: Facts, org: OktaOrg, since: datetime | None = None) -> Facts:
    """Add the mapping that leads to the user and the user's schema, or the rivals' rules, as they were then or later.

    Where that is not said, they may be some minutes old.
    """
    try:
        if facts.leading:
            mapping = org.mapping(facts.leading.directory, facts.user.type_id, not_before=since)
            facts = facts.but(mapping=mapping, schema_rules=org.attribute_rules(facts.user, not_before=since))
        else:
            able = (item.directory for item in facts.able)
            read = {item.ref.app_id: org.mapping(item, facts.user.type_id, not_before=since) for item in able}
            facts = facts.but(rival_rules={app_id: found.rules if found else {} for app_id, found in read.items()})
    except Refused as error:
        facts = facts.but(unreadable=f"{error.operation}: {error.said}")
    return facts.but(evidence=_evidence(facts, org.name))


def with_names(facts: Facts, org: OktaOrg) -> Facts:
    """Add what AD or LDAP calls the app user's variables; a schema that is refused adds nothing."""
    try:
        names = org.app_schema(facts.copy_user.directory)
    except (Refused, NotAllowed) as error:
        return _unread(facts, error, "app user schema")
    known = {item.external_name: item.name for item in names if item.external_name}
    return facts.but(external_names=known)


def with_history(facts: Facts, org: OktaOrg) -> Facts:
    """Add what the System Log tells of the user; one that cannot be read stays empty, for silence proves nothing."""
    if facts.history is not None:
        return facts
    since = facts.at - LOOK_BACK
    try:
        read = org.told_of(facts.user.id, facts.copy_user.directory, since, MOST_EVENTS, types=TOLD_OF_USERS)
    except (Refused, NotAllowed) as error:
        return _unread(facts, error, "System Log").but(history=())
    events = "one event" if len(read.events) == 1 else counted(len(read.events), "event")
    what = Reason.of(R.LOG_READ, user=facts.user.id, events=events)
    line = Evidence(what=what, system=org.name, at=read.at)
    return facts.but(history=read.events, evidence=(*facts.evidence, line))


def with_directory_history(facts: Facts, org: OktaOrg) -> Facts:
    """Add what the System Log tells of the directory's expressions without naming a user; silence proves nothing."""
    app_id = facts.copy_user.directory.ref.app_id
    try:
        events = org.log(app_id, facts.at - LOOK_BACK, MOST_EVENTS, types=(INVALID_EXPRESSION,))
    except (Refused, NotAllowed) as error:
        return _unread(facts, error, "System Log of the directory").but(directory_history=())
    return facts.but(directory_history=tuple(event for event in events if not event.users))


def with_holders(facts: Facts, org: OktaOrg) -> Facts:
    """Add which unique values that a sync would bring are another user's; a look-up that is refused adds nothing."""
    taken = dict[str, str]()
    for attribute, value in unique_changes(facts).items():
        try:
            others = [user_id for user_id in org.holders(attribute, value) if user_id != facts.user.id]
        except Refused as error:
            facts = _unread(facts, error, f"holder of the new {attribute}")
            continue
        if others:
            taken[attribute] = others[0]
    return facts.but(taken=taken)


def with_imports(facts: Facts, org: OktaOrg) -> Facts:
    """Add what Okta tells of the directory's agents and imports, or why either could not be read.

    Raises `Transient` where a time is known from which the log can be read, such as the reset of a rate limit.
    """
    if facts.imports is not None:
        return facts
    app_id, since, found = facts.copy_user.directory.ref.app_id, facts.at - LOOK_BACK, Imports()
    try:
        found = found.but(pool=next((pool for pool in org.agent_pools() if pool.id == app_id), None))
    except (Refused, Transient, Misconfigured) as error:
        found = found.but(agents_unread=error.said)
    try:
        found = found.but(directory_events=org.log(app_id, since, MOST_EVENTS))
        found = found.but(user_events=org.log(facts.user.id, since, MOST_EVENTS))
    except (Refused, Transient, Misconfigured) as error:
        if isinstance(error, Transient) and error.until:
            raise
        found = found.but(log_unread=error.said)
    return facts.but(imports=found)


def _unread(facts: Facts, error: FarSideError, thing: str) -> Facts:
    what = Reason.of(R.NOT_READ, thing=thing, detail=error.said)
    line = Evidence(what=what, system=error.system, at=facts.at, request_id=error.request_id)
    return facts.but(evidence=(*facts.evidence, line))


def _evidence(facts: Facts, system: str) -> tuple[Evidence, ...]:
    def read(what: Reason, request_id: str | None, at: datetime | None = None) -> Evidence:
        return Evidence(what=what, system=system, at=at or facts.at, request_id=request_id)

    lines = [read(Reason.of(R.PROFILE_READ, user=facts.user.id), facts.user.request_id)]
    for item in facts.app_users:
        what = Reason.of(R.COPY_READ, label=item.directory.label, app=item.directory.ref.app_id)
        lines.append(read(what, item.request_id))
    if mapping := facts.mapping:
        lines.append(read(Reason.of(R.MAPPING_READ, mapping=mapping.id), mapping.request_id, mapping.read_at))
    return tuple(lines)
