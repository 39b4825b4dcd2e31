"""What the worker writes in a set of stories, frozen word for word in tests/e2e/frozen: nothing may change unnoticed.

For an intended change, run this file with FORCESYNC_FREEZE=write, which rewrites the texts, and review the difference
in git. Random values become tokens, numbered by first appearance; all times come from the world's clock. The order of
what is due at the same moment depends on ids, so `secrets.token_hex` counts up here.
"""

from __future__ import annotations

import difflib
import io
import itertools
import json
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Make
from tests.e2e.frozen_stories import LONG, SHORT, STORIES, Story
from tests.e2e.tickets import Filed, Shown
from tests.e2e.world import World
from worker.cases.page import told_of as case_page
from worker.cases.records import case_line
from worker.output import aligned

FROZEN = Path(__file__).with_name("frozen")
WRITES = os.environ.get("FORCESYNC_FREEZE") == "write"
MOST_SHOWN = 80  # lines of a difference
LEFT_OUT = {"timestamp", "duration_ms"}  # of a log line: of this machine, not of the world
COLUMNS = ("state", "close_code", "close_notes", "hold_reason", "impact", "urgency", "priority")
RANDOM = re.compile(
    r"(?<![0-9A-Za-z])(?:(?P<event>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|(?P<digest>[0-9a-f]{64})"
    r"|(?P<id>[0-9a-f]{32})|(?P<short>[0-9a-f]{12})|(?P<okta>(?=[a-zA-Z]*[0-9])[0-9a-z]{3}[0-9A-Za-z]{17}))(?![0-9A-Za-z])"
)
OKTA_IDS = {"req": "request", "00u": "user", "00g": "group", "0oa": "app"}


@pytest.fixture(autouse=True)
def _ids_count_up(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = itertools.count(0xA0000001)
    monkeypatch.setattr("secrets.token_hex", lambda size=32: f"{next(numbers):0{2 * size}x}")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long if name in LONG else ()) for name in STORIES]
)
def test_everything_that_is_written_is_as_it_was_frozen(name: str, a_world: Make) -> None:
    story: Story = STORIES[name]
    world = a_world(checked=True, **story.world)
    story.tell(world)
    file, text = FROZEN / f"{name}.txt", written(world)
    if WRITES:
        file.write_bytes(text.encode())
    frozen = file.read_bytes().decode()
    changes = difflib.unified_diff(frozen.split("\n"), text.split("\n"), "frozen", "now", lineterm="")
    assert frozen == text, f"{file.name}: it is written otherwise now\n" + "\n".join(
        itertools.islice(changes, MOST_SHOWN)
    )


def test_every_frozen_text_has_its_story() -> None:
    assert set(STORIES) >= SHORT
    assert {f"{name}.txt" for name in STORIES} == {file.name for file in FROZEN.iterdir()}


# -- one text of a world


def written(world: World) -> str:
    """Return everything that was written in a world as one text."""
    lines = [f"Force Syncs: {', '.join(world.force_syncs()) or 'none'}"]
    with world.sandbox.frame.lock:
        tickets = [ticket for desk in world.sandbox.world.desks.values() for ticket in desk.tickets()]
    for ticket in tickets:
        lines += ["", f"===== {ticket['key']} ({ticket['desk']}, {ticket['table']})", *_ticket(world, ticket)]
    lines += ["", "===== log", *_log(world.log.getvalue())]
    return _without_randomness("\n".join(lines) + "\n", world)


def _ticket(world: World, ticket: Shown) -> Iterator[str]:
    filed = Filed(ticket["desk"], ticket["id"])
    for name in ("summary", "description", "requester", "fields"):
        yield from _indented(name, str(ticket[name]))
    for comment in ticket["comments"]:
        edited = f", edited {comment['edited']}" if comment["edited"] else ""
        title = f"--- {comment['visibility']} comment by {comment['author']}, {comment['created']}{edited}"
        yield from _indented(title, comment["body"])
    for name in ("status", "status_category", "resolution", "priority", "assignee", "group", "tags", "links", "slas"):
        yield f"{name}: {ticket.get(name)}"
    if ticket["desk"] == "servicenow":
        desk: Any = world.sandbox.world.desks["servicenow"]
        record = desk.state.records[ticket["table"]][ticket["id"]]
        for column in COLUMNS:
            yield from _indented(f"column {column}", str(record.get(column, "")))
    for entry in ticket["history"]:
        yield f"history: {json.dumps(entry, ensure_ascii=False, default=str)}"
    for item in ticket["attachments"]:
        yield f"--- attachment {item['name']} ({item['content_type']}, {item.get('visibility', 'internal')})"
        yield from _content(world.file(filed, item["name"]))
    if world.has_case(filed):
        case, store = world.case(filed), world.parts.store
        run = store.run(case.run_id) if case.run_id else None
        page = case_page(store.record(case.id), _policy(world), run=run)
        yield from _indented("--- case page", "\n".join(aligned(page, 0)))
        for record in world.parts.store.records():
            if record["case"]["ref"]["key"] == ticket["key"]:
                told = json.dumps(case_line(record, _policy(world)), indent=1, ensure_ascii=False)
                yield from _indented("--- line of the case list", told)


def _policy(world: World) -> Any:
    return world.settings.policy


def _content(content: bytes) -> Iterator[str]:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        yield from _indented("content", content.decode())
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            title = f"member {member.filename}, {member.date_time}, mode {member.external_attr:o}"
            yield from _indented(title, archive.read(member).decode())


def _log(log: str) -> Iterator[str]:
    """Return the log with its requests counted, regardless of their order."""
    requests: Counter[str] = Counter()
    for text in log.splitlines():
        facts = {name: value for name, value in json.loads(text).items() if name not in LEFT_OUT}
        if facts["event"] == "request":
            names = ("system", "operation", "method", "status", "level")
            requests[" ".join(str(facts.get(name)) for name in names)] += 1
        else:
            yield json.dumps(facts, ensure_ascii=False)
    for request, number in sorted(requests.items()):
        yield f"{number} × {request}"


def _indented(title: str, text: str) -> Iterator[str]:
    """Return a text indented under its title; other line breaks are escaped."""
    yield f"{title}:"
    for line in text.split("\n"):
        yield f"    {line}".replace("\r", "\\r")


def _without_randomness(text: str, world: World) -> str:
    """Replace addresses and random ids by tokens, numbered by first appearance."""
    sandbox, store = world.sandbox, world.parts.store
    for url, name in ((sandbox.okta_url, "okta"), (sandbox.servicenow_url, "servicenow"), (sandbox.jira_url, "jira")):
        text = text.replace(url, f"http://{name}.sandbox").replace(url.removeprefix("http://"), f"{name}.sandbox")
    kinds = {case.id: "case" for case in store.cases()} | {run.id: "run" for run in store.runs()}
    tokens: dict[str, str] = {}
    numbers: Counter[str] = Counter()

    def token(found: re.Match[str]) -> str:
        word, kind = found.group(), str(found.lastgroup)
        if word not in tokens:
            kind = {"short": kinds.get(word, "request"), "okta": OKTA_IDS.get(word[:3], "object")}.get(kind, kind)
            numbers[kind] += 1
            tokens[word] = f"<{kind}-{numbers[kind]}>"
        return tokens[word]

    return RANDOM.sub(token, text)
