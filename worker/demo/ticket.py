"""Draws a ticket as its product shows it to an agent: the fields on top, then each entry in a box of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rich.box import HORIZONTALS, ROUNDED
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

# What the products call the sides of an entry, by desk and visibility.
SIDES = {
    ("servicenow", "internal"): "Work notes",
    ("servicenow", "public"): "Additional comments",
    ("jira", "internal"): "Internal note",
    ("jira", "public"): "Reply to customer",
}
_WIDTH = 80


def drawn(ticket: dict[str, Any]) -> Panel:
    """Return the ticket for a terminal of 80 columns."""
    fields = {"Status": "status", "Resolution": "resolution", "Assigned to": "assignee", "Group": "group"}
    shown = [f"{name}: {ticket[key]}" for name, key in fields.items() if ticket[key]]
    parts: list[RenderableType] = [Text(ticket["summary"], style="bold"), Text(" · ".join(shown))]
    parts.append(Text(f"\n{ticket['description']}\n"))
    parts += [_entry(ticket["desk"], comment) for comment in ticket["comments"]]
    parts += [Text(f"Attachment: {file['name']}") for file in ticket["attachments"]]
    return Panel(Group(*parts), title=ticket["key"], title_align="left", width=_WIDTH)


def _entry(desk: str, comment: dict[str, Any]) -> Panel:
    title = f"{comment['author']} · {SIDES[desk, comment['visibility']]} · {comment['created'][11:19]}"
    body = Group(*_wiki(comment["body"])) if desk == "jira" else Text(comment["body"])
    return Panel(body, title=Text(title), title_align="left", box=ROUNDED)


def _wiki(body: str) -> Iterator[RenderableType]:
    """Draw wiki markup, as far as our notes use it."""
    table: Table | None = None
    for line in body.splitlines():
        cells = [plain(cell).strip() for cell in re.split(r"(?<!\\)\|+", line) if cell]
        if line.startswith("||"):
            table = Table(*cells, box=HORIZONTALS)
        elif line.startswith("|") and table is not None:
            table.add_row(*cells)
        else:
            if table is not None:
                yield table
                table = None
            heading = re.fullmatch(r"\*(.+)\*", line)
            yield Text(plain(heading[1]), style="bold") if heading else Text(plain(line))
    if table is not None:
        yield table


def plain(line: str) -> str:
    """Return a line without the backslashes of wiki markup."""
    return re.sub(r"\\([^\w\s])", r"\1", line)
