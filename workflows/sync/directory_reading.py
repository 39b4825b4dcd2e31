"""A directory's current mappings and members, read once per step so that many users cost few calls."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.model import AttributeRule, Directory, Member, MemberPage, OktaUser, ProfileMapping
from workflows.steps import Ports
from workflows.sync.reach import Foreseen, foreseen

JUST_READ = timedelta(seconds=10)  # data at most this old is fresh enough to decide on a start


class Mappings:
    """A directory's mappings and schema rules by user type, read for this step, and the members read along the way."""

    def __init__(self, directory: Directory, ports: Ports) -> None:
        self._since = ports.clock.now() - JUST_READ
        self._directory, self._ports = directory, ports
        self._read: dict[str, ProfileMapping | None] = {}
        self._rules: dict[str, dict[str, AttributeRule]] = {}
        self._members: dict[str, tuple[datetime, Member]] = {}

    def page(self, after: str | None) -> MemberPage:
        """Read a page of the directory's members, and remember them for this step."""
        at = self._ports.clock.now()
        page = self._ports.org.directory_users(self._directory, after)
        self._members |= {item.copy_in_directory.user_id: (at, item) for item in page.members if item.user}
        return page

    def just_read(self, user_ids: set[str]) -> dict[str, Member]:
        """Return these members if all of them were read in this step, seconds ago; else nothing."""
        since = self._ports.clock.now() - JUST_READ
        found = {id: self._members[id] for id in user_ids if id in self._members}
        whole = len(found) == len(user_ids) and all(at >= since for at, _ in found.values())
        return {id: member for id, (_, member) in found.items()} if whole else {}

    def of(self, type_id: str) -> ProfileMapping | None:
        """Return the mapping onto a user type."""
        if type_id not in self._read:
            self._read[type_id] = self._ports.org.mapping(self._directory, type_id, not_before=self._since)
        return self._read[type_id]

    def foreseen(self, member: Member) -> Foreseen | None:
        """Return what a Force Sync would do to one user of the directory; None if the user could not be read."""
        user = member.user
        if user is None:
            return None
        mapping = self.of(user.type_id)
        return foreseen(member.copy_in_directory, user, mapping, self.rules_of(user)) if mapping else Foreseen()

    def rules_of(self, user: OktaUser) -> dict[str, AttributeRule]:
        """Return the rules of the user's schema, by attribute."""
        if user.type_id not in self._rules:
            rules = self._ports.org.attribute_rules(user, not_before=self._since)
            self._rules[user.type_id] = {rule.attribute: rule for rule in rules}
        return self._rules[user.type_id]
