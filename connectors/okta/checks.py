"""Looks at an org piece by piece: each right by the smallest read that needs it, mappings, schemas, agents, limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from connectors.http.statuses import of_the_system
from connectors.okta.client import OktaClient
from connectors.okta.limits import Left, family
from workflows.errors import Checklist, Misconfigured, Refused, Transient
from workflows.model import Directory
from workflows.ports import OktaOrg, Probe
from workflows.values.wording import counted


class _Right(NamedTuple):
    """A right: its scope's area, the smallest read that needs it, what it is for, and whether work stops without it."""

    area: str
    path: str
    params: Mapping[str, str | int]
    purpose: str
    needed: bool = True


_ONE = {"limit": 1}
FEWEST = 10  # calls of a bucket that a minute of work, or a run of these checks, needs
AGENTS = "agentPools"  # has the smallest rate limit by far, so that one call proves the right and tells of the agents
RIGHTS = (
    _Right("users", "/api/v1/users", _ONE, "profiles"),
    _Right("groups", "/api/v1/groups", _ONE, "protected groups, approvers, on behalf"),
    _Right("apps", "/api/v1/apps", _ONE, "directories and the copies in them"),
    _Right("profileMappings", "/api/v1/mappings", _ONE, "mappings"),
    _Right("schemas", "/api/v1/meta/schemas/user/default", {}, "who may write an attribute"),
    _Right("userTypes", "/api/v1/meta/types/user", {}, "user types"),
    _Right("logs", "/api/v1/logs", _ONE, "what Okta refused, and who overwrote what", needed=False),
    _Right(AGENTS, "/api/v1/agentPools", {}, "agents, in diagnoses", needed=False),
    _Right("orgs", "/api/v1/org/privacy/oktaSupport/cases", {}, "Support Cases", needed=False),
)
# Nothing stops without the buckets of these alone, and the checks' own calls may use them up.
SPARED = {family(right.path) for right in RIGHTS if not right.needed} - {
    family(right.path) for right in RIGHTS if right.needed
}


class Looks:
    """One look for each thing that the work needs of an org. `limits` returns what is left of each rate limit."""

    def __init__(self, org: OktaOrg, client: OktaClient, key: str, limits: Callable[[], Mapping[str, Left]]) -> None:
        self._org, self._client, self._key, self._limits = org, client, key, limits

    def identity(self) -> str:
        """Prove the credential with a small read that every administrator may make: the first that has calls left."""
        for right in RIGHTS[:3]:
            try:
                self._read("check the credential", right)
            except Transient as error:
                if error.until is None or right is RIGHTS[2]:
                    raise
            else:
                break
        return "the credential is accepted"

    def probes(self) -> Iterator[Probe]:
        """Yield them."""
        table = f"okta.{self._org.name}"
        for right in RIGHTS:
            yield Probe(
                f"right.{right.area}",
                f"the right okta.{right.area}.read, for {right.purpose}",
                (self._key,),
                f"grant okta.{right.area}.read, or a role that includes it",
                self._reader(right),
                needed=right.needed,
            )
        apps, mappings = ("right.apps",), ("right.apps", "right.profileMappings", "directories")
        yield Probe(
            "directories",
            "the org's AD and LDAP directories",
            (f"{table}.directory_types",),
            "name the app types of your directories",
            self._directories,
            apps,
        )
        yield Probe(
            "mappings",
            "the directories' To-Okta mappings",
            (f"{table}.directory_types",),
            "map attributes in the directory's Provisioning > To Okta",
            self._mappings,
            mappings,
        )
        yield Probe(
            "schema",
            "the user schemas",
            (self._key,),
            "grant okta.schemas.read",
            lambda: f"{counted(len(self._org.user_attributes()), 'attribute')} of users",
            ("right.schemas", "right.userTypes"),
        )
        yield Probe(
            "agents",
            "the directories' agents",
            (f"{table}.directory_types",),
            "look at the agents in Directory > Directory Integrations; imports wait for them",
            self._agents,
            (f"right.{AGENTS}", *apps),
            needed=False,
        )
        yield Probe(
            "limits",
            "what is left of Okta's rate limits",
            (f"{table}.reserve",),
            "try again in a minute, for these checks' own calls count, too; then find who else calls this org, or "
            "lower the reserve",
            self._left,
            needed=False,
            after=tuple(f"right.{right.area}" for right in RIGHTS),
        )

    def _reader(self, right: _Right) -> Callable[[], str]:
        def look() -> str:
            self._read(f"try the right okta.{right.area}.read", right)
            return "granted"

        return look

    def _read(self, operation: str, right: _Right) -> None:
        try:
            if right.area == AGENTS:
                self._org.agent_pools()  # remembered: the agents' own check reads it again
            elif right.params:
                self._client.page(operation, right.path, right.params)
            else:
                self._client.get(operation, right.path, right.params)
        except Refused as error:
            raise of_the_system(error, f"okta.{right.area}.read") from error

    def _directories(self) -> str:
        found = self._org.directories()
        if not found:
            detail = f"okta.{self._org.name}.directory_types: the account sees no app of these types"
            raise Misconfigured(self._org.name, "find the directories", detail)
        return ", ".join(_shown(item) for item in found)

    def _mappings(self) -> str:
        checks, seen = Checklist(self._org.name), list[str]()
        for directory in self._org.directories():
            with checks.noting():
                seen.append(f"{directory.label}: {counted(self._mapped(directory), 'attribute')}")
        checks.end()
        return ", ".join(seen)

    def _mapped(self, directory: Directory) -> int:
        """Return how many attributes the directory's mapping onto the first user type fills."""
        operation, number = "read the mapping", 0
        page = self._client.page(operation, "/api/v1/mappings", {"sourceId": directory.ref.app_id, "limit": 200})
        for item in page.items:
            target = item.get("target")
            if isinstance(target, Mapping) and target.get("type") == "user":
                found = self._org.mapping(directory, str(target.get("id")))
                number = max(number, len(found.rules) if found else 0)
        if directory.active and not number:
            raise Misconfigured(self._org.name, operation, f"{directory.label} maps nothing to Okta")
        return number

    def _agents(self) -> str:
        pools = {item.id: item for item in self._org.agent_pools()}
        known = [(item.label, pools.get(item.ref.app_id)) for item in self._org.directories() if item.active]
        told = ", ".join(f"{label}: {pool.status.lower() if pool else 'no agents seen'}" for label, pool in known)
        if any(pool and pool.status != "OPERATIONAL" for _, pool in known):
            raise Misconfigured(self._org.name, "look at the agents", told)
        return told or "no active directory"

    def _left(self) -> str:
        left = self._limits()
        told = ", ".join(f"{name} {item.remaining}/{item.limit}" for name, item in sorted(left.items()))
        low = [name for name, item in left.items() if item.remaining < FEWEST and name not in SPARED]
        if low:
            detail = f"fewer than needed are left: {', '.join(sorted(low))} ({told})"
            raise Misconfigured(self._org.name, "call as often as needed", detail)
        spent = sorted(name for name, item in left.items() if name in SPARED and not item.remaining)
        waits = f"; until they reset, nothing waits for {', '.join(spent)}" if spent else ""
        return f"{told}{waits}" if told else "Okta tells no limits"


def _shown(directory: Directory) -> str:
    state = "" if directory.active else ", not active"
    return f"{directory.label} ({directory.kind.value.upper()}{state})"
