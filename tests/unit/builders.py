"""Builders of values for tests: valid by default, one thing overridden."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from worker.settings.answer_files import templates
from worker.settings.tables import TextsSettings
from workflows.model import (
    AppUser,
    AttributeRule,
    Case,
    Comment,
    Decision,
    Directory,
    DirectoryKind,
    DirectoryRef,
    LogEvent,
    MappingRule,
    OktaUser,
    Person,
    Phase,
    Policy,
    ProfileMapping,
    Reading,
    Request,
    RunState,
    Statement,
    SyncRun,
    Ticket,
    TicketRef,
)
from workflows.notes.audience import Reader
from workflows.precheck.facts import Facts

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REF = TicketRef(desk="desk", id="1", key="INC0010001")
ADA = Person(id="p1", login="ada@example.com", email="ada@example.com", name="Ada Byron")
WORKER = Person(id="w", login="svc.forcesync")
EXPRESSIONS = {
    "department": "appuser.department",
    "title": "appuser.title",
    "email": "appuser.mail",
    "displayName": 'appuser.firstName + " " + appuser.lastName',
}


def directory(**changes: Any) -> Directory:
    values: dict[str, Any] = {
        "ref": DirectoryRef(org="main", app_id="0oa1"),
        "kind": DirectoryKind.AD,
        "label": "corp.example.com",
        "features": ("PROFILE_MASTERING", "IMPORT_PROFILE_UPDATES"),
    }
    return Directory(**values | changes)


def okta_user(profile: dict[str, Any] | None = None, **changes: Any) -> OktaUser:
    values: dict[str, Any] = {
        "id": "00u1",
        "login": "ada@example.com",
        "status": "ACTIVE",
        "type_id": "oty1",
        "profile": {"department": "Sales", "title": "Clerk", "email": "ada@example.com"} | (profile or {}),
    }
    return OktaUser(**values | changes)


def app_user(profile: dict[str, Any] | None = None, **changes: Any) -> AppUser:
    values: dict[str, Any] = {
        "directory": directory(),
        "user_id": "00u1",
        "profile": {"department": "Sales", "title": "Clerk", "mail": "ada@example.com"} | (profile or {}),
    }
    return AppUser(**values | changes)


def mapping(**rules: MappingRule) -> ProfileMapping:
    plain = {name: MappingRule(attribute=name, expression=text) for name, text in EXPRESSIONS.items()}
    return ProfileMapping(id="prm1", rules=plain | rules)


def asking(*attributes: str, expected: str | None = None, user: str | None = "ada@example.com") -> Request:
    named = tuple(Statement(attribute=name, expected=expected if len(attributes) == 1 else None) for name in attributes)
    loose = (Statement(expected=expected),) if expected is not None and len(attributes) != 1 else ()
    return Request(user=user, statements=(*named, *loose))


def facts(**changes: Any) -> Facts:
    values: dict[str, Any] = {
        "request": Request(),
        "identifier": "ada@example.com",
        "named": True,
        "at": NOW,
        "users": (okta_user(),),
        "app_users": (app_user(),),
        "mapping": mapping(),
        "schema_rules": (),
        "reading": Reading(of_profile=True),
    }
    return Facts(**values | changes)


def source(attribute: str, master: str, *apps: str) -> AttributeRule:
    return AttributeRule(attribute=attribute, master=master, apps=apps)


def event(event_type: str, *, minutes: float = -30, **changes: Any) -> LogEvent:
    values: dict[str, Any] = {
        "uuid": f"{event_type}/{minutes}",
        "published": NOW + timedelta(minutes=minutes),
        "event_type": event_type,
        "result": "SUCCESS",
    }
    return LogEvent(**values | changes)


def ticket(**changes: Any) -> Ticket:
    values: dict[str, Any] = {
        "ref": REF,
        "summary": "My profile is not updating",
        "description": "",
        "phase": Phase.NEW,
        "status": "New",
        "tagged": True,
        "requester": ADA,
    }
    return Ticket(**values | changes)


def comment(body: str, *, minutes: float = 0, by_worker: bool = False, public: bool = True, **changes: Any) -> Comment:
    values: dict[str, Any] = {
        "id": f"c{minutes}",
        "author": WORKER if by_worker else ADA,
        "by_worker": by_worker,
        "public": public,
        "by_agent": not (public or by_worker),
        "created": NOW + timedelta(minutes=minutes),
        "body": body,
    }
    return Comment(**values | changes)


def case(**changes: Any) -> Case:
    values: dict[str, Any] = {"id": "c0ffee", "ref": REF, "opened_at": NOW}
    return Case(**values | changes)


def run(**changes: Any) -> SyncRun:
    values: dict[str, Any] = {
        "id": "r1",
        "directory": directory(),
        "target_type_id": "oty1",
        "opened_at": NOW,
        "gather_until": NOW,
    }
    return SyncRun(**values | changes)


def started_run(**changes: Any) -> SyncRun:
    values: dict[str, Any] = {
        "state": RunState.STARTED,
        "started_at": NOW,
        "deadline": NOW + timedelta(minutes=15),
        "request_id": "req-1",
    }
    return run(**values | changes)


def reader(policy: Policy, *, language: str = "en", zone: tzinfo = UTC) -> Reader:
    return Reader(policy=policy, templates=templates(TextsSettings(), language), zone=zone, language=language)


def approval(**changes: Any) -> Decision:
    values: dict[str, Any] = {"approved": True, "by": "eve@example.com", "why": "wanted", "at": NOW, "digest": ""}
    return Decision(**values | changes)
