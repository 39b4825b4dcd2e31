"""The users of a story's world, and what their directories, the copies and the Okta profiles hold."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.scenarios.world import Member
from connectors.sandbox.server import Sandbox
from connectors.sandbox.wire.frame import Person

CORP, PLANT, LDAP = "corp.example.com", "plant.example.com", "ldap.example.com"
REAPPLY = r"/mappings/reapply$"
NEW_VALUE = "Treasury Operations"  # no user of the sandbox starts with it


class OktaUsers:
    """The users of the simulated Okta org; the Okta half of `World`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._members = {label: iter(sandbox.world.of(label)) for label in (CORP, PLANT, LDAP)}

    def member(self, directory: str = CORP) -> Member:
        """Return a user of a directory that no story has used yet; directory, copy and profile agree."""
        return next(self._members[directory])

    def newcomer(self, name: str, *directories: str, **how: Any) -> Member:
        """Add a user linked to these directories (by label); `how` is passed to the sandbox's `add_user`."""
        person = Person(f"{name.lower()}@example.com", name, "Newcomer")
        with self.sandbox.frame.lock:
            apps = [self.sandbox.world.apps[label] for label in directories]
            for desk in self.sandbox.world.desks.values():
                desk.add_person(person)
            user_id = self.sandbox.okta.add_user(person, directories=apps, **how)
        return Member(person, user_id, apps[0] if apps else "")

    def stale_user(self, directory: str = CORP, attribute: str = "department", value: str = NEW_VALUE) -> Member:
        """Return a user whose change was imported from the directory but did not reach the Okta profile."""
        member = self.member(directory)
        self.change_directory(member, attribute, value)
        return member

    def change_directory(self, member: Member, attribute: str, value: str, *, imported: bool = True) -> None:
        """Change a value in the directory, and in Okta's copy if `imported`."""
        with self.sandbox.frame.lock:
            self.sandbox.world.update(member, attribute, value, imported=imported)

    def change_okta(self, member: Member, attribute: str, value: str) -> None:
        """Change the Okta profile, as an administrator might."""
        with self.sandbox.frame.lock:
            self.sandbox.okta.set_user(member.user_id, profile={attribute: value})

    def put_in_group(self, member: Member, name: str) -> None:
        """Add a user to an Okta group."""
        with self.sandbox.frame.lock:
            self.sandbox.okta.actors.group(name, [member.user_id])

    def make_stuck(self, member: Member) -> None:
        """Make every Force Sync skip this user."""
        with self.sandbox.frame.lock:
            self.sandbox.okta.stuck(member.user_id)

    def open_page(self, member: Member) -> None:
        """Open the user's page in the Admin Console."""
        with self.sandbox.frame.lock:
            self.sandbox.okta.actors.open_profile(member.user_id)

    def press(self, member: Member) -> None:
        """Press Force Sync of the user's directory in the Admin Console."""
        with self.sandbox.frame.lock:
            self.sandbox.okta.syncing.reapply(member.app_id, "by hand")

    def profile(self, member: Member) -> dict[str, Any]:
        """Return the Okta profile."""
        with self.sandbox.frame.lock:
            users = self.sandbox.okta.users()
        return next(dict(user["profile"]) for user in users if user["id"] == member.user_id)

    def force_syncs(self) -> list[str]:
        """Return the labels of the force-synced directories, in order."""
        with self.sandbox.frame.lock:
            return [str(sync["label"]) for sync in self.sandbox.okta.force_syncs()]
