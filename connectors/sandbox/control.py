"""The control server: shows the whole world, and does what people, directories and gremlins do in it.

Its shapes are a contract with programs that are not ours; fields may be added, none renamed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Coroutine
from typing import Any, get_args

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.frame import Fault, FaultKind, Frame, Mutation, Product, RetryForm, TicketProduct, iso
from connectors.sandbox.okta_state import OktaState

Json = dict[str, Any]


class Control:
    """Commands on one world; every one holds the frame's lock."""

    def __init__(self, frame: Frame, okta: OktaState, desks: dict[str, TicketProduct]) -> None:
        self._frame, self._okta, self._desks = frame, okta, desks
        self._faults = 0

    def application(self) -> Starlette:
        """Return the application."""
        table: tuple[tuple[str, str, Callable[[Request, Json], Response]], ...] = (
            ("GET", "/state", self._state),
            ("GET", "/tickets/{desk}/{id}/attachments/{name}", self._attachment),
            ("POST", "/tickets", self._create),
            ("POST", "/tickets/{desk}/{id}/comments", self._comment),
            ("POST", "/tickets/{desk}/{id}/tags", self._tag),
            ("POST", "/tickets/{desk}/{id}", self._change),
            ("POST", "/users/{id}", self._user),
            ("POST", "/faults", self._fault),
            ("DELETE", "/faults", self._clear),
            ("POST", "/settings", self._settings),
        )
        return Starlette(routes=[Route(path, self._wire(act), methods=[method]) for method, path, act in table])

    def _wire(self, act: Callable[[Request, Json], Response]) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def endpoint(request: Request) -> Response:
            raw = await request.body()
            try:
                asked = json.loads(raw) if raw else {}
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
        return JSONResponse(shown)

    def _attachment(self, request: Request, _asked: Json) -> Response:
        content, content_type = self._desk(request).attachment(request.path_params["id"], request.path_params["name"])
        return Response(content, media_type=content_type)

    def _create(self, _request: Request, asked: Json) -> Response:
        asked = _only(asked, desk=str, table=str, tagged=bool, requester=str, summary=str, description=str, fields=dict)
        desk = self._desks.get(asked.pop("desk", ""))
        if desk is None:
            raise ValueError(f"desk: expected one of {', '.join(self._desks)}")
        needed = ("tagged", "requester", "summary", "description")
        if missing := [name for name in needed if name not in asked]:
            raise ValueError(f"missing: {', '.join(missing)}")
        id = desk.create(**asked)
        return JSONResponse(self._shown(desk, id), 201)

    def _comment(self, request: Request, asked: Json) -> Response:
        asked = _only(asked, author=str, visibility=str, body=str)
        if asked.get("visibility") not in {"internal", "public"}:
            raise ValueError("visibility: expected internal or public")
        if not asked.get("author") or not asked.get("body"):
            raise ValueError("author and body: expected, and not empty")
        return self._done(request, lambda desk, id: desk.comment(id, **asked), 201)

    def _tag(self, request: Request, asked: Json) -> Response:
        asked = {"add": [], "remove": []} | _only(asked, add=list, remove=list)
        return self._done(request, lambda desk, id: desk.tag(id, **asked))

    def _change(self, request: Request, asked: Json) -> Response:
        asked = _only(asked, by=str, status=str, assignee=str, group=str)
        if not asked.get("by"):
            raise ValueError("by: expected a login")
        return self._done(request, lambda desk, id: desk.change(id, **asked))

    def _user(self, request: Request, asked: Json) -> Response:
        asked = _only(asked, profile=dict, directories=list)
        self._okta.set_user(request.path_params["id"], **asked)
        return JSONResponse(next(user for user in self._okta.users() if user["id"] == request.path_params["id"]))

    def _fault(self, _request: Request, asked: Json) -> Response:
        asked = _only(
            asked,
            product=str,
            method=str,
            path=str,
            times=int,
            probability=(int, float),
            kind=str,
            status=int,
            headers=dict,
            body=object,
            seconds=(int, float),
            retry_after=(int, float),
            retry_form=str,
            mutation=str,
            field=str,
        )
        choices: dict[str, tuple[str, ...]] = {
            "product": get_args(Product),
            "kind": get_args(FaultKind),
            "retry_form": get_args(RetryForm),
            "mutation": get_args(Mutation),
        }
        for name, allowed in choices.items():
            needed = name in {"product", "kind"}
            if (needed or name in asked) and asked.get(name) not in allowed:
                raise ValueError(f"{name}: found {asked.get(name)!r}; allowed: {', '.join(allowed)}")
        if "path" in asked:
            try:
                asked["path"] = re.compile(asked["path"])
            except re.error as error:
                raise ValueError(f"path: not a regular expression: {error}") from None
        if "headers" in asked:
            asked["headers"] = {str(name): str(value) for name, value in asked["headers"].items()}
        if "method" in asked:
            asked["method"] = asked["method"].upper()
        if "field" in asked:
            asked["field_name"] = asked.pop("field")
        self._faults += 1
        fault = Fault(id=f"fault-{self._faults}", **asked)
        self._frame.faults.append(fault)
        return JSONResponse({"id": fault.id}, 201)

    def _clear(self, _request: Request, _asked: Json) -> Response:
        self._frame.faults.clear()
        return Response(status_code=204)

    def _settings(self, _request: Request, asked: Json) -> Response:
        number = (int, float)
        asked = _only(asked, sync_seconds=number, latency_ms=number, limits=bool, index_lag_seconds=number)
        for name, value in asked.items():
            if value < 0:
                raise ValueError(f"{name}: found {value}; expected 0 or more")
        for name, value in asked.items():
            setattr(self._frame.settings, name, value)
        return JSONResponse(vars(self._frame.settings))

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
        return next(ticket for ticket in desk.tickets() if ticket["id"] == id)


def _only(asked: Json, **allowed: Any) -> Json:
    """Return the given values after a look at names and types; null counts as not given."""
    if not isinstance(asked, dict):
        raise TypeError("the body: expected a JSON object")
    for name, value in asked.items():
        if name not in allowed:
            raise ValueError(f"{name}: not known here; allowed: {', '.join(allowed)}")
        kinds = allowed[name] if isinstance(allowed[name], tuple) else (allowed[name],)
        wrong_boolean = isinstance(value, bool) and bool not in kinds and object not in kinds
        if value is not None and (wrong_boolean or not isinstance(value, kinds)):
            wanted = " or ".join(kind.__name__ for kind in kinds)
            raise ValueError(f"{name}: expected {wanted}, found {type(value).__name__}")
    return {name: value for name, value in asked.items() if value is not None}
