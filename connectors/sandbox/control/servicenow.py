"""The control server's commands for the ServiceNow instance: switches, close codes, and quirks."""

from __future__ import annotations

from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.sandbox.control.checks import Json, one_of, only
from connectors.sandbox.servicenow.instance import ServiceNowState
from connectors.sandbox.servicenow.quirks import Kind


class ServiceNowCommands:
    """Commands on the instance; the caller holds the frame's lock."""

    def __init__(self, state: ServiceNowState) -> None:
        self._state = state

    def instance(self, _request: Request, asked: Json) -> Response:
        """Set switches and close codes, plan a quirk, revoke tokens, or put a private tag on a ticket."""
        asked = only(asked, switches=dict, close_codes=str, quirk=dict, end_tokens=bool, private_tag=str)
        if "close_codes" in asked:
            one_of("close_codes", asked["close_codes"], ("new", "old", "both"))
        quirk = only(asked.get("quirk", {}), kind=str, method=str, table=str, times=int)
        if "quirk" in asked:
            one_of("quirk.kind", quirk.get("kind"), get_args(Kind))
        if "private_tag" in asked:
            self._state.ticket(asked["private_tag"])
        self._state.switches.change(**asked.get("switches", {}))
        if quirk:
            self._state.quirks.plan(**quirk)
        if "close_codes" in asked:
            self._state.offer_close_codes(asked["close_codes"])
        if asked.get("end_tokens"):
            self._state.accounts.expire()
        if "private_tag" in asked:
            self._state.tag(asked["private_tag"], self._state.private_tag_id, "tag.owner@example.com")
        return JSONResponse({name: _shown(value) for name, value in vars(self._state.switches).items()})

    def calm(self, _request: Request, _asked: Json) -> Response:
        """Remove the planned quirks; keep the switches."""
        self._state.quirks.planned.clear()
        return Response(status_code=204)


def _shown(value: Any) -> Any:
    return sorted(value) if isinstance(value, set) else value
