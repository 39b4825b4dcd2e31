"""The org as the core sees it: users, their directories' copies, mappings and schemas; read only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from connectors.okta.client import OktaClient, part
from connectors.okta.shapes import Shapes
from connectors.okta.surroundings import PAGE, Surroundings, checked_id
from workflows.errors import Refused
from workflows.model import (
    AppAttribute,
    AppUser,
    AttributeRule,
    Directory,
    Member,
    MemberPage,
    OktaUser,
    ProfileMapping,
)
from workflows.ports import Clock

IDENTIFIERS = ("login", "email", "secondEmail", "employeeNumber")
LONGEST_IDENTIFIER = 100  # Okta's own limit of a login (https://developer.okta.com/docs/reference/api/users/)


class OktaConnector(Surroundings):
    """Implements `OktaOrg` over one org. Timeouts are seconds; `directory_types` are app names of directories."""

    def __init__(
        self,
        name: str,
        url: str,
        token: SecretStr,
        *,
        clock: Clock,
        directory_types: tuple[str, ...] = ("active_directory", "ldap_sun_one"),
        connect_timeout: float = 5.0,
        read_timeout: float = 30.0,
    ) -> None:
        self.name = name
        self._types = frozenset(directory_types)
        self._client = OktaClient(
            name, url, token, clock=clock, connect_timeout=connect_timeout, read_timeout=read_timeout
        )
        self._shapes = Shapes(name)

    def check(self) -> None:
        """Prove the credential with a small read that every administrator may make."""
        self._need("check the credential", "/api/v1/users", {"limit": 1})

    def find_users(self, identifier: str) -> tuple[OktaUser, ...]:
        """Return the users whose login, e-mail, second e-mail or employee number is exactly this, ignoring case.

        A search's index may be seconds behind, so the login is also asked for directly.
        """
        wanted = identifier.strip()
        if not wanted or len(wanted) > LONGEST_IDENTIFIER or not wanted.isprintable():
            return ()
        found: dict[str, OktaUser] = {}
        if "/" not in wanted:  # such a login can be read by its id only
            answer = self._client.get("read the user", f"/api/v1/users/{part(wanted)}", missing_ok=True)
            if answer:
                user = self._shapes.user(answer.body, answer.request_id)
                found[user.id] = user
        quoted = wanted.replace("\\", "\\\\").replace('"', '\\"')
        query = " or ".join(f'profile.{name} eq "{quoted}"' for name in IDENTIFIERS)
        for item, request_id in self._client.pages(
            "search for the user", "/api/v1/users", {"search": query, "limit": 10}
        ):
            user = self._shapes.user(item, request_id)
            found.setdefault(user.id, user)
        return tuple(user for user in found.values() if _known_as(user, wanted))

    def user(self, user_id: str) -> OktaUser:
        """Read one user with the Okta profile."""
        answer = self._need("read the user", f"/api/v1/users/{part(user_id)}")
        return self._shapes.user(answer.body, answer.request_id)

    def app_users(self, user_id: str) -> tuple[AppUser, ...]:
        """Return the user's copies in the directories that the user is linked to.

        One call lists the user's apps with the copy of each inside
        (`expand=user/{userId}`;
        https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Application/).
        """
        operation = "read the user's directories"
        params: dict[str, str | int] = {
            "filter": f'user.id eq "{checked_id(self.name, operation, user_id)}"',
            "expand": f"user/{user_id}",
            "limit": PAGE,
        }
        copies = []
        for app, request_id in self._client.pages(operation, "/api/v1/apps", params):
            if app.get("name") not in self._types:
                continue
            directory = self._shapes.directory(app)
            embedded = app.get("_embedded")
            body = embedded.get("user") if isinstance(embedded, Mapping) else None
            if isinstance(body, Mapping) and body.get("id") == user_id:
                copies.append(self._shapes.app_user(directory, user_id, body, request_id))
            elif copy := self.app_user(directory, user_id):
                copies.append(copy)
        return tuple(copies)

    def app_user(self, directory: Directory, user_id: str) -> AppUser | None:
        """Read the user's copy in one directory; `None` where the user is not linked to it."""
        path = f"/api/v1/apps/{part(directory.ref.app_id)}/users/{part(user_id)}"
        answer = self._client.get("read the app user", path, missing_ok=True)
        return self._shapes.app_user(directory, user_id, answer.body, answer.request_id) if answer else None

    def mapping(self, directory: Directory, type_id: str) -> ProfileMapping | None:
        """Read the directory's To-Okta mapping onto a user type; the list has no rules in it, so it is read twice."""
        operation = "read the mapping"
        params: dict[str, str | int] = {"sourceId": directory.ref.app_id, "targetId": type_id, "limit": PAGE}
        for item, _ in self._client.pages(operation, "/api/v1/mappings", params):
            source, target = item.get("source") or {}, item.get("target") or {}
            if (source.get("type"), source.get("id")) != ("appuser", directory.ref.app_id):
                continue
            if (target.get("type"), target.get("id")) != ("user", type_id):
                continue
            path = f"/api/v1/mappings/{part(self._shapes.text(item, 'mapping', 'id'))}"
            answer = self._need(operation, path)
            return self._shapes.profile_mapping(answer.body, answer.request_id)
        return None

    def attribute_rules(self, user: OktaUser) -> tuple[AttributeRule, ...]:
        """Read from the schema of the user's type who may write each attribute."""
        operation = "read the user schema"
        kind = self._need(operation, f"/api/v1/meta/types/user/{part(user.type_id)}").body
        links = kind.get("_links") if isinstance(kind, Mapping) else None
        schema = links.get("schema") if isinstance(links, Mapping) else None
        href = schema.get("href") if isinstance(schema, Mapping) else None
        schema_id = str(href).rstrip("/").rsplit("/", 1)[-1] if href else "default"
        return self._shapes.attribute_rules(self._need(operation, f"/api/v1/meta/schemas/user/{part(schema_id)}").body)

    def app_schema(self, directory: Directory) -> tuple[AppAttribute, ...]:
        """Read which variables the directory's copies have, and what AD or LDAP calls them (`externalName`)."""
        path = f"/api/v1/meta/schemas/apps/{part(directory.ref.app_id)}/default"
        return self._shapes.app_attributes(self._need("read the directory's schema", path).body)

    def directory(self, app_id: str) -> Directory:
        """Read one directory."""
        operation = "read the directory"
        app = self._need(operation, f"/api/v1/apps/{part(app_id)}").body
        if not isinstance(app, Mapping) or app.get("name") not in self._types:
            raise Refused(self.name, operation, f"the app {app_id[:40]!r} is no directory")
        return self._shapes.directory(app)

    def directory_users(self, directory: Directory, after: str | None = None) -> MemberPage:
        """Read one page of the app users with the users inside (`expand=user`; `next` is Okta's own link)."""
        operation = f"read the users of {directory.label}"
        path = after or f"/api/v1/apps/{part(directory.ref.app_id)}/users"
        params: dict[str, str | int] = {} if after else {"expand": "user", "limit": PAGE}
        page = self._client.page(operation, path, params)
        members = [self._member(directory, item, page.request_id) for item in page.items]
        return MemberPage(members=tuple(member for member in members if member), next=page.next)

    def _member(self, directory: Directory, item: Mapping[str, Any], request_id: str | None) -> Member | None:
        """Read a member; one that cannot be read is left out, so that it never hides the others of its page."""
        user_id, embedded = item.get("id"), item.get("_embedded")
        if not isinstance(user_id, str) or not isinstance(item.get("profile"), Mapping):
            return None
        copy = self._shapes.app_user(directory, user_id, item, request_id)
        body = embedded.get("user") if isinstance(embedded, Mapping) else None
        return Member(copy_in_directory=copy, user=self._shapes.user_if_whole(body, request_id))


def _known_as(user: OktaUser, wanted: str) -> bool:
    return wanted.casefold() in {str(user.profile.get(name) or "").casefold() for name in IDENTIFIERS}
