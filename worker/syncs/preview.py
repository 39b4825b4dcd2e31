"""`forcesync sync preview`: what a Force Sync of a directory would change now; it changes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from worker import wiring
from worker.errors import OperatorError
from worker.output import check_file, print_aside, print_json, print_lines, write_file
from worker.progress import ProgressLine
from worker.syncs.page import told_reach
from worker.syncs.targets import one_directory
from workflows.model import Directory, Drift, MemberPage, Policy, Scan
from workflows.notes.reasons import sentence
from workflows.notes.standing import described
from workflows.steps import Ports
from workflows.sync.directory_reading import Reach
from workflows.sync.reach import fold, radius
from workflows.values.masking import called
from workflows.values.wording import counted


def preview(
    config: Path, directory: str, export: Path | None = None, *, replace: bool = False, as_json: bool = False
) -> None:
    """Read every user of a directory and print what a Force Sync would change now, by user type; changes nothing."""
    if export is not None:
        check_file(export, "--export", replace=replace)
    elif replace:
        raise OperatorError("--replace goes with --export")
    with wiring.opened_ports(config, stored=False) as ports:
        target = one_directory(ports, directory)
        line = ProgressLine()
        line.say(f"reading the users of {target.label}")
        try:
            scans, drifted = _scan(ports, target, line)
        finally:
            line.over()
        found = {ports.org.user_type(id): radius(scan, datetime.now(UTC)) for id, scan in scans.items()}
    if export is not None:
        told = write_file(export, "--export", _as_csv(drifted, ports.policy))
        print_aside(f"drifted users: {told}")
    if as_json:
        types = [{"user_type": name or None, **told_reach(reach)} for name, reach in found.items()]
        print_json({"directory": {"app_id": target.ref.app_id, "label": target.label}, "user_types": types})
        return
    lines = [
        f"{target.label}{f', user type {name}' if name else ''} ({target.ref.app_id}): {described(reach)}"
        for name, reach in found.items()
    ]
    lines = lines or [f"{target.label} ({target.ref.app_id}) has no users that could be read."]
    print_lines(lines)


def _as_csv(drifted: Iterable[Drift], policy: Policy) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["user_id", "login", "attribute", "refused_because"])
    for item in drifted:
        login = _inert(called(item.login, policy) or "")
        rows.writerow([item.user_id, login, item.attribute, sentence(item.refused)])
    return text.getvalue()


def _inert(text: str) -> str:
    """Keep a spreadsheet from reading a login as a formula."""
    return f"'{text}" if text[:1] in "=+-@" else text


def _scan(ports: Ports, target: Directory, line: ProgressLine) -> tuple[dict[str, Scan], list[Drift]]:
    """Read all members; return each user type's scan. A member whose type cannot be read counts for every type."""
    reaches, scans, drifted = dict[str, Reach](), dict[str, Scan](), list[Drift]()
    before, after = MemberPage(members=()), None
    while True:
        page = ports.org.directory_users(target, after)
        for type_id in {item.user.type_id for item in page.members if item.user} - scans.keys():
            reaches[type_id], scans[type_id] = Reach(target, type_id, ports), Scan(begun_at=datetime.now(UTC))
            scans[type_id] = fold(scans[type_id], before, [None for item in before.members])
        for type_id, reach in reaches.items():
            found = reach.foreseen(page.members)
            drifted += [item for one in found if one for item, _ in one.changes]
            scans[type_id] = fold(scans[type_id], page, found)
        unread = tuple(item for item in page.members if item.user is None)
        before = MemberPage(members=(*before.members, *unread), unread=before.unread + page.unread)
        after = page.next
        if after is None:
            return scans, drifted
        line.say(f"{counted(sum(scan.users for scan in scans.values()), 'user')} of {target.label} read")
