"""Attachments of the simulated ServiceNow: upload, states, hash, refusals, names, and download.

https://www.servicenow.com/docs/, "Attachment API"; states and hash as recorded from instances.
"""

from __future__ import annotations

import hashlib

import pytest

from tests.sandbox.servicenow_instance import HOST, Instance, refusal


def test_a_file_is_pending_at_first_and_available_a_moment_later() -> None:
    instance = Instance()
    made = instance.upload(instance.ticket(), "evidence.txt", b"content")
    path = f"/api/now/attachment/{made.json()['result']['sys_id']}"

    assert made.status == 201
    assert made.headers["location"] == f"{HOST}{path}/file"
    assert made.json()["result"]["state"] == "pending"
    instance.clock.advance(1)
    later = instance.get(path).json()["result"]
    assert [later[name] for name in ("state", "sys_mod_count", "sys_updated_by")] == ["available", "1", "system"]


def test_the_hash_is_the_sha256_of_the_bytes_which_come_back_unchanged() -> None:
    instance = Instance()
    made = instance.upload(instance.ticket(), "evidence.txt", b"\x00content\xff").json()["result"]

    back = instance.get(f"/api/now/attachment/{made['sys_id']}/file")

    assert made["hash"] == hashlib.sha256(b"\x00content\xff").hexdigest()
    assert (back.body, made["size_bytes"]) == (b"\x00content\xff", "9")


def test_one_name_may_stand_on_a_ticket_twice() -> None:
    instance = Instance()
    id, other = instance.ticket(), instance.ticket()
    for content in (b"one", b"two"):
        instance.upload(id, "evidence.txt", content)
    instance.upload(other, "evidence.txt", b"three")

    query = f"table_name=incident^table_sys_id={id}^file_name=evidence.txt"
    listed = instance.get("/api/now/attachment", sysparm_query=query)

    assert ([row["size_bytes"] for row in listed.json()["result"]], listed.headers["x-total-count"]) == (
        ["3", "3"],
        "2",
    )


@pytest.mark.parametrize("missing", ["table_name", "table_sys_id", "file_name"])
def test_each_parameter_is_needed(missing: str) -> None:
    instance = Instance()
    query = {"table_name": "incident", "table_sys_id": instance.ticket(), "file_name": "x.txt"}
    del query[missing]
    path = f"/api/now/attachment/file?{'&'.join(f'{name}={text}' for name, text in query.items())}"
    headers = {"Accept": "application/json", "Content-Type": "text/plain"}

    assert refusal(instance.send("POST", path, headers=headers, body=b"x")) == (
        400,
        "Bad Request",
        f"Missing parameter {missing}",
    )


def test_a_file_for_a_missing_or_hidden_ticket_is_refused_alike() -> None:
    instance = Instance()
    hidden = instance.ticket()
    instance.state.switches.hidden_records.add(hidden)

    assert {refusal(instance.upload(id, "x.txt", b"x")) for id in ("0" * 32, hidden)} == {
        (404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
    }


def test_a_site_refuses_large_files_and_other_extensions() -> None:
    instance = Instance()
    id = instance.ticket()
    instance.state.switches.largest_attachment = 3
    instance.state.switches.extensions = {"txt"}

    statuses = [instance.upload(id, *file).status for file in (("a.txt", b"1234"), ("a.exe", b"1"), ("a.TXT", b"1"))]
    assert statuses == [413, 403, 201]
    assert [item.record["file_name"] for item in instance.state.files.of(id)] == ["a.TXT"]


def test_a_file_can_be_renamed_and_deleted() -> None:
    instance = Instance()
    id = instance.ticket()
    path = f"/api/now/attachment/{instance.upload(id, 'old.txt', b'x').json()['result']['sys_id']}"
    headers = {"Accept": "application/json"}

    assert (
        instance.send("PATCH", path, headers=headers, json={"file_name": "new.txt"}).json()["result"]["file_name"]
        == "new.txt"
    )
    assert instance.send("DELETE", path, headers=headers).status == 204
    assert instance.get(path).status == 404
    assert instance.state.files.of(id) == []
