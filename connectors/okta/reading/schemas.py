"""Reads an org's schemas: the attributes of its user types and of its directories' copies.

Each user type has a schema of its own; the default type's is called `default`
(https://developer.okta.com/docs/reference/api/schemas/).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors.http.statuses import of_the_system
from connectors.okta.cache import Cache
from connectors.okta.client import OktaClient, part
from connectors.okta.reading.bodies import OktaReader, schema_id
from workflows.errors import Refused
from workflows.model import AppAttribute, AttributeRule, Directory, OktaUser, label

USER_TYPES = "/api/v1/meta/types/user"
READ_ONE = "read the user schema"
KEEP_TYPES_FOR = timedelta(days=1)  # of a user type only the name is used, and a type hardly ever gets another


class Schemas:
    """Reads one org's schemas and caches them; threads share it."""

    def __init__(self, client: OktaClient, reader: OktaReader, cache: Cache) -> None:
        self._client, self._reader, self._cache = client, reader, cache

    def rules_of(self, user: OktaUser, not_before: datetime | None) -> tuple[AttributeRule, ...]:
        """Return the rules of the schema that a user links to, or else its type."""
        if user.schema_id:
            return self._rules(user.schema_id, not_before)

        def read() -> tuple[AttributeRule, ...]:
            return self._read_rules(self._schema_of_type(user.type_id))

        return self._cache.get(("schema of type", user.type_id), read, not_before=not_before)

    def user_attributes(self, not_before: datetime | None) -> frozenset[str]:
        """Return the attributes of all user types; `Misconfigured` if the account may not read them."""
        return self._cache.get("user attributes", self._read_attributes, not_before=not_before)

    def type_name(self, type_id: str) -> str:
        """Return the name that people see of a user type, "" for the default one; a new type is looked for at once."""
        now = self._client.transport.clock.now()
        for since in (now - KEEP_TYPES_FOR, now + timedelta.resolution):
            kinds = self._cache.get("user types", self._read_types, not_before=since)
            for kind in kinds:
                if kind.get("id") == type_id:
                    name = kind.get("displayName") or kind.get("name")
                    return "" if kind.get("default") is True else label(str(name or type_id))
        return type_id

    def of_copies(self, directory: Directory, not_before: datetime | None) -> tuple[AppAttribute, ...]:
        """Return the variables of a directory's copies."""
        path = f"/api/v1/meta/schemas/apps/{part(directory.ref.app_id)}/default"

        def read() -> tuple[AppAttribute, ...]:
            return self._reader.app_attributes(self._client.get("read the directory's schema", path).body)

        return self._cache.get(("copies", directory.ref.app_id), read, not_before=not_before)

    def _read_attributes(self) -> frozenset[str]:
        try:
            now = self._client.transport.clock.now()
            kinds = self._cache.get("user types", self._read_types, not_before=now)
            schemas = dict.fromkeys(schema_id(kind) or "default" for kind in kinds)
            rules = [rule for found in schemas or ("default",) for rule in self._rules(found, now)]
        except Refused as error:
            raise of_the_system(error) from error
        return frozenset(rule.attribute for rule in rules)

    def _read_types(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(item for item, _ in self._client.items("list the user types", USER_TYPES, {}))

    def _rules(self, found: str, not_before: datetime | None) -> tuple[AttributeRule, ...]:
        return self._cache.get(("schema", found), lambda: self._read_rules(found), not_before=not_before)

    def _read_rules(self, found: str) -> tuple[AttributeRule, ...]:
        path = f"/api/v1/meta/schemas/user/{part(found)}"
        return self._reader.attribute_rules(self._client.get(READ_ONE, path).body)

    def _schema_of_type(self, type_id: str) -> str:
        """Return the id of a user type's schema; a type without a link has the org's default schema."""
        body = self._client.get(READ_ONE, f"{USER_TYPES}/{part(type_id)}").body
        self._reader.text(body, "user type", "id")  # an object without an id is not a user type
        return schema_id(body) or "default"
