"""The people and directories that every scenario starts with: each user's three copies agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.sandbox.okta.instance import OktaState
from connectors.sandbox.wire.frame import Frame, Person, TicketProduct

DIRECTORIES = (("corp.example.com", "ad"), ("plant.example.com", "ad"), ("ldap.example.com", "ldap"))
AGENTS = (
    Person("robin.agent@example.com", "Robin", "Agent", agent=True),
    Person("identity.operations@example.com", "Identity", "Operations", agent=True),
)
FRONT_DESK = Person("front.desk@example.com", "Front", "Desk")  # files tickets, has no Okta account

_FIRST_NAMES = """
Adela Bertil Carmo Dagny Emeka Farida Gorm Hanako Ilias Jorun Kofi Leocadia Mirek Ngaio Odile Petra Quirin
Rasheed Sunniva Tadeo Ulrika Vesna Wanjiru Xanthe Yorick Zelda
"""
_LAST_NAMES = """
Ashdown Birkeland Castellano Drummond Eskildsen Fontaine Gallagher Hirvonen Ivanko Jankowski Kestrel Lindqvist
Moravec Nakagawa Okonjo Pemberton Quesada Rosenthal Sutherland Takahashi Underhill Vasconcelos
"""


@dataclass(frozen=True)
class Member:
    """A directory user of the world."""

    person: Person
    user_id: str
    app_id: str

    @property
    def login(self) -> str:
        """Return the Okta login."""
        return self.person.login


class World:
    """Everything a scenario arranges: the org, the two ticket products, and the people."""

    def __init__(
        self, frame: Frame, okta: OktaState, servicenow: TicketProduct, jira: TicketProduct, users: int
    ) -> None:
        self.frame, self.okta = frame, okta
        self.agents: set[str] = set()  # logins
        self.desks: dict[str, TicketProduct] = {"servicenow": servicenow, "jira": jira}
        self.apps = {
            label: okta.add_directory(label, "ldap" if kind == "ldap" else "ad") for label, kind in DIRECTORIES
        }
        for person in (*AGENTS, FRONT_DESK):
            self._known(person)
        self.members = [self._member(number) for number in range(users)]
        okta.imports.past()

    def of(self, label: str) -> list[Member]:
        """Return a directory's users."""
        return [member for member in self.members if member.app_id == self.apps[label]]

    def newcomer(self, first: str, *labels: str, **how: Any) -> Member:
        """Add a person to the directories with these labels, and to the ticket products."""
        person = Person(f"{first.lower()}.newcomer@example.com", first, "Newcomer")
        self._known(person)
        apps = [self.apps[label] for label in labels]
        return Member(person, self.okta.add_user(person, directories=apps, **how), apps[0] if apps else "")

    def holds(self, member: Member, attribute: str) -> str:
        """Return the value of an attribute in the Okta profile."""
        return str(self.okta.shown(member.user_id)["profile"].get(attribute) or "")

    def update(self, member: Member, attribute: str, value: str, *, imported: bool = True) -> None:
        """Change a value in the directory, and in Okta's copy if `imported`; never in the Okta profile."""
        entry: dict[str, Any] = {"app_id": member.app_id, "source": {attribute: value}}
        if imported:
            entry["app_user"] = {attribute: value}
        self.okta.set_user(member.user_id, directories=[entry])

    def ticket(self, desk: str, id: str) -> dict[str, Any]:
        """Return a ticket as the control server shows it."""
        return self.desks[desk].ticket(id)

    def _member(self, number: int) -> Member:
        firsts, lasts = _FIRST_NAMES.split(), _LAST_NAMES.split()
        rest, place = divmod(number, len(firsts))
        again, family = divmod(rest, len(lasts))
        first, last = firsts[place], lasts[family]
        person = Person(f"{first}.{last}{again or ''}@example.com".lower(), first, last)
        label, _ = DIRECTORIES[number % len(DIRECTORIES)]
        self._known(person)
        return Member(person, self.okta.add_user(person, directories=[self.apps[label]]), self.apps[label])

    def _known(self, person: Person) -> None:
        if person.agent:
            self.agents.add(person.login)
        for desk in self.desks.values():
            desk.add_person(person)
