"""The scenarios by name: what is wrong with which users, and the tickets about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle

from connectors.sandbox.scenarios.author import PLACES, VALUES, Author, Beat, Script, Story
from connectors.sandbox.scenarios.cases import CASES
from connectors.sandbox.scenarios.world import AGENTS, DIRECTORIES, FRONT_DESK, Member, World

SCENARIOS = ("tour", "cases", "burst", "mixed", "singles", "empty")
USUAL_TICKETS = {"burst": 60, "mixed": 60, "singles": 12}
APART = timedelta(minutes=20)  # between two tickets of singles, so that no two wait for the same Force Sync


@dataclass(frozen=True)
class Scenario:
    """The world to arrange: one of `SCENARIOS`, its seed, and its size.

    `tickets` applies to burst, mixed and singles, where None means the usual number; 0 means none in any scenario.
    `users` is the least number of directory users.
    """

    name: str = "tour"
    seed: int = 1
    tickets: int | None = None
    users: int = 120

    @property
    def members(self) -> int:
        """Return the number of directory users: as many as asked for, and enough for the tickets."""
        if self.name in USUAL_TICKETS:
            return max(self.users, 2 * self.wanted if self.name == "singles" else self.wanted)
        return max(self.users, 0 if self.name == "empty" or self.tickets == 0 else 30)

    @property
    def wanted(self) -> int:
        """Return the number of tickets of a scenario that lets them be counted."""
        return USUAL_TICKETS.get(self.name, 0) if self.tickets is None else self.tickets


def build(world: World, scenario: Scenario) -> Script:
    """Arrange a scenario in a world that has its users, and file its tickets."""
    script, author = Script(), Author(world)
    if scenario.name == "empty" or scenario.tickets == 0:
        return script
    if scenario.name == "tour":
        _tour(author, script)
        return script
    if scenario.name == "cases":
        for case in CASES:
            case.file(author, script)
        return script
    if scenario.name == "singles":
        _singles(author, script, scenario.wanted)
        return script
    {"burst": _burst, "mixed": _mixed}[scenario.name](author, script, scenario.wanted)
    for number in range(closed_before(scenario.wanted)):
        _closed(author, script, author.world.members[number % len(author.world.members)], PLACES[number % len(PLACES)])
    return script


def closed_before(wanted: int) -> int:
    """Return how many closed tickets, which keep their tag, a desk has beside the wanted ones."""
    return max(2, wanted // 5)


FIXED = Story("resolved", "a Force Sync fixes it", "stale_in_okta")
RIGHT = Story("resolved", "already right", "already_right")
COPY_OLD = Story("escalated", "the directory's copy is old", "stale_in_directory_copy")
SILENT = Story("waiting", "states no value", "cannot_tell")
ANSWERED = Story("resolved", "states no value, then a reply", "cannot_tell")
STUCK = Story("escalated", "the sync has no effect", "no_effect")
TAKEN = Story("withdrawn", "a person takes over", "taken_over")
NOBODY = Story("waiting", "names nobody", "names_nobody")
STRANGER = Story("waiting", "a user that does not exist", "user_not_found")
UNTAGGED = Story("untouched", "not tagged", "untagged")
CLOSED = Story("untouched", "tagged, and closed by a person long ago", "closed_before")


def _tour(author: Author, script: Script) -> None:
    corp, plant, ldap = (iter(author.world.of(label)) for label in author.world.apps)

    def fixed(title: str, member: Member, attribute: str, place: tuple[str, str], way: str) -> None:
        value = author.stale(member, attribute)
        story = replace(FIXED, title=f"{FIXED.title}: {title}")
        author.about(script, story, member, attribute, value, place=place, way=way)

    fixed("AD, stated in the form", next(corp), "department", PLACES[0], "form")
    fixed("AD, a requested item with labelled lines", next(corp), "title", PLACES[2], "lines")
    fixed("AD, the requester's own profile", next(corp), "department", PLACES[1], "own")
    fixed("LDAP", next(ldap), "title", PLACES[3], "lines")

    member = next(plant)
    value = author.stale(member, "department", imported=False)
    author.about(script, COPY_OLD, member, "department", value, place=PLACES[1])
    member = next(plant)
    author.about(script, RIGHT, member, "title", author.world.holds(member, "title"), place=PLACES[3])
    member = next(plant)
    place = author.about(script, ANSWERED, member, "department", None, place=PLACES[1])
    author.reply(script, place, member, "department")

    _stuck(author, script, next(corp), PLACES[0])
    _nobody(author, script, PLACES[0])
    _stranger(author, script, PLACES[2])

    member = next(ldap)
    value = author.stale(member, "department")
    place = author.about(script, TAKEN, member, "department", value, place=PLACES[1])
    author.take(script, place)
    for number in (0, 3):
        _untagged(author, script, next(corp), PLACES[number])


def _burst(author: Author, script: Script, number: int) -> None:
    for member in author.world.members[:number]:
        _helped(author, script, member)


def _mixed(author: Author, script: Script, number: int) -> None:
    kinds: dict[Callable[[Author, Script, Member], None], int] = {
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


def _singles(author: Author, script: Script, number: int) -> None:
    """File one ticket after the other about single AD users: the copy is old, the profile is behind, or it is right."""
    begun, ad = author.world.frame.clock(), {author.world.apps[label] for label, kind in DIRECTORIES if kind == "ad"}
    members = [member for member in author.world.members if member.app_id in ad]
    for place, (member, write) in enumerate(zip(members[:number], cycle((_copy_old, _helped, _right)), strict=False)):
        due = begun + place * APART
        script.beats.append(Beat(partial(_is_due, author, due), partial(write, author, script, member)))


def _is_due(author: Author, at: datetime) -> bool:
    return author.world.frame.clock() >= at


def _attribute(author: Author) -> str:
    return author.world.frame.random.choice(list(VALUES))


def _helped(author: Author, script: Script, member: Member) -> None:
    attribute = _attribute(author)
    value = author.stale(member, attribute)
    stated = value if author.world.frame.random.random() < 0.7 else None  # noqa: PLR2004  # some say what it should be
    author.visit(script, author.about(script, FIXED, member, attribute, stated), member)


def _right(author: Author, script: Script, member: Member) -> None:
    attribute = _attribute(author)
    value = author.world.holds(member, attribute)
    author.about(script, RIGHT, member, attribute, value)


def _copy_old(author: Author, script: Script, member: Member) -> None:
    attribute = _attribute(author)
    value = author.stale(member, attribute, imported=False)
    author.visit(script, author.about(script, COPY_OLD, member, attribute, value), member)


def _silent(author: Author, script: Script, member: Member) -> None:
    author.about(script, SILENT, member, _attribute(author), None)


def _answered(author: Author, script: Script, member: Member) -> None:
    attribute = _attribute(author)
    place = author.about(script, ANSWERED, member, attribute, None)
    if script.expected[place] == ANSWERED.end:
        author.reply(script, place, member, attribute)


def _stuck(author: Author, script: Script, member: Member, place: tuple[str, str] | None = None) -> None:
    value = author.stale(member, "title")
    author.world.okta.stuck(member.user_id)
    author.press(script, author.about(script, STUCK, member, "title", value, place=place), member)


def _taken(author: Author, script: Script, member: Member) -> None:
    attribute = _attribute(author)
    value = author.stale(member, attribute)
    place = author.about(script, TAKEN, member, attribute, value)
    author.take(script, place)


def _nobody(author: Author, script: Script, place: tuple[str, str] | None = None) -> None:
    text = "A colleague at the desk says that the profile is wrong."
    author.file(script, NOBODY, requester=FRONT_DESK, text=text, place=place)


def _stranger(author: Author, script: Script, place: tuple[str, str] | None = None) -> None:
    text = "User: nobody.known@example.com\nAttribute: department\nExpected: Treasury"
    author.file(script, STRANGER, requester=AGENTS[0], text=text, place=place)


def _closed(author: Author, script: Script, member: Member, place: tuple[str, str]) -> None:
    text = f"User: {member.login}\nAttribute: title\nExpected: {author.world.holds(member, 'title')}"
    desk, id = author.file(script, CLOSED, requester=member.person, text=text, place=place)
    ends = {"incident": "Closed", "sc_req_item": "Closed Complete", "SUP": "Closed", "ENG": "Done"}
    author.world.desks[desk].change(id, by=AGENTS[0].login, status=ends[place[1]])


def _untagged(author: Author, script: Script, member: Member, place: tuple[str, str] | None = None) -> None:
    value = author.stale(member, "department")
    text = f"User: {member.login}\nAttribute: department\nExpected: {value}"
    author.file(script, UNTAGGED, requester=member.person, text=text, place=place, tagged=False)
