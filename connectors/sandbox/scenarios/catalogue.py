"""The worlds that can be asked for by name: what is wrong with whom, and the tickets about it."""

from __future__ import annotations

from collections.abc import Callable

from connectors.sandbox.scenarios.author import PLACES, VALUES, Author, Script
from connectors.sandbox.scenarios.cases import CASES
from connectors.sandbox.scenarios.world import AGENTS, FRONT_DESK, Member, World

SCENARIOS = ("tour", "cases", "burst", "mixed", "empty")
USUAL_TICKETS = 60  # of burst and mixed


def users_needed(scenario: str, tickets: int | None) -> int:
    """Return the least number of directory users for a scenario."""
    if scenario in {"burst", "mixed"}:
        return USUAL_TICKETS if tickets is None else tickets
    return 0 if scenario == "empty" or tickets == 0 else 30


def build(world: World, scenario: str, tickets: int | None) -> Script:
    """Set a scenario up. `tickets` counts for burst and mixed; 0 means none in any scenario."""
    script, author = Script(), Author(world)
    if scenario == "empty" or tickets == 0:
        return script
    if scenario == "tour":
        _tour(author, script)
        return script
    if scenario == "cases":
        for case in CASES:
            case.file(author, script)
        return script
    number = USUAL_TICKETS if tickets is None else tickets
    {"burst": _burst, "mixed": _mixed}[scenario](author, script, number)
    return script


def _tour(author: Author, script: Script) -> None:
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


def _attribute(author: Author) -> str:
    return author.world.frame.random.choice(list(VALUES))


def _helped(author: Author, script: Script, member: Member) -> None:
    attribute = _attribute(author)
    value = author.stale(member, attribute)
    stated = value if author.world.frame.random.random() < 0.7 else None  # noqa: PLR2004  # some say what it should be
    author.about(script, "resolved", "a Force Sync fixes it", member, attribute, stated, kind="stale_in_okta")


def _right(author: Author, script: Script, member: Member) -> None:
    attribute = _attribute(author)
    value = author.world.holds(member, attribute)
    author.about(script, "resolved", "already right", member, attribute, value, kind="already_right")


def _copy_old(author: Author, script: Script, member: Member) -> None:
    attribute = _attribute(author)
    value = author.stale(member, attribute, imported=False)
    author.about(
        script, "escalated", "the directory's copy is old", member, attribute, value, kind="stale_in_directory_copy"
    )


def _silent(author: Author, script: Script, member: Member) -> None:
    author.about(script, "waiting", "nothing to tell", member, _attribute(author), None, kind="cannot_tell")


def _answered(author: Author, script: Script, member: Member) -> None:
    attribute = _attribute(author)
    place = author.about(
        script, "resolved", "nothing to tell, then a reply", member, attribute, None, kind="cannot_tell"
    )
    author.reply(script, place, member, attribute)


def _stuck(author: Author, script: Script, member: Member, place: tuple[str, str] | None = None) -> None:
    value = author.stale(member, "title")
    author.world.okta.stuck(member.user_id)
    author.about(script, "escalated", "the sync has no effect", member, "title", value, kind="no_effect", place=place)


def _taken(author: Author, script: Script, member: Member) -> None:
    attribute = _attribute(author)
    value = author.stale(member, attribute)
    place = author.about(script, "withdrawn", "a person takes over", member, attribute, value, kind="taken_over")
    author.take(script, place)


def _nobody(author: Author, script: Script, place: tuple[str, str] | None = None) -> None:
    author.file(
        script,
        "waiting",
        "names nobody",
        place=place,
        requester=FRONT_DESK,
        text="A colleague at the desk says that the profile is wrong.",
        kind="names_nobody",
    )


def _stranger(author: Author, script: Script, place: tuple[str, str] | None = None) -> None:
    author.file(
        script,
        "waiting",
        "a user that does not exist",
        place=place,
        requester=AGENTS[0],
        text="User: nobody.known@example.com\nAttribute: department\nExpected: Treasury",
        kind="user_not_found",
    )


def _untagged(author: Author, script: Script, member: Member, place: tuple[str, str] | None = None) -> None:
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
