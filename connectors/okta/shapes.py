"""Okta's JSON as values of the core: unknown fields and enum values pass, a missing needed field is named.

Shapes: https://developer.okta.com/docs/api/ (Users, Applications, ProfileMapping, Schema, SystemLog, AgentPools).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from workflows.errors import Unexpected
from workflows.model import (
    AgentPool,
    AppUser,
    AttributeRule,
    Directory,
    DirectoryKind,
    DirectoryRef,
    LogEvent,
    MappingRule,
    OktaUser,
    ProfileMapping,
)

AD_APP = "active_directory"  # every other directory app name is an LDAP one (inferred: only ldap_sun_one is evidenced)


class Shapes:
    """Reads the answers of one org; what cannot be read raises `Unexpected` with the field's name."""

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
            last_updated=moment(body.get("lastUpdated")),
            request_id=request_id,
        )

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

    def profile_mapping(self, body: Any, request_id: str | None) -> ProfileMapping:
        """Read a mapping; a property without an expression maps nothing.

        pushStatus DONT_PUSH applies on create only
        (https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ProfileMapping/).
        """
        rules = {}
        for attribute, rule in self.mapping(body, "mapping", "properties").items():
            expression = rule.get("expression") if isinstance(rule, Mapping) else None
            if isinstance(expression, str):
                on_update = rule.get("pushStatus") != "DONT_PUSH"
                rules[attribute] = MappingRule(attribute=attribute, expression=expression, on_update=on_update)
        return ProfileMapping(id=self.text(body, "mapping", "id"), rules=rules, request_id=request_id)

    def attribute_rules(self, body: Any) -> tuple[AttributeRule, ...]:
        """Read who may write each attribute and which values it takes; what a schema does not tell stays open."""
        found = []
        definitions = body.get("definitions") if isinstance(body, Mapping) else None
        for part in ("base", "custom"):
            section = (definitions or {}).get(part)
            properties = section.get("properties") if isinstance(section, Mapping) else None
            needed = section.get("required") if isinstance(section, Mapping) else None
            for attribute, schema in (properties or {}).items():
                if isinstance(schema, Mapping):
                    required = schema.get("required") is True or attribute in (needed or [])
                    found.append(_attribute_rule(attribute, schema, required=required))
        return tuple(found)

    def log_event(self, body: Any) -> LogEvent:
        """Read a System Log event; which attributes changed is told by `debugData.changedAttributes` (inferred)."""
        outcome, actor = _object(body.get("outcome")), _object(body.get("actor"))
        debug = _object(_object(body.get("debugContext")).get("debugData"))
        published = moment(body.get("published"))
        if published is None:
            raise Unexpected(self._system, "read the System Log", "an event has no time in `published`")
        return LogEvent(
            uuid=self.text(body, "log event", "uuid"),
            published=published,
            event_type=self.text(body, "log event", "eventType"),
            result=outcome.get("result"),
            reason=outcome.get("reason"),
            actor=actor.get("id"),
            actor_name=actor.get("alternateId") or actor.get("displayName"),
            actor_kind=actor.get("type"),
            changed=tuple(
                name.strip() for name in str(debug.get("changedAttributes") or "").split(",") if name.strip()
            ),
            message=body.get("displayMessage"),
        )

    def agent_pool(self, body: Any) -> AgentPool:
        """Read an agent pool; its id is the directory's app id (seen in recordings, not documented)."""
        agents = body.get("agents")
        return AgentPool(
            id=self.text(body, "agent pool", "id"),
            name=str(body.get("name") or ""),
            status=str(body.get("operationalStatus") or "not told"),
            agents=tuple(agent for agent in agents if isinstance(agent, Mapping)) if isinstance(agents, list) else (),
        )

    def text(self, body: Any, what: str, name: str) -> str:
        """Return a needed text."""
        value = body.get(name) if isinstance(body, Mapping) else None
        if not isinstance(value, str) or not value:
            raise Unexpected(self._system, f"read the {what}", f"{name!r} is missing or no text")
        return value

    def mapping(self, body: Any, what: str, name: str) -> Mapping[str, Any]:
        """Return a needed object."""
        value = body.get(name) if isinstance(body, Mapping) else None
        if not isinstance(value, Mapping):
            raise Unexpected(self._system, f"read the {what}", f"{name!r} is missing or no object")
        return value


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
    )


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _length(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def moment(value: Any) -> datetime | None:
    """Read an ISO 8601 time as UTC; `None` for anything else."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
