"""Every operation of every connector, ready to be done once, with the call that a fault is to hit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from connectors.sandbox.frame import Product
from tests.contract.places import PLACES, Place, Stage, note
from workflows.model import (
    Directory,
    DirectoryKind,
    DirectoryRef,
    File,
    Intent,
    Move,
    OktaUser,
    PlannedWrite,
    TicketRef,
)

Kind = Literal["system", "record", "write"]
PLACE = {place.name: place for place in PLACES}
REPORT = File(name="d.json", content_type="application/json", content=b'{"seen": true}')
MORE_WRITES = (PlannedWrite(key="m.1.priority", operation="priority", payload={"name": "High"}),)  # a route asks for it


@dataclass(frozen=True)
class Prepared:
    """An operation that is about to be done: `act` with little patience; then `again`, as the engine goes on.

    `standing` counts how often a write's effect stands on the far side.
    """

    act: Callable[[], Any]
    again: Callable[[], Any]
    standing: Callable[[], int] = lambda: 0  # a read leaves nothing


@dataclass(frozen=True)
class Operation:
    """One operation: whether it concerns the system or a record, or writes, and the call that the fault hits."""

    name: str
    product: Product
    kind: Kind
    method: str
    path: str
    prepare: Callable[[Stage, float], Prepared]
    status_only: bool = False  # what its answer holds is not looked at


def _read(place: str, kind: Kind, path: str, name: str, act: Callable[[Any, TicketRef], Any]) -> Operation:
    where = PLACE[place]

    def prepare(stage: Stage, patience: float) -> Prepared:
        desk, patient, ref = stage.desk(where, read_timeout=patience), stage.desk(where), stage.file(where)
        return Prepared(lambda: act(desk, ref), lambda: act(patient, ref))

    return Operation(f"{place}: {name}", where.product, kind, "GET", path, prepare)


def _write(place: str, method: str, path: str, operation: str, move: Move | None = None, **parts: Any) -> Operation:
    """Deliver the one write of that operation, of an intent planned on a fresh ticket."""
    where = PLACE[place]

    def prepare(stage: Stage, patience: float) -> Prepared:
        desk, patient, ref = stage.desk(where, read_timeout=patience), stage.desk(where), stage.file(where)
        planned = patient.plan(patient.read(ref), Intent(key=stage.key(), move=move, **parts))
        (write,) = (item for item in (*planned, *MORE_WRITES) if item.operation == operation)
        return Prepared(
            lambda: desk.deliver(ref, write),
            lambda: patient.find(ref, write) or patient.deliver(ref, write),
            lambda: _standing(stage, where, ref, write),
        )

    bodiless = operation in {"assign", "transition", "priority"}
    return Operation(f"{place}: deliver {operation}", where.product, "write", method, path, prepare, bodiless)


def _standing(stage: Stage, place: Place, ref: TicketRef, write: PlannedWrite) -> int:
    """Count how often a write's effect stands on the ticket."""
    shown = stage.shown(place, ref)
    if write.content is not None:
        return sum(bool(file["by_worker"]) for file in shown["attachments"])
    if write.operation in {"comment", "update"}:
        return sum(bool(item["by_worker"]) for item in shown["comments"])
    changed = {"assign": "assignee", "transition": "status", "priority": "priority"}[write.operation]
    return sum(entry["field"] == changed for entry in shown["history"])


def _okta(name: str, path: str, act: Callable[[Any, OktaUser, Directory], Any], kind: Kind = "record") -> Operation:
    def prepare(stage: Stage, patience: float) -> Prepared:
        user, directory = _subject(stage)
        org, patient = stage.org(read_timeout=patience), stage.org()
        return Prepared(lambda: act(org, user, directory), lambda: act(patient, user, directory))

    return Operation(f"okta: {name}", "okta", kind, "GET", path, prepare, name == "check")


def _reapply() -> Operation:
    """Press Force Sync; it is never repeated by itself, since nobody can look whether it was pressed."""

    def prepare(stage: Stage, patience: float) -> Prepared:
        stage.time.skip(hours=1)
        user, directory = _subject(stage)
        driver, before = stage.driver(read_timeout=patience), stage.force_syncs()
        return Prepared(
            lambda: driver.start(directory, user.type_id), lambda: None, lambda: stage.force_syncs() - before
        )

    return Operation("reapply: start", "okta", "write", "PUT", r"/mappings/reapply$", prepare, status_only=True)


def _subject(stage: Stage) -> tuple[OktaUser, Directory]:
    member = stage.sandbox.world.members[0]
    (user,) = stage.org().find_users(member.login)
    ref = DirectoryRef(org="okta", app_id=member.app_id)
    return user, Directory(ref=ref, kind=DirectoryKind.AD, label="corp.example.com")


def _find_note(desk: Any, ref: TicketRef) -> Any:
    (write,) = desk.plan(desk.read(ref), Intent(key="f.1.x", internal=note("x")))
    return desk.find(ref, write)


def _find_file(desk: Any, ref: TicketRef) -> Any:
    (write,) = desk.plan(desk.read(ref), Intent(key="f.1.x", files=(REPORT,)))
    return desk.find(ref, write)


ISSUE = r"/issue/\d+$"
OPERATIONS: tuple[Operation, ...] = (
    _read("incident", "system", r"/table/sys_user_group$", "check", lambda desk, _: desk.check()),
    _read("incident", "system", r"/table/label_entry$", "tagged", lambda desk, _: list(desk.tagged())),
    _read("incident", "record", r"/table/incident/\w+$", "read", lambda desk, ref: desk.read(ref)),
    _read("incident", "record", r"/api/now/attachment$", "find file", _find_file),
    _write("incident", "PATCH", r"/table/incident/", "update", Move.CLAIMED, internal=note("x")),
    _write("incident", "POST", r"/attachment/file$", "attach", files=(REPORT,)),
    _read("cloud-service-desk", "system", r"/mypermissions$", "check", lambda desk, _: desk.check()),
    _read("cloud-service-desk", "system", r"/search/jql$", "tagged", lambda desk, _: list(desk.tagged())),
    _read("cloud-service-desk", "record", ISSUE, "read", lambda desk, ref: desk.read(ref)),
    _read("cloud-service-desk", "record", r"/comment$", "find note", _find_note),
    _write("cloud-service-desk", "POST", r"/comment$", "comment", internal=note("x")),
    _write("cloud-service-desk", "PUT", r"/assignee$", "assign", Move.CLAIMED),
    _write("cloud-service-desk", "PUT", ISSUE, "priority"),
    _write("cloud-service-desk", "POST", r"/transitions$", "transition", Move.CLAIMED),
    _write("cloud-service-desk", "POST", r"/request/\d+/attachment$", "attach_internal", files=(REPORT,)),
    _write("cloud-software", "POST", r"/attachments$", "attach", files=(REPORT,)),
    _okta("check", r"/api/v1/users$", lambda org, _u, _d: org.check(), "system"),
    _okta("find_users", r"/api/v1/users$", lambda org, user, _d: org.find_users(user.login)),
    _okta("user", r"/api/v1/users/\w+$", lambda org, user, _d: org.user(user.id)),
    _okta("app_users", r"/api/v1/apps$", lambda org, user, _d: org.app_users(user.id)),
    _okta("app_user", r"/users/\w+$", lambda org, user, directory: org.app_user(directory, user.id)),
    _okta("mapping", r"/api/v1/mappings$", lambda org, user, directory: org.mapping(directory, user.type_id)),
    _okta("attribute_rules", r"/meta/schemas/user/", lambda org, user, _d: org.attribute_rules(user)),
    _okta("directory", r"/api/v1/apps/\w+$", lambda org, _u, directory: org.directory(directory.ref.app_id)),
    _reapply(),
)
