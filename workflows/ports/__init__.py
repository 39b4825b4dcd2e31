"""The only doors out of the core: what it needs from desks, Okta, the store and the clock.

Every call may raise the errors of `workflows.errors`; what a port promises beyond that stands with it.
"""

from workflows.ports.clock import Clock
from workflows.ports.desk import Copies, TicketDesk
from workflows.ports.okta import OktaOrg, SyncDriver
from workflows.ports.store import (
    CaseCommit,
    CaseStore,
    DeskPoll,
    Joined,
    Kind,
    Lease,
    RunCommit,
    Sole,
    Standing,
    Stops,
)

__all__ = [
    "CaseCommit",
    "CaseStore",
    "Clock",
    "Copies",
    "DeskPoll",
    "Joined",
    "Kind",
    "Lease",
    "OktaOrg",
    "RunCommit",
    "Sole",
    "Standing",
    "Stops",
    "SyncDriver",
    "TicketDesk",
]
