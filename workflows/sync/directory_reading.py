"""A directory's current mapping onto one user type and its members, read once per step so that they cost few calls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from workflows.model import AttributeRule, Directory, Member, MemberPage, OktaUser, ProfileMapping
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

    def page(self, after: str | None) -> MemberPage:
        """Read a page of the directory's members of whatever type, and remember them for this step."""
        at = self._ports.clock.now()
        page = self._ports.org.directory_users(self._directory, after)
        self._members |= {item.copy_in_directory.user_id: (at, item) for item in page.members if item.user}
        return page

    def just_read(self, user_ids: set[str]) -> dict[str, Member]:
        """Return those of these members who were read in this step, seconds ago."""
        since = self._ports.clock.now() - JUST_READ
        found = {id: self._members[id] for id in user_ids if id in self._members}
        return {id: member for id, (at, member) in found.items() if at >= since}

    @property
    def mapping(self) -> ProfileMapping | None:
        """Return the mapping onto the user type."""
        return self._ports.org.mapping(self._directory, self._type_id, not_before=self._since)

    def reaches(self, user: OktaUser) -> bool:
        """Say whether a user is of the type."""
        return user.type_id == self._type_id

    def foreseen(self, members: Iterable[Member]) -> list[Foreseen | None]:
        """Return what a Force Sync would do to each member whom it reaches; None for one who could not be read."""
        return [self._foreseen(item) for item in members if item.user is None or self.reaches(item.user)]

    def _foreseen(self, member: Member) -> Foreseen | None:
        user, mapping = member.user, self.mapping
        if user is None:
            return None
        return foreseen(member.copy_in_directory, user, mapping, self.rules_of(user)) if mapping else Foreseen()

    def rules_of(self, user: OktaUser) -> dict[str, AttributeRule]:
        """Return the rules of the user type's schema, by attribute."""
        if self._rules is None:
            rules = self._ports.org.attribute_rules(user, not_before=self._since)
            self._rules = {rule.attribute: rule for rule in rules}
        return self._rules
