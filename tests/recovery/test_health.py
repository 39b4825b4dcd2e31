"""A scheduler and two worker processes tell how they are, each at a port of its own, and their numbers add up."""

from __future__ import annotations

import json
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.outside import free_base
from tests.recovery.programs import far_sides, started
from tests.recovery.servers import Valkey

pytestmark = pytest.mark.long


def got(port: int, path: str) -> tuple[int, str]:
    """Return the status and the body, or (0, "") while nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()
    except URLError:
        return 0, ""


def numbers(port: int, name: str) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(got(port, "/metrics")[1])
    found = (sample for family in families for sample in family.samples if sample.name == name)
    return {tuple(text for _, text in sorted(sample.labels.items())): sample.value for sample in found}


def test_each_process_is_asked_at_its_own_port_and_their_numbers_add_up(tmp_path: Path, valkey: Valkey) -> None:
    with far_sides(tmp_path, broker={"kind": "redis", "url": valkey.url}) as far, ExitStack() as stack:
        port, alone, text = free_base(), tmp_path / "scheduler.toml", far.config.read_text()
        ports = (port, port + 1)
        for config, at in ((far.config, port), (alone, port + 2)):
            config.write_text(f'{text}\n[web]\nlisten = "{at}"\n')
        worker = stack.enter_context(started(far, *far.ours("worker", "--processes", "2", "--threads", "2")))
        worker.until(lambda: [200, 200] == [got(one, "/healthz")[0] for one in ports], "two processes that are alive")
        status, body = got(port, "/readyz")
        assert (503, False) == (status, json.loads(body)["ok"])
        assert "leader" in {check["id"] for check in json.loads(body)["checks"] if check["status"] == "fail"}
        stack.enter_context(started(far, "-m", "worker", "scheduler", "--config", str(alone)))
        far.file_tickets()
        worker.until(far.all_done, "the ends")
        worker.until(lambda: {200} == {got(one, "/readyz")[0] for one in (*ports, port + 2)}, "three that are ready")
        resolved = {("jira", "resolved"): 1.0, ("servicenow", "resolved"): 1.0}
        assert [resolved, resolved] == [numbers(one, "forcesync_cases") for one in ports]
        begun = [numbers(one, "forcesync_wake_delay_seconds_count").get(("case",), 0) for one in ports]
        assert sum(begun) >= len(resolved)
        assert {(): 1.0} == numbers(port, "forcesync_leader")
        assert {(): 3.0} == numbers(port, "forcesync_processes")
        worker.end()
