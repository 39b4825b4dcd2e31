"""The scenario `cases`: a ticket for every cause a precheck can find, and one for a Force Sync without effect.

Left out are the causes of `OTHER_SETTINGS`. Each row says what is wrong with one user, and how the ticket should end.
Only in the LDAP directory does a Force Sync help, so the run for one ticket cannot change the user of another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from connectors.sandbox.scenarios.author import Author, End, Script, Story
from connectors.sandbox.scenarios.world import AGENTS, FRONT_DESK, Member, World
from connectors.sandbox.wire.frame import Person

OTHER_SETTINGS = frozenset({"on_behalf", "unconfirmed"})  # policy.on_behalf lists groups; policy.unspecific is sync
CORP, PLANT, LDAP = "corp.example.com", "plant.example.com", "ldap.example.com"
FORMER = "former.example.com"


@dataclass(frozen=True)
class Statement:
    """What a ticket states: the user (a login or another name; None: nobody), the attribute, the value."""

    user: str | None
    attribute: str | None = "department"
    value: str | None = "Sustainability"

    @property
    def requester(self) -> Person:
        """Return who files the ticket."""
        return AGENTS[0] if self.user else FRONT_DESK

    @property
    def text(self) -> str:
        """Return the ticket's words: a line for whatever is stated."""
        lines = {"User": self.user, "Attribute": self.attribute, "Expected": self.value}
        text = "\n".join(f"{name}: {value}" for name, value in lines.items() if value is not None)
        return text or "A colleague at the desk says that the profile is wrong."


@dataclass(frozen=True)
class Words:
    """What a person writes about their own profile, and what they reply to a question."""

    by: Member
    text: str
    reply: str | None = None
    pressed: bool = False  # an administrator presses Force Sync when asked

    @property
    def requester(self) -> Person:
        """Return who files the ticket."""
        return self.by.person


@dataclass(frozen=True)
class Case:
    """One cause: its name, how the ticket should end, how to arrange it, and a title where several share the cause."""

    cause: str
    end: End
    arrange: Callable[[World], Statement | Words]
    title: str = ""

    def file(self, author: Author, script: Script) -> None:
        """Arrange the world and file the ticket about it."""
        told = self.arrange(author.world)
        title = self.title or self.cause.replace("_", " ")
        story = Story(self.end, title, title.replace(" ", "_"))
        place = author.file(script, story, requester=told.requester, text=told.text)
        if isinstance(told, Words) and (reply := told.reply) is not None:
            author.answer(script, place, told.requester.login, lambda: reply)
        if isinstance(told, Words) and told.pressed:
            author.press(script, place, told.by)
        script.causes[place] = self.cause


def _nobody(_world: World) -> Statement:
    return Statement(None, None, None)


def _unknown(_world: World) -> Statement:
    return Statement("nobody.known@example.com")


def _two_fit(world: World) -> Statement:
    for twin in ("Una", "Duo"):
        world.newcomer(twin, CORP, profile={"employeeNumber": "EN-000042"})
    return Statement("EN-000042")


def _suspended(world: World) -> Statement:
    return Statement(world.newcomer("Gone", CORP, status="SUSPENDED").login)


def _forbidden(world: World) -> Statement:
    member = world.newcomer("Hidden", CORP)
    world.okta.forbidden.add(member.user_id)
    return Statement(member.login)


def _without_directory(world: World) -> Statement:
    return Statement(world.newcomer("Alone").login)


def _two_that_differ(world: World) -> Statement:
    member = world.newcomer("Twice", CORP, PLANT)
    world.update(member, "department", "Sustainability")
    return Statement(member.login)


def _two_that_agree(world: World) -> Statement:
    return Statement(world.newcomer("Double", CORP, PLANT).login)


def _provisioned_by_okta(world: World) -> Statement:
    member = world.newcomer("Pushed", CORP)
    world.okta.link(member.user_id, member.app_id).scope = "GROUP"
    return Statement(member.login)


def _inactive_directory(world: World) -> Statement:
    world.apps[FORMER] = world.okta.add_directory(FORMER, "ad")
    member = world.newcomer("Former", FORMER)
    world.okta.directory(member.app_id).status = "INACTIVE"
    return Statement(member.login)


def _right(world: World) -> Statement:
    member = world.newcomer("Right", PLANT)
    return Statement(member.login, "department", world.holds(member, "department"))


def _unmapped(world: World) -> Statement:
    return Statement(world.newcomer("Shod", CORP).login, "shoeSize", "44")


def _on_creation_only(world: World) -> Statement:
    member = world.newcomer("Created", PLANT)
    world.okta.set_mapping(member.app_id, "title", "appuser.title", "DONT_PUSH")
    world.update(member, "title", "Lead Planner")
    return Statement(member.login, "title", "Lead Planner")


def _sourced_by_okta(world: World) -> Statement:
    member = world.newcomer("Sourced", CORP)
    world.okta.set_master("city", "OKTA")
    world.update(member, "city", "Elsewhere")
    return Statement(member.login, "city", "Elsewhere")


def _unreadable_mapping(world: World) -> Statement:
    member = world.newcomer("Garbled", PLANT)
    world.okta.set_mapping(member.app_id, "costCenter", "appuser.costCenter +")
    user, app = world.okta.user(member.user_id), world.okta.directory(member.app_id)
    world.okta.syncing.log_unreadable(user, app, world.frame.clock())
    return Statement(member.login, "costCenter", "CC-7")


def _computed(world: World) -> Statement:
    return Statement(world.newcomer("Computed", CORP).login, "displayName", "Somebody Else")


def _copy_is_old(world: World) -> Statement:
    member = world.newcomer("Stale", PLANT)
    world.update(member, "department", "Sustainability", imported=False)
    world.okta.imports.roadblock(member.app_id)
    return Statement(member.login)


def _not_imported(world: World) -> Statement:
    member = world.newcomer("Failing", CORP)
    world.update(member, "department", "Sustainability", imported=False)
    world.update(member, "firstName", 51 * "x", imported=False)
    world.okta.actors.open_profile(member.user_id)
    return Statement(member.login)


def _rejected(world: World) -> Statement:
    member = world.newcomer("Refused", CORP)
    world.update(member, "department", "Sustainability")
    world.update(member, "firstName", 51 * "x")
    user, app = world.okta.user(member.user_id), world.okta.directory(member.app_id)
    world.okta.syncing.master(user, app, world.frame.clock())
    return Statement(member.login)


def _overwritten(world: World) -> Statement:
    member = world.newcomer("Changed", CORP)
    world.update(member, "department", "Sustainability")
    world.okta.link(member.user_id, member.app_id).last_updated -= timedelta(hours=1)
    world.okta.actors.update(member.user_id, {"department": "Treasury"})
    return Statement(member.login)


def _okta_is_behind(world: World) -> Statement:
    member: Member = world.newcomer("Behind", LDAP)
    world.update(member, "department", "Sustainability")
    return Statement(member.login)


def _stuck(world: World) -> Words:
    member = world.newcomer("Stuck", LDAP)
    world.update(member, "department", "Sustainability")
    world.okta.stuck(member.user_id)
    return Words(member, Statement(member.login).text, pressed=True)


def _nothing_to_tell(world: World) -> Statement:
    return Statement(world.newcomer("Quiet", PLANT).login, "department", None)


def _behind_in(world: World, name: str, directory: str) -> Member:
    """Return a user whose copy in this directory is ahead of Okta."""
    member = world.newcomer(name, directory)
    world.update(member, "department", "Sustainability")
    return member


def _names_nothing(world: World) -> Words:
    return Words(_behind_in(world, "Vague", PLANT), "It does not work!")


def _speaks_against_a_sync(world: World) -> Words:
    text = "Please do not sync my profile: the department in Okta is right."
    return Words(_behind_in(world, "Content", PLANT), text)


def _still_to_come(world: World) -> Words:
    member = _behind_in(world, "Early", PLANT)
    return Words(member, "From next month on, my department is Sustainability.")


def _right_for_longer(world: World) -> Statement:
    member = world.newcomer("Long", PLANT)
    world.okta.user(member.user_id).last_updated -= timedelta(days=9)
    return Statement(member.login, "department", world.holds(member, "department"))


def _right_and_denied(world: World) -> Words:
    member = _behind_in(world, "Denied", LDAP)
    return Words(member, "My department has not been updated in Okta.", reply="no")


def _about_something_else(world: World) -> Words:
    member = world.newcomer("Other", PLANT)
    return Words(member, "My department has not been updated in Okta.", reply="something else")


CASES = (
    Case("needs_information", "waiting", _nobody),
    Case("user_not_found", "waiting", _unknown),
    Case("user_ambiguous", "waiting", _two_fit),
    Case("user_not_active", "escalated", _suspended),
    Case("not_readable", "escalated", _forbidden),
    Case("not_linked", "escalated", _without_directory),
    Case("linked_to_several", "escalated", _two_that_differ),
    Case("source_not_established", "escalated", _two_that_agree),
    Case("okta_masters_directory", "escalated", _provisioned_by_okta),
    Case("directory_inactive", "escalated", _inactive_directory),
    Case("already_right", "resolved", _right),
    Case("not_mapped", "escalated", _unmapped),
    Case("create_only", "escalated", _on_creation_only),
    Case("sourced_elsewhere", "escalated", _sourced_by_okta),
    Case("mapping_invalid", "escalated", _unreadable_mapping),
    Case("not_predictable", "escalated", _computed),
    Case("stale_in_directory_copy", "escalated", _copy_is_old),
    Case("not_imported", "escalated", _not_imported),
    Case("rejected_by_okta", "escalated", _rejected),
    Case("overwritten", "escalated", _overwritten),
    Case("stale_in_okta", "resolved", _okta_is_behind),
    Case("stale_in_okta", "escalated", _stuck, title="a sync without effect"),
    Case("cannot_tell", "waiting", _nothing_to_tell),
    Case("unspecific", "waiting", _names_nothing),
    Case("objected", "escalated", _speaks_against_a_sync),
    Case("not_yet", "escalated", _still_to_come),
    Case("downstream", "waiting", _right_for_longer),
    Case("denied", "escalated", _right_and_denied),
    Case("something_else", "escalated", _about_something_else),
)
