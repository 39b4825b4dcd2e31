"""The worlds that can be asked for by name: what is wrong with whom, the tickets about it, and how each should end.

How a ticket should end is said here, by what the scenario did to the world, and never worked out from the worker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from typing import Literal

from connectors.sandbox.frame import Person
from connectors.sandbox.world import AGENTS, FRONT_DESK, Member, World

End = Literal["resolved", "escalated", "waiting", "withdrawn", "untouched"]
SCENARIOS = ("tour", "burst", "mixed", "empty")
USUAL_TICKETS = 60  # of burst and mixed
PLACES = (("servicenow", "incident"), ("jira", "SUP"), ("servicenow", "sc_req_item"), ("jira", "ENG"))
VALUES = {
    "department": ("Sustainability", "Treasury", "Field Services", "Data Platform", "Customer Care"),
    "title": ("Lead Planner", "Senior Editor", "Head of Testing", "Principal Buyer", "Chief Analyst"),
}


@dataclass
class Beat:
    """Something that people do as soon as the world is ready for it."""

    ready: Callable[[], bool]
    act: Callable[[], None]


@dataclass
class Script:
    """The tickets of a scenario by (desk, id), what each is about, and what people will do."""

    expected: dict[tuple[str, str], End] = field(default_factory=dict)
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    beats: list[Beat] = field(default_factory=list)

    def act(self) -> None:
        """Let people do what is due; called again and again, under the frame's lock."""
        for beat in [beat for beat in self.beats if beat.ready()]:
            self.beats.remove(beat)
            beat.act()


def users_needed(scenario: str, tickets: int | None) -> int:
    """Return the least number of directory users for a scenario."""
    if scenario in {"burst", "mixed"}:
        return USUAL_TICKETS if tickets is None else tickets
    return 0 if scenario == "empty" or tickets == 0 else 30


def build(world: World, scenario: str, tickets: int | None) -> Script:
    """Set a scenario up. `tickets` counts for burst and mixed; 0 means no tickets in any scenario."""
    script, author = Script(), _Author(world)
    if scenario == "empty" or tickets == 0:
        return script
    if scenario == "tour":
        _tour(author, script)
        return script
    number = USUAL_TICKETS if tickets is None else tickets
    {"burst": _burst, "mixed": _mixed}[scenario](author, script, number)
    return script


class _Author:
    """Writes tickets as different people write them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._places = cycle(PLACES)
        self._ways = cycle(("form", "lines", "own"))

    def file(
        self,
        script: Script,
        end: End,
        title: str,
        *,
        place: tuple[str, str] | None = None,
        requester: Person,
        text: str,
        kind: str,
        tagged: bool = True,
        form: dict[str, str] | None = None,
    ) -> tuple[str, str]:
        """File a ticket and note how it should end."""
        desk, table = place or next(self._places)
        id = self.world.desks[desk].create(
            tagged=tagged,
            requester=requester.login,
            summary="Profile not updating in Okta",
            description=text,
            table=table,
            kind=kind,
            fields=form,
        )
        script.expected[desk, id] = end
        script.titles[desk, id] = title
        return desk, id

    def about(
        self,
        script: Script,
        end: End,
        title: str,
        member: Member,
        attribute: str,
        value: str | None,
        *,
        kind: str,
        place: tuple[str, str] | None = None,
        way: str | None = None,
    ) -> tuple[str, str]:
        """File a ticket about one user's attribute: by form, by labelled lines, or by the user without a name."""
        way = way or next(self._ways)
        wanted = {"attribute": attribute} | ({"expected": value} if value else {})
        if way == "form":
            text = "The value was changed last week, and Okta still shows the old one."
            form: dict[str, str] | None = {"user": member.login} | wanted
            requester = AGENTS[0]
        else:
            named = {"user": member.login} | wanted if way == "lines" else wanted
            lines = "\n".join(f"{name.capitalize()}: {text}" for name, text in named.items())
            text = f"Hello, my details changed and Okta has not noticed.\n\n{lines}\n\nThank you"
            form, requester = None, member.person
        return self.file(script, end, title, place=place, requester=requester, text=text, kind=kind, form=form)

    def other(self, member: Member, attribute: str) -> str:
        """Return a value of an attribute that a user does not have."""
        held = self.world.holds(member, attribute)
        return self.world.frame.random.choice([value for value in VALUES[attribute] if value != held])

    def stale(self, member: Member, attribute: str, *, imported: bool = True) -> str:
        """Change an attribute in the directory, so that Okta is behind; returns the new value."""
        value = self.other(member, attribute)
        self.world.update(member, attribute, value, imported=imported)
        return value

    def reply(self, script: Script, place: tuple[str, str], member: Member, attribute: str) -> None:
        """Let the change arrive, and the user answer a question of the worker with the value."""
        desk, id = place

        def asked() -> bool:
            comments = self.world.ticket(desk, id)["comments"]
            return any(item["by_worker"] and item["visibility"] == "public" for item in comments) or (
                desk == "jira" and any(item["by_worker"] and "?" in item["body"] for item in comments)
            )

        def answer() -> None:
            value = self.stale(member, attribute)
            body = f"Attribute: {attribute}\nExpected: {value}"
            self.world.desks[desk].comment(id, author=member.login, visibility="public", body=body)

        script.beats.append(Beat(asked, answer))

    def take(self, script: Script, place: tuple[str, str]) -> None:
        """Let a person take the ticket as soon as the worker has claimed it."""
        desk, id = place

        def claimed() -> bool:
            ticket = self.world.ticket(desk, id)
            return ticket["status_category"] == "in_progress" and any(item["by_worker"] for item in ticket["comments"])

        def assign() -> None:
            agent = AGENTS[0].login
            self.world.desks[desk].change(id, by=agent, assignee=agent)

        script.beats.append(Beat(claimed, assign))


def _tour(author: _Author, script: Script) -> None:
    corp, plant, ldap = (iter(author.world.of(label)) for label in author.world.apps)

    def fixed(title: str, member: Member, attribute: str, place: tuple[str, str], way: str) -> None:
        value = author.stale(member, attribute)
        author.about(script, "resolved", title, member, attribute, value, kind="stale_in_okta", place=place, way=way)

    fixed("AD, stated in the form", next(corp), "department", PLACES[0], "form")
    fixed("AD, a requested item with labelled lines", next(corp), "title", PLACES[2], "lines")
    fixed("AD, the requester's own profile", next(corp), "department", PLACES[1], "own")
    fixed("LDAP", next(ldap), "title", PLACES[3], "lines")

    member = next(plant)
    value = author.stale(member, "department", imported=False)
    author.about(
        script,
        "escalated",
        "the directory's copy is old",
        member,
        "department",
        value,
        kind="stale_in_directory_copy",
        place=PLACES[1],
    )
    member = next(plant)
    author.about(
        script,
        "resolved",
        "already right",
        member,
        "title",
        author.world.holds(member, "title"),
        kind="already_right",
        place=PLACES[3],
    )
    member = next(plant)
    place = author.about(
        script,
        "resolved",
        "nothing to tell, then a reply",
        member,
        "department",
        None,
        kind="cannot_tell",
        place=PLACES[1],
    )
    author.reply(script, place, member, "department")

    _stuck(author, script, next(corp), PLACES[0])
    _nobody(author, script, PLACES[0])
    _stranger(author, script, PLACES[2])

    member = next(ldap)
    value = author.stale(member, "department")
    place = author.about(
        script, "withdrawn", "a person takes over", member, "department", value, kind="taken_over", place=PLACES[1]
    )
    author.take(script, place)
    for number in (0, 3):
        _untagged(author, script, next(corp), PLACES[number])


def _burst(author: _Author, script: Script, number: int) -> None:
    for member in author.world.members[:number]:
        _helped(author, script, member)


def _mixed(author: _Author, script: Script, number: int) -> None:
    kinds: dict[Callable[[_Author, Script, Member], None], int] = {
        _helped: 50,
        _right: 10,
        _copy_old: 10,
        _silent: 5,
        _answered: 5,
        _stuck: 3,
        _taken: 4,
        _untagged: 5,
        lambda author, script, _: _nobody(author, script): 4,
        lambda author, script, _: _stranger(author, script): 4,
    }
    for member in author.world.members[:number]:
        (write,) = author.world.frame.random.choices(list(kinds), weights=list(kinds.values()))
        write(author, script, member)


def _attribute(author: _Author) -> str:
    return author.world.frame.random.choice(list(VALUES))


def _helped(author: _Author, script: Script, member: Member) -> None:
    attribute = _attribute(author)
    value = author.stale(member, attribute)
    stated = value if author.world.frame.random.random() < 0.7 else None  # noqa: PLR2004  # some say what it should be
    author.about(script, "resolved", "a Force Sync fixes it", member, attribute, stated, kind="stale_in_okta")


def _right(author: _Author, script: Script, member: Member) -> None:
    attribute = _attribute(author)
    value = author.world.holds(member, attribute)
    author.about(script, "resolved", "already right", member, attribute, value, kind="already_right")


def _copy_old(author: _Author, script: Script, member: Member) -> None:
    attribute = _attribute(author)
    value = author.stale(member, attribute, imported=False)
    author.about(
        script, "escalated", "the directory's copy is old", member, attribute, value, kind="stale_in_directory_copy"
    )


def _silent(author: _Author, script: Script, member: Member) -> None:
    author.about(script, "waiting", "nothing to tell", member, _attribute(author), None, kind="cannot_tell")


def _answered(author: _Author, script: Script, member: Member) -> None:
    attribute = _attribute(author)
    place = author.about(
        script, "resolved", "nothing to tell, then a reply", member, attribute, None, kind="cannot_tell"
    )
    author.reply(script, place, member, attribute)


def _stuck(author: _Author, script: Script, member: Member, place: tuple[str, str] | None = None) -> None:
    value = author.stale(member, "title")
    author.world.okta.stuck(member.user_id)
    author.about(script, "escalated", "the sync has no effect", member, "title", value, kind="no_effect", place=place)


def _taken(author: _Author, script: Script, member: Member) -> None:
    attribute = _attribute(author)
    value = author.stale(member, attribute)
    place = author.about(script, "withdrawn", "a person takes over", member, attribute, value, kind="taken_over")
    author.take(script, place)


def _nobody(author: _Author, script: Script, place: tuple[str, str] | None = None) -> None:
    author.file(
        script,
        "waiting",
        "names nobody",
        place=place,
        requester=FRONT_DESK,
        text="A colleague at the desk says that the profile is wrong.",
        kind="names_nobody",
    )


def _stranger(author: _Author, script: Script, place: tuple[str, str] | None = None) -> None:
    author.file(
        script,
        "waiting",
        "a user that does not exist",
        place=place,
        requester=AGENTS[0],
        text="User: nobody.known@example.com\nAttribute: department\nExpected: Treasury",
        kind="user_not_found",
    )


def _untagged(author: _Author, script: Script, member: Member, place: tuple[str, str] | None = None) -> None:
    value = author.stale(member, "department")
    text = f"User: {member.login}\nAttribute: department\nExpected: {value}"
    author.file(
        script,
        "untouched",
        "not tagged",
        place=place,
        requester=member.person,
        text=text,
        kind="untagged",
        tagged=False,
    )
