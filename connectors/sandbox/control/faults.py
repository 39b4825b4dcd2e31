"""The control server's commands for faults on the wire and for the products' settings."""

from __future__ import annotations

import re
from typing import get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.sandbox.control.checks import NUMBER, Json, one_of, only
from connectors.sandbox.okta.limits import BUCKETS
from connectors.sandbox.wire.frame import Fault, FaultKind, Frame, Mutation, Product, RetryForm


class FaultCommands:
    """Commands on the frame; the caller holds its lock."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._faults = 0

    def plan(self, _request: Request, asked: Json) -> Response:
        """Plan a fault."""
        asked = only(
            asked,
            product=str,
            method=str,
            path=str,
            times=int,
            probability=NUMBER,
            kind=str,
            status=int,
            headers=dict,
            body=object,
            seconds=NUMBER,
            retry_after=NUMBER,
            retry_form=str,
            mutation=str,
            field=str,
            node=int,
            value=object,
        )
        for name, choices in (("product", get_args(Product)), ("kind", get_args(FaultKind))):
            one_of(name, asked.get(name), choices)
        for name, choices in (("retry_form", get_args(RetryForm)), ("mutation", get_args(Mutation))):
            if name in asked:
                one_of(name, asked[name], choices)
        _ranges(asked)
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

    def clear(self, _request: Request, _asked: Json) -> Response:
        """Remove all faults."""
        self._frame.faults.clear()
        return Response(status_code=204)

    def settings(self, _request: Request, asked: Json) -> Response:
        """Change settings."""
        asked = only(
            asked,
            sync_seconds=NUMBER,
            latency_ms=NUMBER,
            limits=bool,
            index_lag_seconds=NUMBER,
            okta_concurrency=int,
            okta_limits=dict,
        )
        for name, value in asked.items():
            if isinstance(value, int | float) and value < 0:
                raise ValueError(f"{name}: found {value}; expected 0 or more")
        for bucket, value in asked.get("okta_limits", {}).items():
            one_of("okta_limits", bucket, BUCKETS)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ValueError(f"okta_limits: {bucket}: found {value!r}; expected a whole number of at least 1")
        for name, value in asked.items():
            setattr(self._frame.settings, name, value)
        return JSONResponse(vars(self._frame.settings))

    def secrets(self, _request: Request, asked: Json) -> Response:
        """Plant strings that the worker must never write anywhere."""
        for secret in only(asked, add=list).get("add", []):
            if not isinstance(secret, str) or not secret:
                raise ValueError("add: expected a list of non-empty strings")
            self._frame.secrets.add(secret)
        return JSONResponse({"secrets": len(self._frame.secrets)})


def _ranges(asked: Json) -> None:
    if not 0 <= asked.get("probability", 1) <= 1:
        raise ValueError(f"probability: found {asked['probability']}; expected 0 to 1")
    if asked.get("times", 1) < 1:
        raise ValueError(f"times: found {asked['times']}; expected 1 or more")
    if asked.get("node", 0) < 0:
        raise ValueError(f"node: found {asked['node']}; expected 0 or more")
    if not 200 <= asked.get("status", 500) <= 599:  # noqa: PLR2004  # final HTTP statuses
        raise ValueError(f"status: found {asked['status']}; expected 200 to 599")
    for name in ("seconds", "retry_after"):
        if asked.get(name, 0) < 0:
            raise ValueError(f"{name}: found {asked[name]}; expected 0 or more")
