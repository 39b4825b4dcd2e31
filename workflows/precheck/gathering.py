"""Gathers from Okta what the precheck decides on, for one subject. It judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from workflows.errors import FarSideError, Misconfigured, NotAllowed, Refused, Transient
from workflows.model import (
    AgentPool,
    AppUser,
    AttributeRule,
    Directory,
    Evidence,
    LogEvent,
    OktaUser,
    ProfileMapping,
    Reason,
    Request,
)
from workflows.model import ReasonKind as R
from workflows.ports import OktaOrg
from workflows.precheck.facts import INVALID_EXPRESSION, Facts, Imports
from workflows.precheck.schema_refusal import breaking_values, unique_changes
from workflows.values.wording import counted

LOOK_BACK = timedelta(days=7)  # what the System Log gives without being asked for more
MOST_EVENTS = 200
TOLD_OF_USERS = (
    "app.user_management.update_from_master_failed",
    INVALID_EXPRESSION,
    "user.account.update_profile",
)


def gather(facts: Facts, org: OktaOrg, settings_since: datetime | None = None) -> Facts:
    """Read the rest of one known user's facts, and no more than a first verdict can need.

    Mapping and schema may have been read as long ago as `settings_since` (UTC).
    """
    try:
        links = org.links(facts.user.id)
        facts = facts.but(app_users=links.copies, other_sources=links.other_sources)
    except Refused as error:
        return facts.but(unreadable=_refused(error), evidence=_evidence(facts, org.name))
    return with_settings(facts, org, settings_since)


def with_settings(facts: Facts, org: OktaOrg, since: datetime | None = None) -> Facts:
    """Add the mapping that leads to the user and the user's schema, or the rivals' rules, as they were then or later.

    Where that is not said, they may be some minutes old.
    """
    try:
        facts = _with_settings(facts, org, since)
    except Refused as error:
        facts = facts.but(unreadable=_refused(error))
    return facts.but(evidence=_evidence(facts, org.name))


def with_names(facts: Facts, org: OktaOrg) -> Facts:
    """Add what AD or LDAP calls the app user's variables; a schema that is refused adds nothing."""
    try:
        names = org.app_schema(facts.copy_user.directory)
    except (Refused, NotAllowed) as error:
        return facts.but(evidence=(*facts.evidence, _unread(error, facts, "app user schema")))
    known = {item.external_name: item.name for item in names if item.external_name}
    return facts.but(external_names=known)


def with_history(facts: Facts, org: OktaOrg) -> Facts:
    """Add what the System Log tells of the user; one that cannot be read stays empty, for silence proves nothing."""
    since = facts.at - LOOK_BACK
    try:
        read = org.told_of(facts.user.id, facts.copy_user.directory, since, MOST_EVENTS, types=TOLD_OF_USERS)
    except (Refused, NotAllowed) as error:
        return facts.but(history=(), evidence=(*facts.evidence, _unread(error, facts, "System Log")))
    number = len(read.events)
    events = "one event" if number == 1 else counted(number, "event")
    what = Reason.of(R.LOG_READ, user=facts.user.id, events=events)
    line = Evidence(what=what, system=org.name, at=read.at)
    return facts.but(history=read.events, evidence=(*facts.evidence, line))


def with_directory_history(facts: Facts, org: OktaOrg) -> Facts:
    """Add what the System Log tells of the directory's expressions without naming a user; silence proves nothing."""
    try:
        app_id = facts.copy_user.directory.ref.app_id
        events = org.log(app_id, facts.at - LOOK_BACK, MOST_EVENTS, types=(INVALID_EXPRESSION,))
    except (Refused, NotAllowed) as error:
        line = _unread(error, facts, "System Log of the directory")
        return facts.but(directory_history=(), evidence=(*facts.evidence, line))
    return facts.but(directory_history=tuple(event for event in events if not event.users))


def with_holders(facts: Facts, org: OktaOrg) -> Facts:
    """Add which unique values that a sync would bring are another user's; a look-up that is refused adds nothing."""
    taken, unread = dict[str, str](), list[Evidence]()
    for attribute, value in unique_changes(facts).items():
        try:
            holders = org.holders(attribute, value)
        except Refused as error:
            unread.append(_unread(error, facts, f"holder of the new {attribute}"))
            continue
        if others := [user_id for user_id in holders if user_id != facts.user.id]:
            taken[attribute] = others[0]
    return facts.but(taken=taken, evidence=(*facts.evidence, *unread))


def would_be_refused(
    user: OktaUser, copy: AppUser, mapping: ProfileMapping | None, rules: Mapping[str, AttributeRule], org: OktaOrg
) -> bool:
    """Say whether Okta would refuse the user's update over one of the copy's values, by facts read again just now."""
    facts = Facts(request=Request(), identifier=user.login, named=True, at=datetime.min.replace(tzinfo=UTC))
    read = {"users": (user,), "app_users": (copy,), "mapping": mapping, "schema_rules": tuple(rules.values())}
    return bool(breaking_values(with_holders(facts.but(**read), org)))


def with_imports(facts: Facts, org: OktaOrg) -> Facts:
    """Add what Okta tells of the directory's agents and imports, or why either could not be read.

    Raises `Transient` where a time is known from which the log can be read, such as the reset of a rate limit.
    """
    directory, agents_unread, log_unread = facts.copy_user.directory, "", ""
    pools: tuple[AgentPool, ...] = ()
    about_directory: tuple[LogEvent, ...] = ()
    about_user: tuple[LogEvent, ...] = ()
    since = facts.at - LOOK_BACK
    try:
        pools = org.agent_pools()
    except (Refused, Transient, Misconfigured) as error:
        agents_unread = error.said
    try:
        about_directory = org.log(directory.ref.app_id, since, MOST_EVENTS)
        about_user = org.log(facts.user.id, since, MOST_EVENTS)
    except (Refused, Transient, Misconfigured) as error:
        if isinstance(error, Transient) and error.until:
            raise
        log_unread = error.said
    pool = next((item for item in pools if item.id == directory.ref.app_id), None)
    found = Imports(
        pool=pool,
        directory_events=about_directory,
        user_events=about_user,
        agents_unread=agents_unread,
        log_unread=log_unread,
    )
    return facts.but(imports=found)


def _with_settings(facts: Facts, org: OktaOrg, since: datetime | None) -> Facts:
    def mapping(directory: Directory) -> ProfileMapping | None:
        return org.mapping(directory, facts.user.type_id, not_before=since)

    if facts.leading is None:
        read = ((item.directory, mapping(item.directory)) for item in facts.able)
        rules = {directory.ref.app_id: found.rules if found else {} for directory, found in read}
        return facts.but(rival_rules=rules)
    update = {"mapping": mapping(facts.copy_user.directory)}
    return facts.but(**(update | {"schema_rules": org.attribute_rules(facts.user, not_before=since)}))


def _refused(error: Refused) -> str:
    return f"{error.operation}: {error.said}"


def _unread(error: FarSideError, facts: Facts, thing: str) -> Evidence:
    what = Reason.of(R.NOT_READ, thing=thing, detail=error.said)
    return Evidence(what=what, system=error.system, at=facts.at, request_id=error.request_id)


def _evidence(facts: Facts, system: str) -> tuple[Evidence, ...]:
    def read(what: Reason, request_id: str | None, at: datetime | None = None) -> Evidence:
        return Evidence(what=what, system=system, at=at or facts.at, request_id=request_id)

    lines = [read(Reason.of(R.PROFILE_READ, user=facts.user.id), facts.user.request_id)]
    lines += [
        read(Reason.of(R.COPY_READ, label=item.directory.label, app=item.directory.ref.app_id), item.request_id)
        for item in facts.app_users
    ]
    if facts.mapping:
        mapping = facts.mapping
        lines.append(read(Reason.of(R.MAPPING_READ, mapping=mapping.id), mapping.request_id, mapping.read_at))
    return tuple(lines)
