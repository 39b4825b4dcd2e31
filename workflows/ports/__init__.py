"""The core's only interfaces to the outside: desks, Okta, the store and the clock.

Every call may raise the errors of `workflows.errors`; each port documents what it promises beyond that.
"""

from workflows.ports.clock import Clock
from workflows.ports.desk import Copies, TicketDesk
from workflows.ports.okta import OktaOrg, SyncDriver
from workflows.ports.past import PastTickets
from workflows.ports.probe import Form, FormField, HasForms, NothingToSeeError, PartOf, Probe, Probed, Unread
from workflows.ports.store import (
    CaseCommit,
    CaseStore,
    DeskPoll,
    Joined,
    Kind,
    Lease,
    RunCommit,
    SeenBefore,
    Sole,
    Standing,
    Stops,
)
