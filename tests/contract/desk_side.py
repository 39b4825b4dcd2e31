"""The disposable ticket of the live contract: on a live desk, or filed on the sandbox.

FORCESYNC_LIVE_CONFIG names the settings file and FORCESYNC_LIVE_TICKET a tagged, unassigned ticket as DESK:KEY, such as
`servicenow:INC0010001`; its texts, status and assignee are changed, and it is unassigned at the end.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.contract import cassettes
from tests.contract.okta_side import NotReadyError
from tests.contract.places import PLACES, Place, stage
from worker import wiring
from worker.process.clock import SystemClock
from worker.settings.model import Settings, load
from workflows.model import TicketRef
from workflows.ports import TicketDesk


@dataclass(frozen=True)
class DeskSide:
    """A desk and its disposable ticket; `hidden` says whether comments can be internal."""

    desk: TicketDesk
    ref: TicketRef
    hidden: bool = True


@contextmanager
def sandbox_ticket(place: Place) -> Iterator[DeskSide]:
    """File a ticket on the sandbox."""
    with stage(place.deployment) as served:
        ref = served.file(place)
        yield DeskSide(served.desk(place), ref, place.hidden_comments)
        assert served.sandbox.frame.violations == []


@contextmanager
def live_ticket(environment: Mapping[str, str]) -> Iterator[DeskSide]:
    """Use the desk and ticket named in the environment; record the walk if FORCESYNC_LIVE_RECORD is set."""
    config, ticket = environment.get("FORCESYNC_LIVE_CONFIG"), environment.get("FORCESYNC_LIVE_TICKET")
    if not config or not ticket:
        raise NotReadyError("set FORCESYNC_LIVE_CONFIG (a settings file) and FORCESYNC_LIVE_TICKET (DESK:KEY)")
    settings = load(Path(config))
    name, _, key = ticket.partition(":")
    if name not in settings.desks or not key:
        raise NotReadyError(f"FORCESYNC_LIVE_TICKET: expected DESK:KEY with a desk of: {', '.join(settings.desks)}")
    desk = wiring.build_desk(name, settings, SystemClock())
    with ExitStack() as stack:
        if folder := environment.get("FORCESYNC_LIVE_RECORD"):
            stack.enter_context(cassettes.recording(Path(folder) / f"{name}.yaml", _scrubber(settings, name)))
        ref = next((item.ref for item in desk.tagged() if item.ref.key == key), None)
        if ref is None:
            raise NotReadyError(f"FORCESYNC_LIVE_TICKET: no open tagged ticket {key} on {name}")
        yield DeskSide(desk, ref)


@contextmanager
def the_ticket(place: Place | None) -> Iterator[DeskSide]:
    """Use the sandbox's place, or the named ticket if there is none."""
    with live_ticket(os.environ) if place is None else sandbox_ticket(place) as side:
        yield side


def places() -> list[Place | None]:
    """Return the places to walk: the named ticket under `make test-live`, else every kind of place."""
    if os.environ.get("FORCESYNC_LIVE") == "yes":
        return [None] if os.environ.get("FORCESYNC_LIVE_TICKET") else []
    return list(PLACES)


def _scrubber(settings: Settings, name: str) -> cassettes.Scrubber:
    table = settings.desks[name]
    words = ("password", "token", "secret", "key")
    secrets = [str(value) for field, value in table.items() if any(word in field for word in words)]
    return cassettes.Scrubber(secrets=secrets, hosts=[str(table.get("url", ""))])
