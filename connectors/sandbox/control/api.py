"""The control server: shows the whole world, and acts as the people, directories and faults in it.

Its shapes are a contract with other programs: fields may be added, never renamed. These are beyond the contract:

    POST /users/{id}           also "status", "stuck", "reject" (a reason, null: none), "by" (who changes the
                               profile, with an event), "overwrite_next" (what another system sets after the next
                               update), "sign_in" (an app id: refreshes the user), "open_profile": true (a person
                               opens the user's page, which refreshes them from AD), "groups" (names); an entry of
                               "directories" also "scope", "status", "sync_state", "skipped"; it creates a missing link
    POST /directories/{app_id} "status", "features", "agents", "mapping" ({attribute: {"expression", "push_status"?} or
                               null}), "import": true, "roadblock": true | false, "approved" (login, email: what its
                               Force Syncs may change)
    POST /okta                 "attributes" ({name: {"master", "priority", "required", "min_length", "max_length",
                               "enum"}}), "user_types", "odd_pools", "support_cases", "bare_support_cases", "add_source"
                               (an HR application's label; it leads then), "profile_sources" (app ids, in their order)
    POST /service_apps         "client_id", "keys" (public JWKs), "scopes"?, "dpop"?, "role"?; DELETE revokes all tokens
    POST /tickets/{desk}/{id}/slas
                               "target" (resolution, response), "minutes" (the goal), "used"? (per cent elapsed):
                               starts an SLA, which pauses while the ticket waits and stops when it ends
    POST /tickets/{desk}/{id}/tasks
                               "summary": an open catalogue task, or sub-task
    POST /tickets/{desk}/{id}/approvals
                               "approver", "decision"? (pending, approved, declined)
    POST /faults               kinds also "cut" (reset within the body), "redirect" (302 to a login page), "gateway"
                               (one in front refuses with "status"; a "body" of "" is none) and "mutate" with
                               "mutation" and "field"?; "retry_after" and "retry_form" (seconds, date, reset)
    POST /settings             also "okta_concurrency" and "okta_limits" (calls a minute of one token, by bucket)
    POST /servicenow           "switches" (servicenow/switches.py), "close_codes": "new" | "old" | "both", "quirk"
                               ({"kind", "method"?, "table"?, "times"?}, servicenow/quirks.py), "end_tokens": true,
                               "private_tag" (a sys_id); DELETE removes the planned quirks
    POST /secrets              "add": strings that the worker must never write
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any, get_args

from pydantic_core import to_json
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.control.checks import NUMBER, Json, one_of, only, texts
from connectors.sandbox.control.faults import FaultCommands
from connectors.sandbox.control.okta import OktaCommands
from connectors.sandbox.control.servicenow import ServiceNowCommands
from connectors.sandbox.okta.instance import OktaState
from connectors.sandbox.servicenow.people import ServiceNowPeople
from connectors.sandbox.wire.frame import Decision, Frame, TicketProduct, iso
from connectors.sandbox.wire.sla_clock import TARGETS

A_YEAR, MOST_USED = 525_600, 1000  # minutes; per cent

Act = Callable[[Request, Json], Response]


class Control:
    """Commands on one world; each holds the frame's lock."""

    def __init__(self, frame: Frame, okta: OktaState, desks: dict[str, TicketProduct]) -> None:
        self._frame, self._okta, self._desks = frame, okta, desks

    def application(self) -> Starlette:
        """Return the application."""
        faults, okta = FaultCommands(self._frame), OktaCommands(self._okta)
        table: tuple[tuple[str, str, Act], ...] = (
            ("GET", "/state", self._state),
            ("GET", "/tickets/{desk}/{id}/attachments/{name}", self._attachment),
            ("POST", "/tickets", self._create),
            ("POST", "/tickets/{desk}/{id}/comments", self._comment),
            ("POST", "/tickets/{desk}/{id}/tags", self._tag),
            ("POST", "/tickets/{desk}/{id}/slas", self._start_sla),
            ("POST", "/tickets/{desk}/{id}/tasks", self._add_task),
            ("POST", "/tickets/{desk}/{id}/approvals", self._approval),
            ("POST", "/tickets/{desk}/{id}", self._change),
            ("POST", "/users/{id}", okta.user),
            ("POST", "/directories/{app_id}", okta.directory),
            ("POST", "/okta", okta.org),
            ("POST", "/service_apps", okta.service_app),
            ("DELETE", "/service_apps", okta.revoke),
            ("POST", "/faults", faults.plan),
            ("DELETE", "/faults", faults.clear),
            ("POST", "/settings", faults.settings),
            ("POST", "/secrets", faults.secrets),
        )
        if isinstance(desk := self._desks.get("servicenow"), ServiceNowPeople):
            snow = ServiceNowCommands(desk.state)
            table += (("POST", "/servicenow", snow.instance), ("DELETE", "/servicenow", snow.calm))
        commands = ", ".join(f"{method} {path}" for method, path, _ in table)

        async def unknown(request: Request, error: Exception) -> Response:
            found = f"found {request.method} {request.url.path}; there are: {commands}"
            return JSONResponse({"error": found}, getattr(error, "status_code", 404))

        return Starlette(
            routes=[Route(path, self._wire(act), methods=[method]) for method, path, act in table],
            exception_handlers={404: unknown, 405: unknown},
        )

    def _wire(self, act: Act) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def endpoint(request: Request) -> Response:
            raw = await request.body()
            try:
                asked = _read(raw)
                with self._frame.lock:
                    return act(request, asked)
            except KeyError as error:
                return JSONResponse({"error": f"not found: {error.args[0]}"}, 404)
            except (ValueError, TypeError) as error:
                return JSONResponse({"error": str(error)}, 400)

        return endpoint

    def _state(self, _request: Request, _asked: Json) -> Response:
        frame = self._frame
        violations = [
            {"at": iso(item.at), "product": item.product, "rule": item.rule, "detail": item.detail}
            for item in frame.violations
        ]
        shown = {
            "now": iso(frame.clock()),
            "tickets": [ticket for desk in self._desks.values() for ticket in desk.tickets()],
            "okta": {
                "users": self._okta.users(),
                "directories": self._okta.directories(),
                "force_syncs": self._okta.force_syncs(),
            },
            "mail": list(frame.mail),
            "calls": {product: dict(counts) for product, counts in frame.calls.items()},
            "faults_hit": frame.faults_hit,
            "violations": violations,
        }
        return Response(to_json(shown), media_type="application/json")

    def _attachment(self, request: Request, _asked: Json) -> Response:
        content, content_type = self._desk(request).attachment(request.path_params["id"], request.path_params["name"])
        return Response(content, media_type=content_type)

    def _create(self, _request: Request, asked: Json) -> Response:
        asked = only(asked, desk=str, table=str, tagged=bool, requester=str, summary=str, description=str, fields=dict)
        one_of("desk", asked.get("desk"), self._desks)
        desk = self._desks[asked.pop("desk")]
        needed = ("tagged", "requester", "summary", "description")
        if missing := [name for name in needed if name not in asked]:
            raise ValueError(f"missing: {', '.join(missing)}")
        only(asked.get("fields", {}), **dict.fromkeys(asked.get("fields", {}), str))
        try:
            id = desk.create(**asked)
        except KeyError as error:  # a name in the body is unknown: not a missing page
            raise ValueError(f"not found: {error.args[0]}") from None
        return JSONResponse(self._shown(desk, id), 201)

    def _comment(self, request: Request, asked: Json) -> Response:
        asked = only(asked, author=str, visibility=str, body=str)
        one_of("visibility", asked.get("visibility"), ("internal", "public"))
        if not asked.get("author") or not asked.get("body"):
            raise ValueError("author and body: expected, and not empty")
        return self._done(request, lambda desk, id: desk.comment(id, **asked), 201)

    def _tag(self, request: Request, asked: Json) -> Response:
        asked = only(asked, add=list, remove=list)
        add, remove = texts("add", asked.get("add", [])), texts("remove", asked.get("remove", []))
        return self._done(request, lambda desk, id: desk.tag(id, add=add, remove=remove))

    def _start_sla(self, request: Request, asked: Json) -> Response:
        asked = only(asked, target=str, minutes=NUMBER, used=NUMBER)
        one_of("target", asked.get("target"), TARGETS)
        if not 1 <= asked.get("minutes", 0) <= A_YEAR or not 0 <= asked.get("used", 0) <= MOST_USED:
            raise ValueError(f"minutes: expected 1 to {A_YEAR}, the goal; used: expected 0 to {MOST_USED} per cent")
        return self._done(request, lambda desk, id: desk.start_sla(id, **asked), 201)

    def _add_task(self, request: Request, asked: Json) -> Response:
        asked = only(asked, summary=str)
        if not asked.get("summary"):
            raise ValueError("summary: expected, and not empty")
        task = self._desk(request).add_task(request.path_params["id"], **asked)
        return JSONResponse(self._desk(request).ticket(task), 201)

    def _approval(self, request: Request, asked: Json) -> Response:
        asked = only(asked, approver=str, decision=str)
        asked.setdefault("decision", "pending")
        decision = asked.pop("decision")
        one_of("decision", decision, get_args(Decision))
        if not asked.get("approver"):
            raise ValueError("approver: expected a login")
        return self._done(request, lambda desk, id: desk.approval(id, **asked, decision=decision), 201)

    def _change(self, request: Request, asked: Json) -> Response:
        asked = only(asked, by=str, status=str, assignee=str, group=str)
        if not asked.get("by"):
            raise ValueError("by: expected a login")
        return self._done(request, lambda desk, id: desk.change(id, **asked))

    def _done(self, request: Request, act: Callable[[TicketProduct, str], None], status: int = 200) -> Response:
        desk, id = self._desk(request), request.path_params["id"]
        act(desk, id)
        return JSONResponse(self._shown(desk, id), status)

    def _desk(self, request: Request) -> TicketProduct:
        name = request.path_params["desk"]
        if name not in self._desks:
            raise KeyError(f"no desk {name!r}; there are {', '.join(self._desks)}")
        return self._desks[name]

    def _shown(self, desk: TicketProduct, id: str) -> Json:
        return desk.ticket(id)


def _read(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else {}
    except ValueError as error:
        raise ValueError(f"the body: not JSON: {error}") from None
