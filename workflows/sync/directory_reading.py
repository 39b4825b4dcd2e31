"""A directory's current mapping onto one user type and its members, read once per step so that they cost few calls."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property

from workflows.errors import Misconfigured
from workflows.model import AttributeRule, Directory, Member, MemberPage, OktaUser, ProfileMapping
from workflows.precheck.facts import Facts
from workflows.steps import Ports
from workflows.sync.reach import Foreseen, foreseen

JUST_READ = timedelta(seconds=10)  # data at most this old is fresh enough to decide on a start


class Reach:
    """Whom a Force Sync of a directory reaches: its users of one type, by the mapping onto that type.

    Mapping and schema are read for this step, and members are remembered along the way.
    """

    def __init__(self, directory: Directory, type_id: str, ports: Ports) -> None:
        self._since = ports.clock.now() - JUST_READ
        self._directory, self._type_id, self._ports = directory, type_id, ports
        self._rules: dict[str, AttributeRule] | None = None
        self._members: dict[str, tuple[datetime, Member]] = {}

    @cached_property
    def protected(self) -> frozenset[str]:
        """The ids of the members of protected groups, read for this step."""
        org, found = self._ports.org, frozenset[str]()
        for text in sorted(self._ports.policy.protected_groups):
            groups = [group for group in org.groups_named(text) if group.is_named(text)]
            if not groups:
                detail = f"policy.protected_groups: found {text!r}; the org has no group of this name or id"
                raise Misconfigured(org.name, "find the group that the settings name", detail)
            found = found.union(*map(org.members_of, groups))
        return found

    @property
    def guarded(self) -> str:
        """A digest of who is protected; "" for nobody."""
        return hashlib.sha256("\n".join(sorted(self.protected)).encode()).hexdigest() if self.protected else ""

    def page(self, after: str | None) -> MemberPage:
        """Read a page of the directory's members of whatever type, and remember them for this step."""
        at = self._ports.clock.now()
        page = self._ports.org.directory_users(self._directory, after)
        self._members |= {item.copy_in_directory.user_id: (at, item) for item in page.members if item.user}
        return page

    def just_read(self, user_ids: set[str]) -> dict[str, Member]:
        """Return those of these members who were read in this step, seconds ago."""
        since = self._ports.clock.now() - JUST_READ
        return {id: member for id, (at, member) in self._members.items() if id in user_ids and at >= since}

    def facts_of(self, member: Member) -> Facts | None:
        """Return what is held of a member, as the precheck sees it; None for one who is not reached or not read."""
        user = member.user
        if user is None or user.type_id != self._type_id:
            return None
        return Facts(
            at=self._ports.clock.now(),
            users=(user,),
            app_users=(member.copy_in_directory,),
            mapping=self._mapping,
            schema_rules=tuple(self._rules_of(user).values()),
        )

    def foreseen(self, members: Iterable[Member]) -> list[Foreseen | None]:
        """Return what a Force Sync would do to each member whom it reaches; None for one who could not be read."""
        return [self._foreseen(item) for item in members if item.user is None or item.user.type_id == self._type_id]

    def _foreseen(self, member: Member) -> Foreseen | None:
        user, mapping = member.user, self._mapping
        if user is None:
            return None
        found = foreseen(member.copy_in_directory, user, mapping, self._rules_of(user)) if mapping else Foreseen()
        return found._replace(protected=user.id in self.protected)

    @property
    def _mapping(self) -> ProfileMapping | None:
        return self._ports.org.mapping(self._directory, self._type_id, not_before=self._since)

    def _rules_of(self, user: OktaUser) -> dict[str, AttributeRule]:
        if self._rules is None:
            rules = self._ports.org.attribute_rules(user, not_before=self._since)
            self._rules = {rule.attribute: rule for rule in rules}
        return self._rules
