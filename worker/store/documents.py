"""Values as stored JSON and back; a document of a newer version than this program knows is refused, not guessed."""

from __future__ import annotations

from typing import Any

from worker.problems import OperatorError
from workflows.model import Case, SyncRun, Value

KNOWN_VERSION = 1


def dump(value: Value) -> dict[str, Any]:
    """Turn a value into JSON."""
    return value.model_dump(mode="json")


def load_case(row: Any) -> Case:
    """Turn a row of `cases` into its value; the ticket's stamp has a column of its own."""
    _check(row.doc, f"case {row.id}")
    return Case.model_validate(row.doc | {"stamp": row.stamp})


def load_run(row: Any) -> SyncRun:
    """Turn a row of `runs` into its value."""
    _check(row.doc, f"run {row.id}")
    return SyncRun.model_validate(row.doc)


def _check(doc: dict[str, Any], what: str) -> None:
    version = doc.get("version")
    if version != KNOWN_VERSION:
        raise OperatorError(
            f"the store: {what} has document version {version}, this program knows {KNOWN_VERSION}; "
            "run the version of forcesync that wrote it, or a newer one"
        )
