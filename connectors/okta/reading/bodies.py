"""Reads Okta's JSON into values of the core: unknown fields and enum values pass, a missing required field is named.

Formats: https://developer.okta.com/docs/api/ (Users, Applications, ProfileMapping, Schema, SystemLog, AgentPools).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from workflows.errors import Unexpected
from workflows.model import (
    AgentPool,
    AppAttribute,
    AppUser,
    AttributeRule,
    Directory,
    DirectoryKind,
    DirectoryRef,
    Group,
    LogEvent,
    MappingRule,
    OktaUser,
    Organization,
    ProfileMapping,
    SupportCase,
    label,
)

AD_APP = "active_directory"  # every other directory app is LDAP (inferred: only ldap_sun_one has been seen)


class OktaReader:
    """Reads the answers of one org; raises `Unexpected` with the field's name for what cannot be read."""

    def __init__(self, system: str) -> None:
        self._system = system

    def user(self, body: Any, request_id: str | None) -> OktaUser:
        """Read a user."""
        profile = self.mapping(body, "user", "profile")
        return OktaUser(
            id=self.text(body, "user", "id"),
            login=str(profile.get("login") or ""),
            status=self.text(body, "user", "status"),
            type_id=self.text(self.mapping(body, "user", "type"), "user.type", "id"),
            profile=profile,
            schema_id=schema_id(body),
            last_updated=moment(body.get("lastUpdated")),
            request_id=request_id,
        )

    def user_if_whole(self, body: Any, request_id: str | None) -> OktaUser | None:
        """Read an embedded or listed user; `None` if it cannot be read, since it is optional."""
        try:
            return self.user(body, request_id)
        except Unexpected:
            return None

    def directory(self, app: Any) -> Directory:
        """Read a directory app."""
        features = app.get("features")
        return Directory(
            ref=DirectoryRef(org=self._system, app_id=self.text(app, "app", "id")),
            kind=DirectoryKind.AD if app.get("name") == AD_APP else DirectoryKind.LDAP,
            label=str(app.get("label") or app.get("id")),
            active=app.get("status") == "ACTIVE",
            features=tuple(str(feature) for feature in features) if isinstance(features, list) else (),
        )

    def app_user(self, directory: Directory, user_id: str, body: Any, request_id: str | None) -> AppUser:
        """Read the directory's copy of a user."""
        return AppUser(
            directory=directory,
            user_id=user_id,
            profile=self.mapping(body, "app user", "profile"),
            scope=str(body.get("scope") or ""),
            status=str(body.get("status") or ""),
            sync_state=body.get("syncState") if isinstance(body.get("syncState"), str) else None,
            last_sync=moment(body.get("lastSync")),
            last_updated=moment(body.get("lastUpdated")),
            request_id=request_id,
        )

    def profile_mapping(self, body: Any, request_id: str | None, at: datetime | None = None) -> ProfileMapping:
        """Read a mapping; a property without an expression maps nothing.

        pushStatus DONT_PUSH applies on create only
        (https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ProfileMapping/).
        """
        rules = {}
        for name, rule in self.mapping(body, "mapping", "properties").items():
            attribute = label(name)
            expression = rule.get("expression") if isinstance(rule, Mapping) else None
            if isinstance(expression, str):
                on_update = rule.get("pushStatus") != "DONT_PUSH"
                rules[attribute] = MappingRule(attribute=attribute, expression=expression, on_update=on_update)
        return ProfileMapping(id=self.text(body, "mapping", "id"), rules=rules, request_id=request_id, read_at=at)

    def attribute_rules(self, body: Any) -> tuple[AttributeRule, ...]:
        """Read who may write each attribute and which values it takes; what a schema leaves out stays unset."""
        found = _properties(self.mapping(body, "user schema", "definitions"))
        return tuple(_attribute_rule(name, schema, required=needed) for name, schema, needed in found)

    def log_event(self, body: Mapping[str, Any]) -> LogEvent | None:
        """Read a System Log event; `None` for one without id, type or time, so that it does not hide the others.

        That `debugData.changedAttributes` names the attributes that changed is inferred.
        """
        outcome, actor = _object(body.get("outcome")), _object(body.get("actor"))
        debug = _object(_object(body.get("debugContext")).get("debugData"))
        uuid, kind, published = _text(body.get("uuid")), _text(body.get("eventType")), moment(body.get("published"))
        if uuid is None or kind is None or published is None:
            return None
        target = body.get("target")
        targets = [_object(item) for item in target] if isinstance(target, list) else []
        changed = (name.strip() for name in str(debug.get("changedAttributes") or "").split(","))
        return LogEvent(
            uuid=uuid,
            published=published,
            event_type=kind,
            result=_text(outcome.get("result")),
            reason=_text(outcome.get("reason")),
            actor=_text(actor.get("id")),
            actor_name=_text(actor.get("alternateId")) or _text(actor.get("displayName")),
            actor_kind=_text(actor.get("type")),
            changed=tuple(name for name in changed if name),
            users=tuple(str(item.get("id")) for item in targets if item.get("type") == "User"),
            message=_text(body.get("displayMessage")),
        )

    def group(self, body: Any) -> Group:
        """Read a group."""
        id = self.text(body, "group", "id")
        profile = _object(body.get("profile"))
        return Group(id=id, name=str(profile.get("name") or ""))

    def app_attributes(self, body: Any) -> tuple[AppAttribute, ...]:
        """Read the variables of a directory's app users, with their names in the directory."""
        found = _properties(self.mapping(body, "app user schema", "definitions"))
        return tuple(
            AppAttribute(name=name, external_name=_text(schema.get("externalName"))) for name, schema, _ in found
        )

    def support_case(self, body: Any) -> SupportCase:
        """Read a case with Okta Support; its case number may be a JSON number."""
        access = _object(body.get("impersonation"))
        return SupportCase(number=str(body.get("caseNumber") or ""), access=_text(access.get("status")))

    def organization(self, body: Any) -> Organization:
        """Read what the org publishes about itself."""
        return Organization(id=self.text(body, "organization", "id"), pipeline=_text(body.get("pipeline")))

    def agent_pool(self, body: Any) -> AgentPool:
        """Read an agent pool; its id is the directory's app id (seen in recordings, not documented)."""
        agents = body.get("agents")
        agents = [agent for agent in agents if isinstance(agent, Mapping)] if isinstance(agents, list) else []
        return AgentPool(
            id=self.text(body, "agent pool", "id"),
            name=str(body.get("name") or ""),
            status=str(body.get("operationalStatus") or "not told"),
            agents=tuple(map(_labelled, agents)),
        )

    def text(self, body: Any, what: str, name: str) -> str:
        """Return a required text."""
        value = body.get(name) if isinstance(body, Mapping) else None
        if not isinstance(value, str) or not value:
            raise Unexpected(self._system, f"read the {what}", f"{name!r} is missing or not a text")
        return value

    def mapping(self, body: Any, what: str, name: str) -> Mapping[str, Any]:
        """Return a required object."""
        value = body.get(name) if isinstance(body, Mapping) else None
        if not isinstance(value, Mapping):
            raise Unexpected(self._system, f"read the {what}", f"{name!r} is missing or not an object")
        return value


def _properties(definitions: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """Yield every property of a schema, base and custom, and whether it is required."""
    for section in (_object(definitions.get(part)) for part in ("base", "custom")):
        needed = section.get("required")
        for attribute, schema in _object(section.get("properties")).items():
            if isinstance(schema, Mapping):
                listed = isinstance(needed, list) and attribute in needed
                yield label(attribute), schema, listed or schema.get("required") is True


def _attribute_rule(attribute: str, schema: Mapping[str, Any], *, required: bool) -> AttributeRule:
    """Read one property of a schema (https://developer.okta.com/docs/reference/api/schemas/)."""
    master, values = schema.get("master"), schema.get("enum")
    order = master.get("priority") if isinstance(master, Mapping) else None
    apps = tuple(str(item.get("value")) for item in order or [] if isinstance(item, Mapping))
    kind = master.get("type") if isinstance(master, Mapping) else None
    return AttributeRule(
        attribute=attribute,
        master=str(kind) if kind else None,
        apps=apps,
        kind=str(schema.get("type") or "string"),
        required=required,
        min_length=_length(schema.get("minLength")),
        max_length=_length(schema.get("maxLength")),
        values=tuple(values) if isinstance(values, list) else (),
        pattern=schema["pattern"] if isinstance(schema.get("pattern"), str) else None,
        unique=schema.get("unique") in (True, "UNIQUE_VALIDATED"),  # the description says boolean; orgs send the word
    )


def _labelled(record: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: label(value) if isinstance(value, str) else value for name, value in record.items()}


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _length(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def schema_id(body: Mapping[str, Any]) -> str | None:
    """Return the id of the user schema that a user or a user type links to."""
    links = _object(body.get("_links"))
    href = _text(_object(links.get("schema")).get("href"))
    return href.rstrip("/").rsplit("/", 1)[-1] if href else None


def moment(value: Any) -> datetime | None:
    """Read an ISO 8601 time as UTC; `None` for anything else."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):  # in UTC, it is outside the years that there are
        return None
