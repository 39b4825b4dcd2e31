"""Every operation of every connector, ready to be done once, with the call that a fault hits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from connectors.sandbox.wire.frame import Product
from tests.contract.places import PLACES, Place, Stage, note
from workflows.model import (
    Directory,
    DirectoryKind,
    DirectoryRef,
    File,
    Intent,
    Move,
    OktaUser,
    Person,
    PlannedWrite,
    TicketRef,
)

Kind = Literal["system", "record", "write"]
PLACE = {place.name: place for place in PLACES}
REPORT = File(name="d.json", content_type="application/json", content=b'{"seen": true}')
MORE_WRITES = (PlannedWrite(key="m.1.priority", operation="priority", payload={"name": "High"}),)  # as a route does


@dataclass(frozen=True)
class Prepared:
    """An operation to be done: `act` with a short timeout, then `again`, as the engine would.

    `standing` counts how many times a write's effect is on the product.
    """

    act: Callable[[], Any]
    again: Callable[[], Any]
    standing: Callable[[], int] = lambda: 0  # a read has no effect


@dataclass(frozen=True)
class Operation:
    """One operation: whether it reads the system or a record, or writes, and the call that the fault hits."""

    name: str
    product: Product
    kind: Kind
    method: str
    path: str
    prepare: Callable[[Stage, float], Prepared]
    status_only: bool = False  # the content of its answer is ignored
    absent: bool = False  # what it asks for is missing, so a 404 without a body is right
    convenience: bool = False  # a refusal is a warning on its receipt
    lists: bool = False  # it reads a list, whose refusal concerns no record
    optional: int = 0  # the status that means absence, or a warning


def _read(
    place: str, kind: Kind, path: str, name: str, act: Callable[[Any, TicketRef], Any], *, lists: bool = False
) -> Operation:
    where = PLACE[place]

    def prepare(stage: Stage, patience: float) -> Prepared:
        desk, patient, ref = stage.desk(where, read_timeout=patience), stage.desk(where), stage.file(where)
        return Prepared(lambda: act(desk, ref), lambda: act(patient, ref))

    return Operation(f"{place}: {name}", where.product, kind, "GET", path, prepare, lists=lists)


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

    bodiless, optional = operation in {"assign", "transition", "priority"}, 400 if operation == "priority" else 0
    name = f"{place}: deliver {operation}"
    return Operation(name, where.product, "write", method, path, prepare, bodiless, optional=optional)


def _link(to: str, path: str) -> Operation:
    """Deliver the link to another ticket of the site, or of another system."""
    where = PLACE["cloud-service-desk"]

    def prepare(stage: Stage, patience: float) -> Prepared:
        desk, patient, ref = stage.desk(where, read_timeout=patience), stage.desk(where), stage.file(where)
        abroad = TicketRef(desk="elsewhere", id="7", key="INC0000007", url="https://desk.example.com/7")
        other = stage.file(where) if to == "link" else abroad
        (write,) = patient.plan(patient.read(ref), Intent(key=stage.key(), related=other))
        return Prepared(
            lambda: desk.deliver(ref, write),
            lambda: patient.find(ref, write) or patient.deliver(ref, write),
            lambda: len(stage.shown(where, ref)["links"]),
        )

    return Operation(f"jira: deliver {to}", "jira", "write", "POST", path, prepare, status_only=True, convenience=True)


def _standing(stage: Stage, place: Place, ref: TicketRef, write: PlannedWrite) -> int:
    """Count how many times a write's effect is on the ticket."""
    shown = stage.shown(place, ref)
    if write.content is not None:
        return sum(bool(file["by_worker"]) for file in shown["attachments"])
    if write.operation in {"comment", "update"}:
        return sum(bool(item["by_worker"]) for item in shown["comments"])
    changed = {"assign": "assignee", "transition": "status", "priority": "priority"}[write.operation]
    return sum(entry["field"] == changed for entry in shown["history"])


# Reads about one user, whose refusal proves nothing about the account while others are answered. That of the user's
# apps is refused here for every user: it has the same path as the list.
OF_ONE_USER = ("find_users by path", "user", "watched", "app_user", "members", "groups")


def _okta(
    name: str,
    path: str,
    act: Callable[[Any, OktaUser, Directory], Any],
    kind: Kind = "record",
    *,
    status_only: bool = False,
    absent: bool = False,
    found: bool = False,
) -> Operation:
    """Read something of Okta; with `found`, a 404 means that there is none."""

    def prepare(stage: Stage, patience: float) -> Prepared:
        user, directory = _subject(stage)
        org, patient = stage.org(read_timeout=patience), stage.org()
        return Prepared(lambda: act(org, user, directory), lambda: act(patient, user, directory))

    lists = name not in OF_ONE_USER
    optional = 404 if found or absent else 0
    return Operation(
        f"okta: {name}", "okta", kind, "GET", path, prepare, status_only, absent, lists=lists, optional=optional
    )


def _force_sync(name: str, kind: Kind, method: str, path: str) -> Operation:
    """Run Force Sync; it is never repeated automatically, since nothing shows whether it has started."""

    def prepare(stage: Stage, patience: float) -> Prepared:
        stage.time.skip(hours=1)
        user, directory = _subject(stage)
        driver, before = stage.driver(read_timeout=patience), stage.force_syncs()
        return Prepared(
            lambda: driver.start(directory, user.type_id), lambda: None, lambda: stage.force_syncs() - before
        )

    reads = kind != "write"
    return Operation(f"reapply: {name}", "okta", kind, method, path, prepare, status_only=not reads, lists=reads)


def _subject(stage: Stage) -> tuple[OktaUser, Directory]:
    member = stage.sandbox.world.members[0]
    (user,) = stage.org().find_users(member.login)
    ref = DirectoryRef(org="okta", app_id=member.app_id)
    return user, Directory(ref=ref, kind=DirectoryKind.AD, label="corp.example.com")


def _others() -> list[str]:
    return ["00u9"]


def _without_schema(user: OktaUser) -> OktaUser:
    return user.model_copy(update={"schema_id": None})


def _told_of(org: Any, user: OktaUser, directory: Directory) -> Any:
    return org.told_of(user.id, directory, LONG_AGO, 100, types=("user.account.update_profile",))


def _find_note(desk: Any, ref: TicketRef) -> Any:
    (write,) = desk.plan(desk.read(ref), Intent(key="f.1.x", internal=note("x")))
    return desk.find(ref, write)


def _find_file(desk: Any, ref: TicketRef) -> Any:
    (write,) = desk.plan(desk.read(ref), Intent(key="f.1.x", files=(REPORT,)))
    return desk.find(ref, write)


NOBODY, LONG_AGO = "nobody@corp.example.com", datetime(2026, 1, 1, tzinfo=UTC)
OKTA: tuple[Operation, ...] = (
    _okta("check", r"/api/v1/users$", lambda org, _u, _d: org.check(), "system", status_only=True),
    _okta("find_users", r"/api/v1/users$", lambda org, user, _d: org.find_users(user.login)),
    _okta("find_users by path", r"/users/[^/]+$", lambda org, _u, _d: org.find_users(NOBODY), absent=True),
    _okta("holders", r"/api/v1/users$", lambda org, user, _d: org.holders("login", user.login)),
    _okta("find_named", r"/api/v1/users$", lambda org, user, _d: org.find_named(user.profile["displayName"])),
    _okta("find_in_copies", r"/apps/\w+/users$", lambda org, user, _d: org.find_in_copies(user.login)),
    _okta("find_in_copies: directories", r"/api/v1/apps$", lambda org, user, _d: org.find_in_copies(user.login)),
    _okta("find_in_copies: users", r"/api/v1/users$", lambda org, user, _d: org.find_in_copies(user.login)),
    _okta("user", r"/api/v1/users/\w+$", lambda org, user, _d: org.user(user.id)),
    _okta("watched", r"/api/v1/users/\w+$", lambda org, user, _d: org.watched(user.id, LONG_AGO)),
    _okta("watched together", r"/api/v1/users$", lambda org, user, _d: org.watched(user.id, LONG_AGO, _others)),
    _okta("links", r"/api/v1/apps$", lambda org, user, _d: org.links(user.id)),
    _okta("app_user", r"/users/\w+$", lambda org, user, directory: org.app_user(directory, user.id), found=True),
    _okta(
        "members", r"/apps/\w+/users/\w+$", lambda org, user, directory: org.members(directory, [user.id]), found=True
    ),
    _okta("directory_users", r"/apps/\w+/users$", lambda org, _u, directory: org.directory_users(directory)),
    _okta("mapping", r"/api/v1/mappings$", lambda org, user, directory: org.mapping(directory, user.type_id)),
    _okta("mapping by id", r"/mappings/\w+$", lambda org, user, directory: org.mapping(directory, user.type_id)),
    _okta("attribute_rules", r"/meta/schemas/user/", lambda org, user, _d: org.attribute_rules(user)),
    _okta("user type", r"/meta/types/user/", lambda org, user, _d: org.attribute_rules(_without_schema(user))),
    _okta("user_attributes", r"/meta/types/user$", lambda org, _u, _d: org.user_attributes(), "system"),
    _okta("app_schema", r"/meta/schemas/apps/", lambda org, _u, directory: org.app_schema(directory)),
    _okta("directories", r"/api/v1/apps$", lambda org, _u, _d: org.directories()),
    _okta("directory", r"/api/v1/apps/\w+$", lambda org, _u, directory: org.directory(directory.ref.app_id)),
    _okta("log", r"/api/v1/logs$", lambda org, user, _d: org.log(user.id, LONG_AGO)),
    _okta("told_of", r"/api/v1/logs$", _told_of),
    _okta("groups", r"/users/\w+/groups$", lambda org, user, _d: org.groups(user.id)),
    _okta("groups_named by name", r"/api/v1/groups$", lambda org, _u, _d: org.groups_named("Everyone")),
    _okta("members_of", r"/groups/\w+/users$", lambda org, _u, _d: org.members_of(org.groups_named("Everyone")[0])),
    _okta("groups_named by id", r"/api/v1/groups/\w+$", lambda org, _u, _d: org.groups_named("00g1"), absent=True),
    _okta("agent_pools", r"/api/v1/agentPools$", lambda org, _u, _d: org.agent_pools()),
    _okta("support_cases", r"/oktaSupport/cases$", lambda org, _u, _d: org.support_cases()),
    _okta("organization", r"/okta-organization$", lambda org, _u, _d: org.organization()),
)


def _copies(desk: Any, ref: TicketRef, **parts: Any) -> Any:
    (write,) = desk.plan(desk.read(ref), Intent(key="f.1.x", **parts))
    return desk.take_back_copies(ref, write)


def _copies_of_note(desk: Any, ref: TicketRef) -> Any:
    return _copies(desk, ref, internal=note("x"))


def _copies_of_file(desk: Any, ref: TicketRef) -> Any:
    return _copies(desk, ref, files=(REPORT,))


def _is_agent(desk: Any, ref: TicketRef) -> Any:
    ticket = desk.read(ref)
    us = ticket.context.get("worker")  # of whom a Jira site tells something: a customer cannot be assigned
    return desk.is_agent(ticket, Person(id=us) if us else ticket.requester)


def _sla(desk: Any, ref: TicketRef) -> Any:
    return desk.sla(desk.read(ref).but(assigned_to_worker=True))


ISSUE = r"/issue/\d+$"
OPERATIONS: tuple[Operation, ...] = (
    _read("incident", "system", r"/table/sys_user_group$", "check", lambda desk, _: desk.check()),
    _read("incident", "system", r"/table/incident$", "tagged", lambda desk, _: list(desk.tagged())),
    _read("incident", "system", r"/table/label_entry$", "tagged since", lambda desk, _: list(desk.tagged())),
    _read("incident", "system", r"/table/incident$", "past", lambda desk, _: list(desk.past(LONG_AGO, 5))),
    _read("incident", "system", r"/table/incident$", "named", lambda desk, ref: desk.named(ref.key), lists=True),
    _read("incident", "record", r"/table/incident/\w+$", "read", lambda desk, ref: desk.read(ref)),
    _read("incident", "record", r"/table/incident/\w+$", "glance", lambda desk, ref: desk.glance(ref)),
    _read("incident", "record", r"/table/sys_user_grmember$", "is_agent", _is_agent, lists=True),
    _read("incident", "record", r"/table/task_sla$", "sla", _sla, lists=True),
    _read("incident", "record", r"/api/now/attachment$", "find file", _find_file, lists=True),
    _read("incident", "record", r"/api/now/attachment$", "take back copies: files", _copies_of_file, lists=True),
    _write("incident", "PATCH", r"/table/incident/", "update", Move.CLAIMED, internal=note("x")),
    _write("incident", "POST", r"/attachment/file$", "attach", files=(REPORT,)),
    _read("cloud-service-desk", "system", r"/mypermissions$", "check", lambda desk, _: desk.check()),
    _read("cloud-service-desk", "system", r"/search/jql$", "tagged", lambda desk, _: list(desk.tagged())),
    _read("cloud-service-desk", "system", r"/search/jql$", "past", lambda desk, _: list(desk.past(LONG_AGO, 5))),
    replace(
        _read("cloud-service-desk", "record", r"/issue/SUP-\d+$", "named", lambda desk, ref: desk.named(ref.key)),
        optional=404,
    ),
    _read("cloud-service-desk", "record", ISSUE, "read", lambda desk, ref: desk.read(ref)),
    _read("cloud-service-desk", "record", ISSUE, "glance", lambda desk, ref: desk.glance(ref)),
    _read("cloud-service-desk", "record", r"/user/assignable/search$", "is_agent", _is_agent),
    _read("cloud-service-desk", "record", r"/request/\d+/sla$", "sla", _sla),
    _read("cloud-service-desk", "record", r"/comment$", "find note", _find_note),
    _read("cloud-service-desk", "record", r"/comment$", "take back copies: notes", _copies_of_note),
    _link("link", r"/issueLink$"),
    _link("link_abroad", r"/remotelink$"),
    _write("cloud-service-desk", "POST", r"/comment$", "comment", internal=note("x")),
    _write("cloud-service-desk", "PUT", r"/assignee$", "assign", Move.CLAIMED),
    _write("cloud-service-desk", "PUT", ISSUE, "priority"),
    _write("cloud-service-desk", "POST", r"/transitions$", "transition", Move.CLAIMED),
    _write("cloud-service-desk", "POST", r"/request/\d+/attachment$", "attach_internal", files=(REPORT,)),
    _write("cloud-software", "POST", r"/attachments$", "attach", files=(REPORT,)),
    *OKTA,
    _force_sync("start", "write", "PUT", r"/mappings/reapply$"),
    _force_sync("check: find the type", "record", "GET", r"/apps/\w+/user/types$"),
)
