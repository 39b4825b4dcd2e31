"""The demo's result: each ticket in the product and in the store, and the report at the end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from connectors.sandbox.server import Sandbox
from workflows.model import Case, CaseState
from workflows.notes.reasons import sentence
from workflows.ports import CaseStore
from workflows.values.masking import plain


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
        """Say in a few words what is happening."""
        if self.case is None:
            return "not tagged: ignored" if not self.ticket["tagged"] else "not seen yet"
        last = sentence(self.case.story[-1].what) if self.case.story else ""
        return plain(f"{self.case.state}: {last}" if last else self.case.state, 90)


Rows = tuple[Row, ...]


def rows_of(sandbox: Sandbox, store: CaseStore) -> Rows:
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
            (folder / f"{ticket['key']}.txt").write_text(ticket_text(ticket), encoding="utf-8")
            for file in ticket["attachments"]:
                content, _ = product.attachment(ticket["id"], file["name"])
                (folder / f"{ticket['key']}-{Path(file['name']).name}").write_bytes(content)
        syncs = sandbox.okta.force_syncs()
    (folder / "force-syncs.json").write_text(json.dumps(syncs, indent=1), encoding="utf-8")


def ticket_text(ticket: dict[str, Any]) -> str:
    """Format a ticket as an agent sees it."""
    lines = [
        f"{ticket['key']}  {ticket['summary']}",
        f"status {ticket['status']}, resolution {ticket['resolution'] or '-'}, "
        f"assignee {ticket['assignee'] or '-'}, group {ticket['group'] or '-'}",
        "",
        ticket["description"],
    ]
    for comment in ticket["comments"]:
        lines += ["", f"--- {comment['created']}  {comment['author']}  ({comment['visibility']})", comment["body"]]
    lines += ["", *(f"attachment: {file['name']} ({file['size']} bytes)" for file in ticket["attachments"])]
    return "\n".join(lines).rstrip() + "\n"


def closing_report(console: Console, sandbox: Sandbox, rows: Rows, seconds: float) -> bool:
    """Print the summary and two complete tickets; True if everything ended as the scenario expects."""
    with sandbox.frame.lock:
        syncs, violations = sandbox.okta.force_syncs(), list(sandbox.frame.violations)
    table = Table("ticket", "about", "expected", "desk shows", "cause found", "right", title="How the tickets ended")
    table.columns[0].no_wrap = True
    for row in rows:
        found = row.found.replace("_", " ")
        table.add_row(
            row.key, row.title, row.expected, row.ticket["status"], found, "yes" if ended_rightly(row) else "NO"
        )
    console.print()
    console.print(table)
    shown = [
        next((row for row in rows if row.desk == "servicenow" and row.expected == "resolved"), None),
        next((row for row in rows if row.expected == "escalated"), None),
    ]
    for row in filter(None, shown):
        console.rule(f"{row.key}, as an agent sees it")
        console.print(ticket_text(row.ticket), markup=False, highlight=False)
    right = sum(ended_rightly(row) for row in rows)
    console.rule("Summary")
    names = ", ".join(sync["label"] for sync in syncs) or "none"
    console.print(f"{right} of {len(rows)} tickets ended as expected in {seconds:.0f} seconds.", highlight=False)
    console.print(f"Force Syncs: {len(syncs)} ({names}).", highlight=False)
    for violation in violations:
        console.print(f"The far side objects: {violation.rule}: {violation.detail}", markup=False, highlight=False)
    return right == len(rows) and not violations
