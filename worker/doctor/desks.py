"""Checks what waits on each desk now: how many open tickets carry the tag, and whether another store works them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from worker.doctor.checks import Check, Seen, Status
from worker.doctor.local import readable
from worker.store import Store
from workflows.errors import FarSideError
from workflows.model import Sighting
from workflows.ports import NothingToSeeError, TicketDesk
from workflows.steps import LOOKED_AT, Ports, noted_cases, noted_elsewhere
from workflows.values.wording import counted

# The looks without which a search is no use, as far as a desk has them.
FOUND_BY = ("tag", "tables", "search", "projects", "permissions", "kinds")


def checks_of_tickets(desk: TicketDesk, ports: Ports, store: Store) -> Iterator[Check]:
    """Yield the checks of a desk's open tickets."""
    name, found = f"desks.{desk.name}", list[Sighting]()

    def count() -> str:
        found.extend(desk.tagged())
        return f"{counted(len(found), 'open ticket')} with the tag"

    yield Check(
        f"{name}.tickets",
        "the open tickets with the tag",
        f"see the other lines of {name}; the tag is {name}.tag or {name}.label",
        count,
        name,
        (f"{name}.credential", *(f"{name}.{id}" for id in FOUND_BY)),
    )
    yield Check(
        f"{name}.other_store",
        "notes of another store on them",
        f"use one store for each desk account: correct store.url, or `forcesync resume {desk.name}` accepts the notes",
        _elsewhere(desk, found, ports, store),
        name,
        (f"{name}.tickets", *readable(store)),
    )


def _elsewhere(desk: TicketDesk, found: list[Sighting], ports: Ports, store: Store) -> Callable[[], Seen | str]:
    def look() -> Seen | str:
        missing = store.is_missing  # before there is a store, every note is another one's
        unknown = (item for item in found if missing or store.find_case(item.ref.id) is None)
        try:
            read = [desk.read(item.ref) for item in islice(unknown, LOOKED_AT)]
        except FarSideError as error:  # another line tells of it
            raise NothingToSeeError(f"a ticket could not be read: {error.detail}") from error
        noted = (
            (item, next(iter(noted_cases(item)), None) if missing else noted_elsewhere(item, ports)) for item in read
        )
        claimed = [f"{item.ref.key} has notes of case {case}" for item, case in noted if case]
        if claimed:
            return Seen(Status.WARN, f"{'; '.join(claimed)}, which this store does not know")
        if found and not read:
            return "this store knows all of them"
        if not found:
            raise NothingToSeeError("there is no open ticket to read")
        return f"{counted(len(read), 'ticket')} read that this store does not know: no notes of ours"

    return look
