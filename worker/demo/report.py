"""What the demo prints: a line for each change of a ticket, and the report at the end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.sandbox.server import Sandbox
from worker.demo.reasons import in_short
from worker.demo.ticket import shown
from worker.output import aligned, folded, tabled
from worker.store import Store
from workflows.model import Case, CaseState

KEY = 11  # characters of the longest key
STATE = max(map(len, CaseState))


@dataclass(frozen=True)
class Row:
    """One ticket: what the scenario expects of it, what the desk shows, and our case, if there is one.

    `cause` is the verdict that the scenario expects, if it names one.
    """

    desk: str
    id: str
    key: str
    title: str
    expected: str
    cause: str | None
    ticket: dict[str, Any]
    case: Case | None

    @property
    def found(self) -> str:
        """Return the verdicts on the affected users."""
        subjects = self.case.subjects if self.case else ()
        return ", ".join(str(subject.verdict.kind) for subject in subjects if subject.verdict)

    @property
    def happening(self) -> str:
        """Say in a few words what is happening, or why the ticket ended as it did; "" where nothing is known yet."""
        case = self.case
        if case is None:
            return "not tagged: left alone" if not self.ticket["tagged"] else "not seen yet"
        return in_short(case)


Rows = tuple[Row, ...]


def rows_of(sandbox: Sandbox, store: Store) -> Rows:
    """Read the simulated products and the store once; rows are in the scenario's order."""
    cases = {(case.ref.desk, case.ref.id.rsplit("/", 1)[-1]): case for case in store.cases()}
    with sandbox.frame.lock:
        tickets = [*sandbox.servicenow.tickets(), *sandbox.jira.tickets()]
    by_id = {(ticket["desk"], ticket["id"]): ticket for ticket in tickets}
    return tuple(
        Row(
            desk=desk,
            id=id,
            key=by_id[desk, id]["key"],
            title=sandbox.script.titles.get((desk, id), ""),
            expected=expected,
            cause=sandbox.script.causes.get((desk, id)),
            ticket=by_id[desk, id],
            case=cases.get((desk, id)),
        )
        for (desk, id), expected in sandbox.script.expected.items()
    )


def ended_rightly(row: Row) -> bool:
    """Say whether a ticket ended as the scenario expects, in the product and in the store, with the expected cause."""
    ticket, state = row.ticket, row.case.state if row.case else None
    done = ticket["status_category"] == "done"
    touched = any(comment["by_worker"] for comment in ticket["comments"]) or any(
        file["by_worker"] for file in ticket["attachments"]
    )
    checks = {
        "resolved": state is CaseState.RESOLVED and done and bool(ticket["resolution"]),
        "escalated": state is CaseState.ESCALATED and not done and touched,
        "waiting": state is CaseState.ASKED,
        "withdrawn": state is CaseState.WITHDRAWN,
        "untouched": state is None and not touched,
    }
    return checks[row.expected] and row.cause in {None, row.found}


def save_artefacts(sandbox: Sandbox, folder: Path) -> None:
    """Write every ticket as text, and every attached file, into the folder."""
    with sandbox.frame.lock:
        tickets = [("servicenow", t) for t in sandbox.servicenow.tickets()] + [
            ("jira", t) for t in sandbox.jira.tickets()
        ]
        for desk, ticket in tickets:
            product = sandbox.servicenow if desk == "servicenow" else sandbox.jira
            (folder / f"{ticket['key']}.txt").write_text("\n".join(shown(ticket)) + "\n", encoding="utf-8")
            for file in ticket["attachments"]:
                content, _ = product.attachment(ticket["id"], file["name"])
                (folder / f"{ticket['key']}-{Path(file['name']).name}").write_bytes(content)
        syncs = sandbox.okta.force_syncs()
    (folder / "force-syncs.json").write_text(json.dumps(syncs, indent=1), encoding="utf-8")


def opening(rows: Rows, columns: int) -> Iterator[str]:
    """Yield what the tickets are about."""
    yield from folded([f"{len(rows)} tickets on simulated Okta, ServiceNow and Jira:"], columns)
    yield from aligned([(row.key, row.title) for row in rows], columns)
    yield ""


class Changes:
    """Tells what has changed since the last look, in lines of one form; the screen scrolls, and nothing jumps."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[str, str]] = {}

    def since(self, rows: Rows, seconds: float, columns: int) -> Iterator[str]:
        """Yield a line for each case whose state or reason is new; an end is told once it is on the ticket."""
        for row in rows:
            now = (row.case.state, row.happening) if row.case else None
            if now is None or not row.happening or CaseState.CLOSING in now or self._told.get(row.key) == now:
                continue
            self._told[row.key] = state, happening = now
            yield from aligned([(f"{seconds:4.1f} s  {row.key:<{KEY}}  {state:<{STATE}}", happening)], columns)


def closing(rows: Rows, syncs: Sequence[str], broken: Sequence[str], seconds: float, columns: int) -> Iterator[str]:
    """Yield two whole tickets, then how all ended, those last that did not end as expected.

    `syncs` are the directories of the Force Syncs, `broken` the rules of the simulated products that were broken.
    """
    resolved = next((row for row in rows if row.desk == "servicenow" and row.expected == "resolved"), None)
    escalated = next((row for row in rows if row.expected == "escalated"), None)
    rule = "=" * (columns or 80)
    for row in filter(None, (resolved, escalated)):
        yield from ("", rule)
        yield from folded(shown(row.ticket), columns, "")
    yield from ("", rule)
    ends = [(row.key, row.ticket["status"], _end(row)) for row in sorted(rows, key=ended_rightly, reverse=True)]
    yield from tabled(("ticket", "desk shows", "why"), ends, columns)
    right = sum(map(ended_rightly, rows))
    yield from folded(
        [
            "",
            f"{right} of {len(rows)} tickets ended as expected in {seconds:.0f} seconds.",
            f"Force Syncs: {len(syncs)} ({', '.join(dict.fromkeys(syncs)) or 'none'}).",
            *(f"The far side objects: {rule}" for rule in broken),
        ],
        columns,
    )


def _end(row: Row) -> str:
    return row.happening if ended_rightly(row) else f"SHOULD BE {row.expected.upper()}: {row.happening}"
