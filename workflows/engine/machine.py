"""The two state machines as data; the diagrams in workflows/README.md are drawn from them."""

from __future__ import annotations

from typing import NamedTuple

from workflows.model import CaseState as C
from workflows.model import RunState as R


class Edge(NamedTuple):
    """One allowed transition and its trigger."""

    source: str
    target: str
    on: str


OPEN_CASE = (C.RECEIVED, C.CLAIMED, C.ASKED, C.JOINED, C.SYNCED, C.CLOSING)

CASE_EDGES: tuple[Edge, ...] = (
    Edge(C.RECEIVED, C.CLAIMED, "the ticket is free to take"),
    Edge(C.CLAIMED, C.ASKED, "judged: the caller must be asked, or somebody is to open the user's page"),
    Edge(C.CLAIMED, C.JOINED, "judged: Force Sync helps"),
    Edge(C.CLAIMED, C.CLOSING, "judged: the end is known"),
    Edge(C.CLAIMED, C.CLAIMED, "the change holds from a later day: a note says so"),
    Edge(C.ASKED, C.ASKED, "the caller is reminded, once"),
    Edge(C.ASKED, C.CLAIMED, "a person replied, signed in again or opened the user's page, or the time was over"),
    Edge(C.ASKED, C.CLOSING, "a yes, a no or something else; or nobody replied in time"),
    Edge(C.JOINED, C.JOINED, "a note about a run that waits, or an older ticket about the same; or somebody pressed"),
    Edge(C.JOINED, C.SYNCED, "the run started"),
    Edge(C.JOINED, C.CLAIMED, "the ride was dropped, the value came without a sync, or the request changed"),
    Edge(C.JOINED, C.CLOSING, "the run was cancelled or failed"),
    Edge(C.SYNCED, C.CLOSING, "every expected value was seen, or the deadline passed"),
    Edge(C.SYNCED, C.ASKED, "the values were seen, and the requester is to confirm them"),
    Edge(C.SYNCED, C.CLAIMED, "the values were seen, other subjects are still to be settled; or the request changed"),
    Edge(C.SYNCED, C.JOINED, "no effect: the one successor of an uncertain start, or the run that a person starts"),
    Edge(C.CLOSING, C.CLOSING, "the desk refused the end: handed to a person instead"),
    Edge(C.CLOSING, C.RESOLVED, "delivered and verified"),
    Edge(C.CLOSING, C.ESCALATED, "delivered and verified, or refused twice"),
    Edge(C.CLOSING, C.ADVISED, "delivered and verified"),
    Edge(
        C.RECEIVED,
        C.CLOSING,
        "tied to other tickets and only judged, stopped by a product's fault, or handed over by order",
    ),
    *(Edge(state, C.WITHDRAWN, "a person took over, closed it or removed the tag") for state in OPEN_CASE),
    *(
        Edge(end, C.RECEIVED, "a person reopened it or tagged it again, or it can be read again: the next round")
        for end in (C.RESOLVED, C.ESCALATED, C.ADVISED, C.WITHDRAWN)
    ),
)

RUN_EDGES: tuple[Edge, ...] = (
    Edge(
        R.GATHERING, R.STARTING, "window over, riders read again, switch, other runs of the directory and approval pass"
    ),
    Edge(R.GATHERING, R.PROPOSED, "needs a person's approval"),
    Edge(R.GATHERING, R.REQUESTED, "a person is to press (assisted, or after a call without effect)"),
    Edge(R.GATHERING, R.CANCELLED, "no rider left, or stopped"),
    Edge(R.PROPOSED, R.GATHERING, "approved"),
    Edge(R.PROPOSED, R.CANCELLED, "rejected, not approved in time, or stopped"),
    Edge(R.REQUESTED, R.STARTED, "riders' values came that nobody typed, or somebody wrote that they pressed"),
    Edge(R.REQUESTED, R.FAILED, "nobody pressed in time, no rider left, or stopped"),
    Edge(R.STARTING, R.STARTED, "accepted; or the answer was lost, or found here after a crash (uncertain)"),
    Edge(R.STARTING, R.GATHERING, "provably not started"),
    Edge(R.STARTING, R.FAILED, "refused three times"),
    Edge(R.STARTED, R.ENDED, "no open rider, or the deadline"),
)


class ForbiddenTransition(Exception):  # noqa: N818  # it names the fact
    """A transition that is not in the tables: our own defect."""


def check(edges: tuple[Edge, ...], source: str, target: str) -> None:
    """Raise `ForbiddenTransition` unless the table has this edge."""
    if not any(edge.source == source and edge.target == target for edge in edges):
        raise ForbiddenTransition(
            f"no edge {source} -> {target}; the tables in workflows/engine/machine.py say what is allowed"
        )


def diagram(edges: tuple[Edge, ...]) -> str:
    """Draw the table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {edge.source} --> {edge.target}: {edge.on}" for edge in edges]
    return "\n".join(lines)


if __name__ == "__main__":
    print(diagram(CASE_EDGES))
    print(diagram(RUN_EDGES))
