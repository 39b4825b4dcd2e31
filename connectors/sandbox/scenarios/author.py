"""Writes the scenarios' tickets, with how each should end and what people do to it later.

How a ticket should end follows from what the scenario did to the world, never from the worker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from typing import Literal

from connectors.sandbox.scenarios.world import AGENTS, Member, World
from connectors.sandbox.wire.frame import Person

End = Literal["resolved", "escalated", "waiting", "withdrawn", "untouched"]
SOFTWARE = ("jira", "ENG")  # a project without an internal side
PLACES = (("servicenow", "incident"), ("jira", "SUP"), ("servicenow", "sc_req_item"), SOFTWARE)
PEOPLE_TAKE = timedelta(seconds=1)  # from what they see to what they do
PRESSED_FOR = timedelta(minutes=15)  # as Force Sync reaches every user, one press serves several tickets
VALUES = {
    "department": ("Sustainability", "Treasury", "Field Services", "Data Platform", "Customer Care"),
    "title": ("Lead Planner", "Senior Editor", "Head of Testing", "Principal Buyer", "Chief Analyst"),
}


@dataclass
class Beat:
    """Something people do as soon as a condition holds."""

    ready: Callable[[], bool]
    act: Callable[[], None]


@dataclass
class Script:
    """A scenario's tickets by (desk, id): titles, causes, how they should end, and what people will do."""

    expected: dict[tuple[str, str], End] = field(default_factory=dict)
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    causes: dict[tuple[str, str], str] = field(default_factory=dict)  # what is wrong with the ticket's user
    beats: list[Beat] = field(default_factory=list)

    def act(self) -> None:
        """Do what people would do now; called repeatedly, under the frame's lock."""
        for beat in [beat for beat in self.beats if beat.ready()]:
            self.beats.remove(beat)
            beat.act()


@dataclass(frozen=True)
class Story:
    """What a ticket is for: how it should end, its title in reports, and the kind that the control server shows."""

    end: End
    title: str
    kind: str


# A form is filled in by an agent for somebody else, whose profile nobody is told of in public.
UNASKED = Story("escalated", "states no value, where no agent can be asked", "nobody_to_ask")


class Author:
    """Writes tickets the way different people write them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._places = cycle(PLACES)
        self._ways = cycle(("form", "lines", "own"))

    def file(
        self,
        script: Script,
        story: Story,
        *,
        requester: Person,
        text: str,
        place: tuple[str, str] | None = None,
        tagged: bool = True,
        form: dict[str, str] | None = None,
    ) -> tuple[str, str]:
        """File a ticket and note how it should end; return its desk and id."""
        desk, table = place or next(self._places)
        id = self.world.desks[desk].create(
            tagged=tagged,
            requester=requester.login,
            summary="Profile not updating in Okta",
            description=text,
            table=table,
            kind=story.kind,
            fields=form,
        )
        script.expected[desk, id] = story.end
        script.titles[desk, id] = story.title
        return desk, id

    def about(
        self,
        script: Script,
        story: Story,
        member: Member,
        attribute: str,
        value: str | None,
        *,
        place: tuple[str, str] | None = None,
        way: str | None = None,
    ) -> tuple[str, str]:
        """File a ticket about one user's attribute: as a form, as labelled lines, or by the user without a name."""
        way, place = way or next(self._ways), place or next(self._places)
        if story.kind == "cannot_tell" and way == "form" and place == SOFTWARE:
            story = UNASKED
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
        return self.file(script, story, requester=requester, text=text, place=place, form=form)

    def other(self, member: Member, attribute: str) -> str:
        """Return a value of an attribute that a user does not have."""
        held = self.world.holds(member, attribute)
        return self.world.frame.random.choice([value for value in VALUES[attribute] if value != held])

    def stale(self, member: Member, attribute: str, *, imported: bool = True) -> str:
        """Change an attribute in the directory, so that the Okta profile is stale; return the new value."""
        value = self.other(member, attribute)
        self.world.update(member, attribute, value, imported=imported)
        return value

    def reply(self, script: Script, place: tuple[str, str], member: Member, attribute: str) -> None:
        """Script a reply: when the worker asks, the change arrives and the requester replies with the value."""

        def body() -> str:
            return f"Attribute: {attribute}\nExpected: {self.stale(member, attribute)}"

        self.answer(script, place, self.world.ticket(*place)["requester"], body)

    def answer(self, script: Script, place: tuple[str, str], author: str, body: Callable[[], str]) -> None:
        """Script what a person writes when the worker asks, on the side where it asked."""
        desk, id = place

        def asked() -> bool:
            return any(public or "?" in body for body, public in self.world.desks[desk].said(id))

        def write() -> None:
            openly = any(public for _, public in self.world.desks[desk].said(id))
            self.world.desks[desk].comment(
                id, author=author, visibility="public" if openly else "internal", body=body()
            )

        script.beats.append(Beat(asked, write))

    def visit(self, script: Script, place: tuple[str, str], member: Member) -> None:
        """Script a visit: when the worker asks for it, an agent opens the user's page, and an old copy is refreshed."""
        link = self.world.okta.link(member.user_id, member.app_id)

        def asked() -> bool:
            return self._asks(place, f"open the page of {member.login}")

        def visit() -> None:
            self.world.okta.actors.open_profile(member.user_id)
            if link.profile == link.source:
                script.expected[place] = "resolved"

        script.beats.append(Beat(asked, visit))

    def press(self, script: Script, place: tuple[str, str], member: Member) -> None:
        """Script a press: when the worker asks for it, an administrator presses Force Sync and says so on the ticket.

        Who has pressed it for one ticket does not do so again for another within `PRESSED_FOR`.
        """
        (desk, id), syncing = place, self.world.okta.syncing

        def asked() -> bool:
            idle = all(sync.applied_at for sync in syncing.syncs if sync.app_id == member.app_id)
            return idle and self._asks(place, "press the button in the Admin Console")

        def press() -> None:
            since = self.world.frame.clock() - PRESSED_FOR
            by_hand = (sync for sync in syncing.syncs if sync.app_id == member.app_id and sync.by_hand)
            if not any(sync.requested_at >= since for sync in by_hand):
                syncing.reapply(member.app_id, "by hand")
            author = AGENTS[1].login
            self.world.desks[desk].comment(id, author=author, visibility="internal", body="pressed")

        script.beats.append(Beat(asked, press))

    def _asks(self, place: tuple[str, str], words: str) -> bool:
        """Say whether a note of the worker's on the ticket holds these words."""
        desk, id = place
        return any(words in body for body, _ in self.world.desks[desk].said(id))

    def take(self, script: Script, place: tuple[str, str]) -> None:
        """Script a takeover: a person takes the ticket a second after the worker has claimed it; a rule is faster."""
        desk, id = place
        seen: list[datetime] = []

        def claimed() -> bool:
            ticket, now = self.world.ticket(desk, id), self.world.frame.clock()
            if ticket["status_category"] == "in_progress" and ticket["assignee"]:
                seen.append(now)
            return bool(seen) and now - seen[0] >= PEOPLE_TAKE

        def assign() -> None:
            agent = AGENTS[0].login
            self.world.desks[desk].change(id, by=agent, assignee=agent)

        script.beats.append(Beat(claimed, assign))
