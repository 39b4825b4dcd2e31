"""The demo's result: each ticket in the product and in the store, and the report at the end."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from connectors.sandbox.server import Sandbox
from worker.demo.ticket import drawn
from worker.demo.ticket import plain as without_escapes
from worker.store import Store
from workflows.model import Case, CaseState, ReasonKind, VerdictKind
from workflows.notes.reasons import sentence
from workflows.notes.titles import title_of
from workflows.precheck.verdicts import leading_verdict
from workflows.values.masking import plain

KEY = 11  # characters of a ticket's key, which is never cut


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
        """Say in a few words what is happening, or why the ticket ended as it did."""
        case = self.case
        if case is None:
            return "not tagged: left alone" if not self.ticket["tagged"] else "not seen yet"
        verdict = leading_verdict(case)
        if case.state is CaseState.RESOLVED and verdict and verdict.kind is VerdictKind.STALE_IN_OKTA:
            return "Force Sync brought the value"
        if case.state is CaseState.ESCALATED and case.because and case.because.tells(ReasonKind.NO_EFFECT):
            return "Force Sync had no effect"
        if case.state in {CaseState.RESOLVED, CaseState.ESCALATED, CaseState.ADVISED, CaseState.ASKED} and verdict:
            return title_of(verdict)
        return plain(sentence(case.story[-1].what), 90) if case.story else str(case.state)


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
            (folder / f"{ticket['key']}.txt").write_text(ticket_text(ticket), encoding="utf-8")
            for file in ticket["attachments"]:
                content, _ = product.attachment(ticket["id"], file["name"])
                (folder / f"{ticket['key']}-{Path(file['name']).name}").write_bytes(content)
        syncs = sandbox.okta.force_syncs()
    (folder / "force-syncs.json").write_text(json.dumps(syncs, indent=1), encoding="utf-8")


def ticket_text(ticket: dict[str, Any]) -> str:
    """Format a ticket as an agent sees it."""
    shown = _without_markup if ticket["desk"] == "jira" else str
    lines = [
        f"{ticket['key']}  {ticket['summary']}",
        f"status {ticket['status']}, resolution {ticket['resolution'] or '-'}, "
        f"assignee {ticket['assignee'] or '-'}, group {ticket['group'] or '-'}",
        "",
        ticket["description"],
    ]
    for comment in ticket["comments"]:
        title = f"--- {comment['created'][:19].replace('T', ' ')} UTC  {comment['author']}  ({comment['visibility']})"
        lines += ["", title, shown(comment["body"])]
    lines += ["", *(f"attachment: {file['name']} ({file['size']} bytes)" for file in ticket["attachments"])]
    return "\n".join(lines).rstrip() + "\n"


def _without_markup(body: str) -> str:
    """Show wiki markup, as far as our notes use it, as plain text."""
    lines = []
    for line in body.splitlines():
        heading = re.fullmatch(r"\*(.+)\*", line)
        cells = [cell for cell in re.split(r"(?<!\\)\|+", line) if cell] if line.startswith("|") else []
        lines.append(" | ".join(cells) if cells else heading[1] if heading else line)
    return without_escapes("\n".join(lines))


def one_line_each(*columns: str) -> Table:
    """Return a table whose rows take one line each, so that a terminal of 80x24 shows a scenario whole."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for number, name in enumerate(columns):
        table.add_column(name, no_wrap=True, overflow="ellipsis", min_width=0 if number else KEY)
    return table


def closing_report(console: Console, sandbox: Sandbox, rows: Rows, seconds: float) -> bool:
    """Print two complete tickets, then how all ended; True if everything ended as the scenario expects."""
    with sandbox.frame.lock:
        syncs, violations = sandbox.okta.force_syncs(), list(sandbox.frame.violations)
    shown = [
        next((row for row in rows if row.desk == "servicenow" and row.expected == "resolved"), None),
        next((row for row in rows if row.expected == "escalated"), None),
    ]
    for row in filter(None, shown):
        console.print(drawn(row.ticket))
    table = one_line_each("ticket", "desk shows", "why", "right")
    for row in rows:
        table.add_row(row.key, row.ticket["status"], row.happening, "yes" if ended_rightly(row) else "NO")
    console.print(table)
    right = sum(ended_rightly(row) for row in rows)
    names = ", ".join(sync["label"] for sync in syncs) or "none"
    console.print(f"{right} of {len(rows)} tickets ended as expected in {seconds:.0f} seconds.", highlight=False)
    console.print(f"Force Syncs: {len(syncs)} ({names}).", highlight=False)
    for violation in violations:
        console.print(f"The far side objects: {violation.rule}: {violation.detail}", markup=False, highlight=False)
    return right == len(rows) and not violations
