"""What the control server can do to the ServiceNow instance beyond its contract; one small world for each test."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sandbox.control.api import Control
from connectors.sandbox.okta.instance import OktaState
from tests.sandbox.asgi import Answer, call
from tests.sandbox.servicenow_instance import Instance


class Desk:
    """An instance and its control server."""

    def __init__(self) -> None:
        self.instance = Instance()
        frame = self.instance.frame
        self.app = Control(frame, OktaState(frame), {"servicenow": self.instance.people}).application()

    def post(self, **body: Any) -> Answer:
        return call(self.app, "POST", "/servicenow", json=body)


def test_switches_are_set_and_shown() -> None:
    desk = Desk()

    shown = desk.post(switches={"hourly_limit": 7, "refused_tables": ["label_entry"]}).json()

    assert (shown["hourly_limit"], shown["refused_tables"], shown["mfa"]) == (7, ["label_entry"], False)
    assert desk.instance.get("/api/now/table/label_entry").status == 403


def test_a_quirk_is_met_once_counted_and_can_be_called_off() -> None:
    desk = Desk()
    desk.post(quirk={"kind": "hibernating", "method": "get", "times": 3})

    assert "hibernating" in desk.instance.get("/api/now/table/incident").text
    assert desk.instance.frame.faults_hit == 1
    assert call(desk.app, "DELETE", "/servicenow").status == 204
    assert desk.instance.get("/api/now/table/incident").json() == {"result": []}


def test_close_codes_and_a_strangers_private_tag_are_set() -> None:
    desk = Desk()
    id = desk.instance.ticket(tagged=False)

    assert desk.post(close_codes="old", private_tag=id).status == 200

    assert "Solution provided" not in desk.instance.state.close_codes()
    assert len(desk.instance.state.records["label_entry"]) == 1
    assert desk.instance.found("label_entry", f"table_key={id}") == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"switches": {"nothing_like_it": True}}, 400),
        ({"quirk": {"kind": "nothing like it"}}, 400),
        ({"close_codes": "some"}, 400),
        ({"private_tag": "0" * 32}, 404),
        ({"nothing_like_it": 1}, 400),
    ],
)
def test_what_is_not_known_is_refused(body: dict[str, Any], status: int) -> None:
    assert Desk().post(**body).status == status
