"""The `forcesync check` command: the documented precheck for one user, by hand and read only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from worker import wiring
from worker.check.calls import Calls
from worker.check.findings import Report
from worker.check.precheck import MOST_CALLS, examined
from worker.errors import OperatorError
from worker.output import aligned, print_json, print_lines, room
from worker.process import logs
from worker.process.clock import SystemClock
from worker.progress import ProgressLine
from workflows.notes.console import profile_page

SIGNING_IN = 1  # calls: a service app asks for its token first


def check(config: Path, user: str, attributes: Sequence[str], *, as_json: bool) -> int:
    """Print what the precheck finds for a user; return the exit code: 0 if Okta is right or Force Sync helps, else 1.

    Raises `FarSideError` if Okta cannot be read at all.
    """
    settings = wiring.read_settings(config)
    logs.configure("error", settings.worker.log_format)
    asked = [_asked(text) for text in attributes]
    clock, okta = SystemClock(), settings.okta[settings.org]
    org = wiring.okta_ports(settings, clock, log_pages=1)[0][settings.org]
    line = ProgressLine()
    calls = Calls(org.name, MOST_CALLS + (SIGNING_IN if okta.auth == "oauth" else 0), line.say)
    try:
        report = examined(user, asked, org, settings.policy, clock, calls)
    finally:
        line.over()
    page = profile_page(report.user_id, okta.url) if report.user_id else ""
    if as_json:
        print_json(_record(report, page))
    else:
        print_lines(_page(report, page, room()))
    return 0 if report.ok else 1


def _asked(text: str) -> tuple[str, str | None]:
    name, stated, value = text.partition("=")
    if not name.strip():
        raise OperatorError(f"ATTRIBUTE: found {text!r}; expected an attribute's name, or NAME=VALUE")
    return name.strip(), value if stated else None


def _record(report: Report, page: str) -> dict[str, object]:
    return {
        "ok": report.ok,
        "user": {"login": report.login, "id": report.user_id, "page": page},
        "steps": [{"id": item.id, "outcome": item.outcome, "seen": item.seen} for item in report.steps],
        "attributes": [item._asdict() for item in report.attributes],
        "verdict": {"kind": report.verdict, "title": report.title, "why": report.why},
        "also": list(report.also),
        "next": report.next,
        "click": report.click,
        "calls": report.calls,
    }


def _page(report: Report, page: str, columns: int) -> Iterator[str]:
    yield from aligned(((item.id, item.outcome, item.seen) for item in report.steps), columns)
    yield ""
    facts = [("verdict", f"{report.title} ({report.verdict})"), ("why", report.why)]
    facts += [("", item) for item in report.also]
    facts += [("next", report.next)]
    facts += [("where", report.click)] if report.click else []
    facts += [("page", page)] if page else []
    yield from aligned(facts, columns)
