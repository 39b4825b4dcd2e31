"""The gate in front of every product: faults on the wire, as a client sees them on a real connection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from connectors.sandbox.wire.frame import Fault


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    """Return one small world for all tests of the module: starting one is slow."""
    with Sandbox(Scenario("empty", users=3), act=False) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    """Return the world without faults and violations."""
    yield running
    with running.frame.lock:
        running.frame.faults.clear()
        running.frame.violations.clear()
        running.frame.redirects.clear()
        running.frame.settings.latency_ms = 0


def plan(sandbox: Sandbox, kind: Any, **more: Any) -> Fault:
    with sandbox.frame.lock:
        fault = Fault("one", "okta", kind, **more)
        sandbox.frame.faults.append(fault)
    return fault


def get(sandbox: Sandbox, path: str = "/api/v1/apps", *, timeout: float = 10, **more: Any) -> requests.Response:
    token = {"Authorization": f"SSWS {sandbox.frame.credentials.okta_token}"}
    return requests.get(sandbox.okta_url + path, headers=token, timeout=timeout, allow_redirects=False, **more)


def reapply(sandbox: Sandbox) -> requests.Response:
    """Send a write with a visible effect."""
    app_id = next(iter(sandbox.world.apps.values()))
    source = sandbox.okta.apps[app_id].type_id
    return requests.put(
        f"{sandbox.okta_url}/api/internal/v1/mappings/reapply",
        params={"source": source, "target": sandbox.okta.user_type_id},
        headers={"Authorization": f"SSWS {sandbox.frame.credentials.okta_sync_token}"},
        timeout=10,
    )


def test_a_status_fault_answers_with_its_status_headers_and_body_and_is_used_up(sandbox: Sandbox) -> None:
    plan(sandbox, "status", status=503, headers={"Retry-After": "7"}, body={"message": "closed"})

    refused, then = get(sandbox), get(sandbox)

    assert (refused.status_code, refused.headers["Retry-After"], refused.json()) == (503, "7", {"message": "closed"})
    assert then.status_code == 200


def test_a_gateway_refuses_in_the_products_place_in_its_own_words_or_none(sandbox: Sandbox) -> None:
    plan(sandbox, "gateway", status=404)
    plan(sandbox, "gateway", status=403, body="")

    told, silent = get(sandbox), get(sandbox)

    assert (told.status_code, set(told.json())) == (404, {"message", "request_id"})
    assert (silent.status_code, silent.content) == (403, b"")
    assert not {"x-okta-request-id"} & {name.lower() for name in (*told.headers, *silent.headers)}


def test_a_200_can_hold_an_error_beside_a_partial_result(sandbox: Sandbox) -> None:
    plan(sandbox, "status", status=200, body={"result": [], "error": {"message": "cancelled"}})

    answer = get(sandbox)

    assert (answer.status_code, answer.json()) == (200, {"result": [], "error": {"message": "cancelled"}})


@pytest.mark.parametrize("form", ["seconds", "date", "reset"])
def test_a_refusal_tells_the_time_to_wait_in_each_of_its_forms(sandbox: Sandbox, form: Any) -> None:
    plan(sandbox, "status", status=429, retry_after=30, retry_form=form)

    headers, now = get(sandbox).headers, sandbox.frame.clock()

    if form == "seconds":
        told = float(headers["Retry-After"])
    elif form == "date":
        told = (parsedate_to_datetime(headers["Retry-After"]) - now).total_seconds()
    else:
        told = float(headers["X-Rate-Limit-Reset"]) - now.timestamp()
    assert 20 < told < 33


def test_a_reset_before_leaves_the_write_undone(sandbox: Sandbox) -> None:
    before = len(sandbox.okta.force_syncs())
    plan(sandbox, "reset_before", method="PUT")

    with pytest.raises(requests.ConnectionError):
        reapply(sandbox)

    assert len(sandbox.okta.force_syncs()) == before


def test_a_reset_after_leaves_the_write_done(sandbox: Sandbox) -> None:
    before = len(sandbox.okta.force_syncs())
    plan(sandbox, "reset_after", method="PUT")

    with pytest.raises(requests.ConnectionError):
        reapply(sandbox)

    assert len(sandbox.okta.force_syncs()) == before + 1


def test_a_stalled_body_begins_and_does_not_end(sandbox: Sandbox) -> None:
    plan(sandbox, "stall")

    with pytest.raises(requests.ConnectionError, match="timed out"):
        get(sandbox, timeout=0.2)


def test_a_cut_ends_the_connection_amid_the_body(sandbox: Sandbox) -> None:
    plan(sandbox, "cut")

    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        get(sandbox)


def test_a_truncated_body_arrives_whole_as_half_of_the_json(sandbox: Sandbox) -> None:
    plan(sandbox, "truncate")

    answer = get(sandbox)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_a_login_page_comes_with_200(sandbox: Sandbox) -> None:
    plan(sandbox, "html")

    answer = get(sandbox)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Sign in" in answer.text


def test_a_redirect_leads_to_a_login_page(sandbox: Sandbox) -> None:
    plan(sandbox, "redirect")

    answer = get(sandbox)
    page = requests.get(sandbox.okta_url + answer.headers["Location"], timeout=10)

    assert answer.status_code == 302
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_a_delay_lets_the_product_answer_late(sandbox: Sandbox) -> None:
    plan(sandbox, "delay", seconds=0.1)

    answer = get(sandbox)

    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() >= 0.1


def test_a_fault_hits_only_what_it_names(sandbox: Sandbox) -> None:
    fault = plan(sandbox, "status", method="GET", path=re.compile(r"^/api/v1/users/\w+$"), times=2)

    assert get(sandbox, "/api/v1/users").status_code == 200
    assert get(sandbox, "/api/v1/users/nobody").status_code == 500
    assert fault.times == 1


def test_a_fault_by_chance_hits_about_as_often_as_it_says(sandbox: Sandbox) -> None:
    plan(sandbox, "status", times=1000, probability=0.5)
    sandbox.frame.settings.limits = False
    statuses = [get(sandbox, "/api/v1/meta/types/user").status_code for _ in range(60)]
    sandbox.frame.settings.limits = True

    assert 15 < statuses.count(500) < 45


def test_every_call_is_counted_by_its_route_and_every_hit_of_a_fault(sandbox: Sandbox) -> None:
    counts, hits = sandbox.frame.calls["okta"], sandbox.frame.faults_hit
    before = counts["GET /api/v1/users/{id}"]
    plan(sandbox, "status")

    get(sandbox, "/api/v1/users/one")
    get(sandbox, "/api/v1/users/two")

    assert counts["GET /api/v1/users/{id}"] == before + 2
    assert sandbox.frame.faults_hit == hits + 1


# Mutations


def test_an_answer_can_say_more_than_it_did(sandbox: Sandbox) -> None:
    plan(sandbox, "mutate", mutation="extra_field")

    apps = get(sandbox).json()

    assert all("unannounced" in app and "unannounced" in app["settings"] for app in apps)
    assert {app["name"] for app in apps} >= {"active_directory", "ldap_sun_one"}


def test_fixed_words_can_be_new_ones(sandbox: Sandbox) -> None:
    plan(sandbox, "mutate", mutation="unknown_enum")

    apps = get(sandbox).json()

    assert {app["status"] for app in apps} == {"SOMETHING_NEW"}
    assert "active_directory" in {app["name"] for app in apps}


def test_one_field_can_have_another_type_or_be_null(sandbox: Sandbox) -> None:
    plan(sandbox, "mutate", mutation="wrong_type", field_name="label")
    typed = get(sandbox).json()
    plan(sandbox, "mutate", mutation="null", field_name="label")
    empty = get(sandbox).json()

    assert all(isinstance(app["label"], list) for app in typed)
    assert all(app["label"] is None and app["id"] for app in empty)


def test_a_mutation_without_a_field_picks_one_and_keeps_the_rest(sandbox: Sandbox) -> None:
    right = get(sandbox, "/api/v1/meta/types/user").json()[0]
    plan(sandbox, "mutate", mutation="wrong_type")
    changed = get(sandbox, "/api/v1/meta/types/user").json()[0]

    assert set(changed) == set(right)
    assert changed != right


def test_any_one_part_of_an_answer_can_be_replaced(sandbox: Sandbox) -> None:
    right = get(sandbox, "/api/v1/meta/types/user").json()
    plan(sandbox, "mutate", mutation="replace", node=2, value={"odd": 1})  # the list, its first item, that one's id
    fault = sandbox.frame.faults[0]
    changed = get(sandbox, "/api/v1/meta/types/user").json()

    assert changed == [{**right[0], next(iter(right[0])): {"odd": 1}}, *right[1:]]
    assert fault.nodes > len(right[0])


def test_what_servicenow_found_can_be_half_of_it_with_an_error(sandbox: Sandbox) -> None:
    with sandbox.frame.lock:
        sandbox.frame.faults.append(Fault("one", "servicenow", "mutate", mutation="partial_result"))
    held = sandbox.frame.credentials

    answer = requests.get(
        f"{sandbox.servicenow_url}/api/now/table/sys_user?sysparm_limit=4",
        auth=(held.servicenow_user, held.servicenow_password),
        timeout=10,
    )

    assert answer.status_code == 200
    assert len(answer.json()["result"]) == 2
    assert "cancelled" in answer.json()["error"]["message"]
