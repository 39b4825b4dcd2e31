"""Hold the far sides' state, as their control server shows it, against what the scenario meant by each ticket.

Nothing of the worker is asked: neither its store nor its log.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Shown = Mapping[str, Any]
ENDS = {
    "stale_in_okta": "resolved",
    "already_right": "resolved",
    "stale_in_directory_copy": "escalated",
    "no_effect": "escalated",
    "cannot_tell": "waiting",  # until its requester has answered
    "nobody_to_ask": "escalated",
    "names_nobody": "waiting",
    "user_not_found": "waiting",
    "taken_over": "withdrawn",
    "untagged": "untouched",
    "closed_before": "untouched",
}
SYNC_RULES = ("force sync", "reapply")  # in the names of the far sides' rules about superfluous Force Syncs
HANDED_OVER = re.compile(r"\[forcesync \w+\.\d+\.escalated\.")  # a marker at the end of a note
ADDRESSED = re.compile(  # where everybody reads it, with neither
    r"^(?:Service desk|Directory team|Okta administrators): (?!by |approve |please press |press )", re.M
)
MOST_LINES = 20  # of each sort in a report


@dataclass
class Report:
    """What came out."""

    tickets: int
    kills: int = 0
    stops: int = 0
    faults: int = 0
    seconds: float = 0.0
    limit: float = 0.0
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    extra_syncs: list[str] = field(default_factory=list)
    objections: list[str] = field(default_factory=list)
    told_twice: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Say whether the world is as if nothing had happened."""
        return not (self.lost or self.wrong or self.doubled or self.extra_syncs or self.objections or self.told_twice)

    def text(self) -> str:
        """Write the report."""
        counts = {
            "lost": self.lost,
            "doubled": self.doubled,
            "wrong": self.wrong,
            "extra syncs": self.extra_syncs,
            "other objections": self.objections,
            "told twice": self.told_twice,
        }
        struck = f"{self.kills} kills, {self.stops} stops, {self.faults} faults"
        lines = [f"{self.tickets} tickets, {struck}, {self.seconds:.0f} of at most {self.limit:.0f} seconds"]
        lines.append(", ".join(f"{name} {len(found)}" for name, found in counts.items()))
        lines += [f"  {name}: {item}" for name, found in counts.items() for item in found[:MOST_LINES]]
        return "\n".join([*lines, "passed" if self.passed else "FAILED"])


def expected(ticket: Shown) -> str:
    """Say how a ticket should end; who was asked and answered is helped."""
    answered = ticket["kind"] == "cannot_tell" and any(not item["by_worker"] for item in ticket["comments"])
    return "resolved" if answered else ENDS[ticket["kind"]]


def handed_over(ticket: Shown) -> bool:
    """Say whether a ticket was handed over: with a file, or by a note, since callers may not see each other's files."""
    notes = (item["body"] for item in ticket["comments"] if item["by_worker"])
    told = any(HANDED_OVER.search(text) or ADDRESSED.search(text) for text in notes)
    return told or any(item["by_worker"] for item in ticket["attachments"])


def stands(ticket: Shown, end: str) -> bool:
    """Say whether a ticket stands as it should in the end."""
    ours = [item for item in ticket["comments"] if item["by_worker"]]
    given = handed_over(ticket)
    done = ticket["status_category"] == "done"
    return {
        "resolved": done and bool(ticket["resolution"]),
        "escalated": not done and given,
        "waiting": not done and not given and bool(ours),
        "withdrawn": not done and not given and bool(ticket["assignee"]),
        "untouched": not ours and not given,
    }[end]


def unfinished(state: Shown) -> list[Shown]:
    """Return the tickets that do not stand as the scenario means them to."""
    return [ticket for ticket in state["tickets"] if not stands(ticket, expected(ticket))]


def judge(state: Shown, report: Report) -> None:
    """Put into the report what is not as it should be."""
    report.faults = state["faults_hit"]
    for ticket in unfinished(state):
        touched = handed_over(ticket) or ticket["status_category"] == "done"
        last = next((item["body"] for item in reversed(ticket["comments"]) if item["by_worker"]), "nothing")
        line = f"{ticket['key']}: expected {expected(ticket)}, found {ticket['status']}"
        (report.wrong if touched else report.lost).append(f"{line}; our last words: {' '.join(last.split())[:300]}")
    report.doubled += [line for ticket in state["tickets"] for line in _doubled(ticket)]
    for item in state["violations"]:
        superfluous = any(word in item["rule"].lower() for word in SYNC_RULES)
        (report.extra_syncs if superfluous else report.objections).append(f"{item['rule']}: {item['detail']}")


def _doubled(ticket: Shown) -> Iterator[str]:
    """Tell what we did to a ticket more than once: a comment, a file, or the step to its end."""
    said = Counter((item["visibility"], item["body"]) for item in ticket["comments"] if item["by_worker"])
    yield from (f"{ticket['key']}: {text[:60]!r} {n} times" for (_, text), n in said.items() if n > 1)
    named = Counter(item["name"] for item in ticket["attachments"] if item["by_worker"])
    yield from (f"{ticket['key']}: {name} {n} times" for name, n in named.items() if n > 1)
    if ticket["status_category"] == "done":
        moves = [item for item in ticket["history"] if item["field"] in {"state", "status"}]
        ends = [item for item in moves if item["to"] == ticket["status"] and item["from"] != item["to"]]
        yield from [f"{ticket['key']}: set to {ticket['status']} {len(ends)} times"] if len(ends) > 1 else []
