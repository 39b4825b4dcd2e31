"""Finds the ids of what the settings name: our own account, groups and tags; exact matches only.

Ids never change, so they are cached; tags and people for a while only. A failed lookup concerns the account or the
settings, never one ticket.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from connectors.desks import Agents
from connectors.servicenow.answers import Row, plain
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.lists import members, value
from connectors.servicenow.settings import ServiceNowSettings
from workflows.errors import Misconfigured, NotAllowed
from workflows.model import Person
from workflows.ports import Clock

NAMED_BY = {  # the settings that hold the name, by table
    "sys_user": "`user` in the desk's settings",
    "sys_user_group": "`escalation_group`, `routes` and `agent_groups` in the desk's settings",
}


HOLD = timedelta(minutes=5)  # a tag may be added, merged or shared, and a user renamed, at any time
MOST_USERS = 1_000
MOST_GROUPS = 100


class Lookups:
    """Looks up ids by the names in the settings; threads may share it."""

    def __init__(self, client: ServiceNowClient, settings: ServiceNowSettings, clock: Clock) -> None:
        self._client = client
        self._settings = settings
        self._clock = clock
        self._found: dict[tuple[str, str], Row] = {}
        self._tags: tuple[list[str], datetime] | None = None
        self._users: dict[str, tuple[Mapping[str, str], datetime]] = {}
        self._names: dict[str, tuple[str, bool, datetime]] = {}
        self._agents = Agents("servicenow", clock)

    def worker(self) -> str:
        """Return the id of our own account."""
        return str(self._one("sys_user", "user_name", self._settings.user, "find its own account")["sys_id"])

    def worker_name(self) -> str:
        """Return our own name as journals show it."""
        return plain(self._one("sys_user", "user_name", self._settings.user, "find its own account").get("name"))

    def group(self, name: str) -> str:
        """Return the id of the group with exactly this name."""
        return str(self._one("sys_user_group", "name", name, "find the group")["sys_id"])

    def tags(self) -> list[str]:
        """Return the ids of all visible tags with this name; names ignore case and need not be unique."""
        held = self._tags
        return held[0] if held and self._clock.now() < held[1] else self.reread_tags()

    def forget_tags(self) -> None:
        """Look the tags up again when they are needed next."""
        self._tags = None

    def reread_tags(self) -> list[str]:
        """Read the tags; others' own ones are hidden (https://www.servicenow.com/docs/r/platform-user-interface/c_Tags.html)."""
        query = f"name={value(self._settings.tag)}^active=true"
        wanted = self._settings.tag.casefold()
        found = [
            self._client.checked("find the tag", str(row["sys_id"]))
            for row in self._client.lists.records("find the tag", "label", query, ["name", "active"], held=False)
            if str(row.get("name")).casefold() == wanted
        ]
        if not found:
            detail = f"no shared tag named {self._settings.tag!r} is visible to {self._settings.user}"
            raise Misconfigured(self._client.system, "find the tag", detail)
        self._tags = found, self._clock.now() + HOLD
        return found

    def user(self, sys_id: str) -> Mapping[str, str]:
        """Return a user's name and e-mail address; empty for an unknown id."""
        held, now = self._users.get(sys_id), self._clock.now()
        if held and now < held[1]:
            return held[0]
        query = f"sys_id={self._client.checked('find the user', sys_id)}"
        rows = self._client.lists.first("find the user", "sys_user", query, ["sys_id", "user_name", "email"])
        for row in rows:
            if row.get("sys_id") == sys_id:
                if len(self._users) >= MOST_USERS:
                    self._users.clear()
                found = {name: plain(text) for name, text in row.items()}
                self._users[sys_id] = found, now + HOLD
                return found
        return {}

    def is_only(self, person: Person) -> bool:
        """Return whether no other account is displayed by this person's name, hidden ones included."""
        name, now = person.name or "", self._clock.now()
        held = self._names.get(person.id)
        if held and held[0] == name and now < held[2]:
            return held[1]
        only = False
        with suppress(NotAllowed, ValueError):  # who may not look, or cannot ask for such a name, does not know
            rows, total = self._client.lists.counted("look for the name", "sys_user", f"name={value(name)}", ["sys_id"])
            only = bool(name) and [plain(row.get("sys_id")) for row in rows] == [person.id] and total in (None, 1)
        if len(self._names) >= MOST_USERS:
            self._names.clear()
        self._names[person.id] = name, only, now + HOLD
        return only

    def date_format(self) -> str:
        """Return the pattern of the dates that our account is shown, "" where it may not be read.

        Its own format is in its user record; without one, the system's property holds
        (https://www.servicenow.com/docs/r/platform-administration/time-configuration/r_FormatDateAndTimeFields.html).
        """
        places = (
            ("sys_user", "user_name", self._settings.user, "date_format"),
            ("sys_properties", "name", "glide.sys.date_format", "value"),
        )
        for table, key, wanted, column in places:
            with suppress(NotAllowed):
                rows = self._client.lists.first("read the date format", table, f"{key}={value(wanted)}", [key, column])
                pattern = next((plain(row.get(column)) for row in rows if plain(row.get(key)) == wanted), "")
                if pattern:
                    return pattern
        return ""

    def is_agent(self, person: Person) -> bool:
        """Return whether a user is a member of one of the agents' groups.

        A journal names its authors by login; who is known by name alone is proven to be nobody. That an account with
        the role `itil` may read `sys_user_grmember` is inferred.
        """
        column, wanted = ("user.user_name", person.login) if person.login else ("user", person.id)
        return bool(wanted) and self._agents.is_one(column, wanted, lambda: self._is_member(column, wanted))

    def _is_member(self, column: str, wanted: str) -> bool:
        operation, names = "find the groups of a user", self._settings.agent_groups or self._settings.groups()
        rows: list[Row] = []
        with suppress(ValueError):  # nobody is asked for by such a name
            query = f"{column}={value(wanted)}^group.nameIN{members(names)}"
            rows = self._client.lists.first(operation, "sys_user_grmember", query, [column, "group.name"], MOST_GROUPS)
        return any(row.get(column) == wanted and row.get("group.name") in names for row in rows)

    def _one(self, table: str, column: str, wanted: str, operation: str) -> Row:
        if (table, wanted) not in self._found:
            fields = ["sys_id", "name", column]
            rows = list(self._client.lists.records(operation, table, f"{column}={value(wanted)}", fields))
            exact = [row for row in rows if row.get(column) == wanted]
            if len(exact) != 1:
                detail = f"one {table} with {column} {wanted!r} was expected, found {len(exact)}; see {NAMED_BY[table]}"
                raise Misconfigured(self._client.system, operation, detail)
            self._found[table, wanted] = exact[0]
        return self._found[table, wanted]
