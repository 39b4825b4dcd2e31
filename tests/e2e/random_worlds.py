"""Random worlds from a seed: what is wrong with which user, what the tickets say, and what their author knows.

The author knows what Okta should hold in the end and whether a Force Sync can achieve it; the worker does not. The
worker is judged by the simulated Okta: what every rider's copy held at each Force Sync, and what Okta held when a
ticket was closed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple

from connectors.sandbox.scenarios.world import Member
from tests.e2e.okta_users import CORP, LDAP, PLANT
from tests.e2e.tickets import PLACES, Filed
from tests.e2e.ties import record
from tests.e2e.world import World
from workflows.model import CaseState, Directory, QuestionKind, ReasonKind, Receipt, RideState
from workflows.notes.reasons import sentence
from workflows.ports import SyncDriver

VALUES = ("Treasury", "R&D, EMEA (North)", "O'Neill Hall", "Zürich", "Sales 2", "IT-Betrieb", "Quality", "Floor 12-04")
WAYS: tuple[Callable[[str, str], str], ...] = (
    lambda attribute, value: f"Attribute: {attribute}\nExpected: {value}",
    lambda attribute, value: f'My {attribute} should be "{value}".',
    lambda attribute, value: f'Please change my {attribute} to "{value}" in Okta as well.',
    lambda attribute, value: f"| Attribute | Expected |\n| {attribute} | {value} |",
)


class Known(NamedTuple):
    """What a ticket's author knows: the user, what Okta should hold in the end, and whether a sync achieves it."""

    member: Member
    attribute: str
    right: str | None
    helpable: bool
    works: bool = True


class Watching:
    """A driver that reads every rider's copy from the simulated Okta at each Force Sync."""

    by_hand = False

    def __init__(self, driver: SyncDriver, witness: Callable[[Directory], None]) -> None:
        self.name, self._driver, self._witness = driver.name, driver, witness

    def check(self, directory: Directory) -> None:
        """Try the driver's credential."""
        self._driver.check(directory)

    def start(self, directory: Directory, target_type_id: str) -> Receipt:
        """Call the witness, then run Force Sync."""
        self._witness(directory)
        return self._driver.start(directory, target_type_id)


class RandomWorld:
    """Plays one random world and judges it."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self._die = world, Random(seed)
        self.tickets: dict[Filed, Known] = {}
        self.presses = self.confirms = 0
        self.wrong: list[str] = []
        self._spoil_some_attributes()
        world.skip(minutes=10)  # what an administrator has set up just now, the worker may know as it was
        drivers = {name: Watching(item, self._at_press) for name, item in world.parts.ports.drivers.items()}
        world.use_ports(dataclasses.replace(world.parts.ports, drivers=drivers))

    def tell(self, tickets: int) -> list[str]:
        """File tickets, run the worker, have some people take over, open a task or confirm; return what went wrong."""
        for _ in range(tickets):
            self._file()
        for ticket in self._die.sample(sorted(self.tickets), k=max(1, tickets // 6)):
            self.world.run_for(seconds=self._die.choice((0, 30, 90)))
            with_task = ticket.desk == "servicenow" and self._die.choice((True, False))
            (self._open_task if with_task else self.world.take)(ticket)
            self.tickets[ticket] = self.tickets[ticket]._replace(works=False)
        self.world.settle()
        for ticket, known in self.tickets.items():
            if self._is_to_be_confirmed(ticket):
                self.confirms += 1
                self.world.reply(ticket, known.member.login, "yes" if self._holds(known) == known.right else "no")
        self.world.settle()
        for ticket, known in self.tickets.items():
            self.wrong += self._judge(ticket, known)
        return self.wrong

    def _open_task(self, ticket: Filed) -> None:
        record(self.world, self._die.choice(("sc_task", "change_request", "incident")), parent=ticket.id)

    def _spoil_some_attributes(self) -> None:
        """Break the source, the mapping or its timing for a few attributes, so that no Force Sync updates them."""
        okta = self.world.sandbox.okta
        self._fine = ["department", "title", "city", "officeLocation"]
        self._die.shuffle(self._fine)
        self.spoiled = {self._fine.pop(): how for how in ("source", "create", "computed") if self._die.random() < 0.7}
        for attribute, how in self.spoiled.items():
            if how == "source":
                okta.set_master(attribute, "OKTA")
                continue
            for app in self.world.sandbox.world.apps.values():
                text = f'appuser.{attribute} + ""' if how == "computed" else f"appuser.{attribute}"
                okta.set_mapping(app, attribute, text, "DONT_PUSH" if how == "create" else "PUSH")
        for attribute in self._fine:
            for app in self.world.sandbox.world.apps.values():
                okta.set_mapping(app, attribute, f"appuser.{attribute}")

    def _file(self) -> None:
        world, die = self.world, self._die
        member = world.member(die.choice((CORP, CORP, PLANT, LDAP)))
        attribute = die.choice((*self._fine, *self._fine, *self.spoiled)) if self.spoiled else die.choice(self._fine)
        before, value = str(world.profile(member).get(attribute) or ""), die.choice(VALUES)
        world.change_directory(member, attribute, before)  # all three copies agree before anything goes wrong
        kind = die.choice(("ahead", "ahead", "ahead", "silent", "old", "right", "agree", "wrong", "stuck", "gone"))
        stated: str | None = value
        known = Known(member, attribute, value, helpable=attribute not in self.spoiled)
        if kind in {"ahead", "silent", "stuck", "gone"}:
            world.change_directory(member, attribute, value)
        if kind == "silent":
            stated = None
        elif kind == "old":
            world.change_directory(member, attribute, value, imported=False)
            known = known._replace(helpable=False)
        elif kind == "right":
            stated, known = before or None, known._replace(right=before, helpable=False)
        elif kind == "agree":
            stated, known = None, known._replace(right=None, helpable=False)
        elif kind == "wrong":
            world.change_directory(member, attribute, value)
            stated, known = f"{value} and not this", known._replace(right=f"{value} and not this", helpable=False)
        elif kind == "stuck":
            world.make_stuck(member)
            known = known._replace(works=False)
        elif kind == "gone":
            world.sandbox.okta.user(member.user_id).status = die.choice(("SUSPENDED", "DEPROVISIONED"))
            known = known._replace(helpable=False)
        text = die.choice(WAYS)(attribute, stated) if stated else f"My {attribute} has not been updated in Okta."
        ticket = world.said(die.choice(PLACES), by=member, text=text)
        self.tickets[ticket] = known

    def _at_press(self, directory: Directory) -> None:
        """Compare every rider with what the author knows and what the simulated Okta holds now."""
        self.presses += 1
        (run,) = (item for item in self.world.parts.store.runs(open_only=True) if item.directory.ref == directory.ref)
        riders = {ride.case_id for ride in self.world.parts.store.rides(run.id) if ride.state is RideState.OPEN}
        for ticket, known in self.tickets.items():
            if self.world.has_case(ticket) and self.world.case(ticket).id in riders:
                copy = self.world.sandbox.okta.link(known.member.user_id, known.member.app_id).profile
                if not known.helpable or str(copy.get(known.attribute)) != known.right:
                    self.wrong.append(f"pressed for {ticket}, which it cannot help: {known}")

    def _is_to_be_confirmed(self, ticket: Filed) -> bool:
        case = self.world.case(ticket)
        return case.state is CaseState.ASKED and case.question is QuestionKind.CONFIRM

    def _holds(self, known: Known) -> str:
        return str(self.world.profile(known.member).get(known.attribute) or "")

    def _judge(self, ticket: Filed, known: Known) -> list[str]:
        shown, case = self.world.shown(ticket), self.world.case(ticket)
        holds = self._holds(known)
        closed = shown["status_category"] == "done"
        if closed and (known.right is None or holds != known.right):
            return [f"{ticket} was closed, and Okta does not hold what is right: {known}"]
        run = self.world.parts.store.run(case.run_id) if case.run_id else None
        emptied = bool(run and run.radius and run.radius.emptied)  # that needs an approval, which nobody gives here
        unapproved = emptied and case.because is not None and case.because.tells(ReasonKind.NOT_APPROVED)
        if known.helpable and known.works and case.state is not CaseState.RESOLVED and not unapproved:
            return [f"{ticket} could have been helped and ended {case.state}: {known}: {sentence(case.because)}"]
        return []


def ends(told: RandomWorld) -> Mapping[str, int]:
    """Count the ends of a world's cases."""
    counts: dict[str, int] = {}
    for ticket in told.tickets:
        state = str(told.world.case(ticket).state)
        counts[state] = counts.get(state, 0) + 1
    return counts
