"""Implements `OktaOrg`: reads users, their directories' copies, mappings and schemas; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import SecretStr

from connectors.http.credentials import Credential
from connectors.http.governance import DEFAULT_NETWORK, Network
from connectors.http.statuses import of_the_system
from connectors.okta.cache import Cache
from connectors.okta.checks import Looks
from connectors.okta.client import MOST_PAGES, OktaClient, part
from connectors.okta.limits import RateLimits
from connectors.okta.reading.bodies import OktaReader
from connectors.okta.reading.log import SystemLog, checked_id
from connectors.okta.reading.mappings import Mappings
from connectors.okta.reading.people import PROFILE_SOURCE, PeopleSearch
from connectors.okta.reading.schemas import Schemas
from connectors.okta.reading.surroundings import KEEP_POOLS_FOR, PAGE, Surroundings
from connectors.okta.reading.users import UserSearch, WatchedUsers
from workflows.errors import Refused
from workflows.model import (
    AppAttribute,
    AppUser,
    AttributeRule,
    Directory,
    Links,
    Member,
    MemberPage,
    OktaUser,
    ProfileMapping,
)
from workflows.ports import Clock, Probe

WORTH_A_PAGE = 8  # members per page read: a page of 200 is one call, as one member is


class CallBudget(NamedTuple):
    """How sparingly the org is called.

    `reserve` is the part of each rate limit left to other clients: below 1 a share, from 1 on a number of calls.
    Schemas and mappings are cached for `keep_for` seconds. A look into the System Log, newest events first, reads at
    most `log_pages` pages.
    """

    reserve: float = 0.5
    keep_for: float = 300.0
    log_pages: int = MOST_PAGES


DEFAULT_BUDGET = CallBudget()


class OktaConnector(Surroundings):
    """Implements `OktaOrg` over one org. `directory_types` are the app names that count as directories."""

    def __init__(
        self,
        name: str,
        url: str,
        credential: Credential | SecretStr,
        *,
        clock: Clock,
        directory_types: tuple[str, ...] = ("active_directory", "ldap_sun_one"),
        budget: CallBudget = DEFAULT_BUDGET,
        network: Network = DEFAULT_NETWORK,
    ) -> None:
        self.name = name
        self._limits = RateLimits(budget.reserve)
        self._types = frozenset(directory_types)
        key = f"okta.{name}.{'token' if isinstance(credential, SecretStr) else 'key'}"
        self._client = OktaClient(
            name,
            url,
            credential,
            clock=clock,
            network=network,
            limits=self._limits,
            credential_setting=key,
        )
        self._clock = clock
        self._reader = OktaReader(name)
        self._search = UserSearch(self._client, self._reader)
        self._cache = Cache(clock, budget.keep_for)
        self._people = PeopleSearch(self._client, self._reader, self._search, self._cache)
        self._mappings = Mappings(self._client, self._reader, self._cache)
        self._schemas = Schemas(self._client, self._reader, self._cache)
        self._pools = Cache(clock, KEEP_POOLS_FOR)
        self._log = SystemLog(self._client, self._reader, clock, budget.log_pages)
        self._watched = WatchedUsers(clock)
        self._looks = Looks(self, self._client, key, self._limits.left)

    def check(self) -> None:
        """Prove the credential, and that lists have their links, with a small read; then learn the mappings."""
        operation = "check the credential"
        try:
            self._client.page(operation, "/api/v1/users", {"limit": 1})
        except Refused as error:
            raise of_the_system(error) from error
        self._mappings.learn(self.directories)

    def identity(self) -> str:
        """Prove the credential with a small read."""
        return self._looks.identity()

    def probes(self) -> tuple[Probe, ...]:
        """Return a look for each thing that the work needs of the org."""
        return tuple(self._looks.probes())

    def calls_left(self) -> dict[str, tuple[int, int]]:
        """Return (calls left, limit) by endpoint family, as the last answers say; makes no call."""
        return self._limits.present(self._clock.now())

    def find_users(self, identifier: str) -> tuple[OktaUser, ...]:
        """Return the users whose login, e-mail, second e-mail or employee number is this, ignoring ASCII's case."""
        return self._search.find(identifier)

    def find_named(self, name: str) -> tuple[OktaUser, ...]:
        """Return a handful of users whom this name fits."""
        return self._people.named(name)

    def find_in_copies(self, text: str) -> tuple[OktaUser, ...]:
        """Return a handful of users whose copy in a directory holds exactly this."""
        return self._people.in_copies(text, self.directories())

    def holders(self, attribute: str, value: str) -> tuple[str, ...]:
        """Return the ids of a handful of users whose profile holds this value in an attribute."""
        return self._search.holders(attribute, value)

    def user(self, user_id: str) -> OktaUser:
        """Read one user with the Okta profile."""
        answer = self._client.get("read the user", f"/api/v1/users/{part(user_id)}")
        return self._reader.user(answer.body, answer.request_id)

    def watched(self, user_id: str, not_before: datetime, others: Callable[[], Iterable[str]] = tuple) -> OktaUser:
        """Read a user who waits for a sync, together with the others who wait."""
        found = self._watched.look(user_id, not_before, others, self._many)
        return found or self.user(user_id)

    def _many(self, user_ids: list[str]) -> dict[str, OktaUser]:
        if len(user_ids) == 1:
            user = self.user(user_ids[0])
            return {user.id: user}
        operation = "read users"
        names = " or ".join(f'id eq "{checked_id(self.name, operation, user_id)}"' for user_id in user_ids)
        return self._search.listed(operation, {"filter": names, "limit": PAGE})

    def links(self, user_id: str) -> Links:
        """Return the user's copies in directories, and the user's other apps that are profile sources.

        One call lists the user's apps, each with the copy embedded
        (`expand=user/{userId}`;
        https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Application/). That the feature
        PROFILE_MASTERING makes an app of any kind a profile source is inferred from AD's.
        """
        operation = "read the user's directories"
        params: dict[str, str | int] = {
            "filter": f'user.id eq "{checked_id(self.name, operation, user_id)}"',
            "expand": f"user/{user_id}",
            "limit": PAGE,
        }
        copies, others = list[AppUser](), list[str]()
        for app, request_id in self._client.items(operation, "/api/v1/apps", params):
            if str(app.get("name")) not in self._types:
                others += [str(app.get("label") or app.get("id"))] if _is_profile_source(app) else []
                continue
            directory = self._reader.directory(app)
            embedded = app.get("_embedded")
            body = embedded.get("user") if isinstance(embedded, Mapping) else None
            if isinstance(body, Mapping) and body.get("id") == user_id:
                copies.append(self._reader.app_user(directory, user_id, body, request_id))
            elif copy := self.app_user(directory, user_id):
                copies.append(copy)
        return Links(copies=tuple(copies), other_sources=tuple(others))

    def app_user(self, directory: Directory, user_id: str) -> AppUser | None:
        """Read the user's copy in one directory; `None` if the user is not linked to it."""
        path = f"/api/v1/apps/{part(directory.ref.app_id)}/users/{part(user_id)}"
        answer = self._client.find("read the app user", path)
        return self._reader.app_user(directory, user_id, answer.body, answer.request_id) if answer else None

    def members(self, directory: Directory, user_ids: Sequence[str]) -> Mapping[str, Member]:
        """Read both copies of these users: one call for each or, for many, pages of the whole directory.

        At most one page is read for every eight users, so that a large directory never costs much more than it saves.
        """
        wanted, found, after = set(user_ids), dict[str, Member](), None
        for _ in range(len(wanted) // WORTH_A_PAGE):
            page = self.directory_users(directory, after)
            found |= {item.copy_in_directory.user_id: item for item in page.members if item.user}
            after = page.next
            if after is None or wanted <= found.keys():
                break
        for user_id in wanted - found.keys():
            if one := self._one_member(directory, user_id):
                found[user_id] = one
        return {user_id: found[user_id] for user_id in user_ids if user_id in found}

    def _one_member(self, directory: Directory, user_id: str) -> Member | None:
        path = f"/api/v1/apps/{part(directory.ref.app_id)}/users/{part(user_id)}"
        answer = self._client.find("read the user's two copies", path, {"expand": "user"})
        if answer is None:
            return None
        copy = self._reader.app_user(directory, user_id, answer.body, answer.request_id)
        embedded = answer.body.get("_embedded")
        body = embedded.get("user") if isinstance(embedded, Mapping) else None
        user = self._reader.user_if_whole(body, answer.request_id)
        return Member(copy_in_directory=copy, user=user or self.user(user_id))

    def mapping(
        self, directory: Directory, type_id: str, *, not_before: datetime | None = None
    ) -> ProfileMapping | None:
        """Return the directory's To-Okta mapping onto a user type."""
        return self._mappings.read(directory, type_id, not_before)

    def attribute_rules(self, user: OktaUser, *, not_before: datetime | None = None) -> tuple[AttributeRule, ...]:
        """Return who may write each attribute, from the schema that the user links to or else its type's."""
        return self._schemas.rules_of(user, not_before)

    def user_type(self, type_id: str) -> str:
        """Return the name of a user type, "" for the default one."""
        return self._schemas.type_name(type_id)

    def user_attributes(self, *, not_before: datetime | None = None) -> frozenset[str]:
        """Return the names of all attributes that the org's user types have."""
        return self._schemas.user_attributes(not_before)

    def app_schema(self, directory: Directory, *, not_before: datetime | None = None) -> tuple[AppAttribute, ...]:
        """Return the variables of the directory's copies, with their names in AD or LDAP (`externalName`)."""
        return self._schemas.of_copies(directory, not_before)

    def directories(self) -> tuple[Directory, ...]:
        """Return every AD and LDAP instance of the org."""
        return self._cache.get("directories", self._read_directories)

    def _read_directories(self) -> tuple[Directory, ...]:
        found = []
        for name in sorted(self._types):
            params: dict[str, str | int] = {"filter": f'name eq "{name}"', "limit": PAGE}
            for app, _ in self._client.items("list the directories", "/api/v1/apps", params):
                if app.get("name") == name:
                    found.append(self._reader.directory(app))
        return tuple(found)

    def directory(self, app_id: str) -> Directory:
        """Read one directory."""
        operation = "read the directory"
        app = self._client.get(operation, f"/api/v1/apps/{part(app_id)}").body
        if self._reader.text(app, "app", "name") not in self._types:
            raise Refused(self.name, operation, f"the app {app_id[:40]!r} is not a directory")
        return self._reader.directory(app)

    def directory_users(self, directory: Directory, after: str | None = None) -> MemberPage:
        """Read one page of the app users with the users embedded (`expand=user`; `next` is Okta's own link)."""
        operation = f"read the users of {directory.label}"
        path = after or f"/api/v1/apps/{part(directory.ref.app_id)}/users"
        params: dict[str, str | int] = {} if after else {"expand": "user", "limit": PAGE}
        page = self._client.page(operation, path, params)
        found = [self._member(directory, item, page.request_id) for item in page.items]
        members = tuple(member for member in found if member)
        return MemberPage(members=members, unread=len(found) - len(members), next=page.next)

    def _member(self, directory: Directory, item: Mapping[str, Any], request_id: str | None) -> Member | None:
        """Read a member; `None` for one that cannot be read, so that it does not hide the others of its page."""
        user_id, embedded = item.get("id"), item.get("_embedded")
        if not isinstance(user_id, str) or not isinstance(item.get("profile"), Mapping):
            return None
        copy = self._reader.app_user(directory, user_id, item, request_id)
        body = embedded.get("user") if isinstance(embedded, Mapping) else None
        return Member(copy_in_directory=copy, user=self._reader.user_if_whole(body, request_id))


def _is_profile_source(app: Mapping[str, Any]) -> bool:
    features = app.get("features")
    return app.get("status") == "ACTIVE" and isinstance(features, list) and PROFILE_SOURCE in features
