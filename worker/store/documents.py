"""Values as stored JSON and back: an older version is brought up to date, a newer one is refused, not guessed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from worker.errors import OperatorError
from workflows.model import Case, SyncRun, Value

Document = dict[str, Any]
Upgrade = Callable[[Document], Document]

# The first brings version 1 to 2, and so on; the model's default version is one more than their number. Whoever renames
# or removes a field of the model adds one here. A new field that has a default needs none.
CASE_UPGRADES: tuple[Upgrade, ...] = ()
RUN_UPGRADES: tuple[Upgrade, ...] = ()


def dump(value: Value) -> Document:
    """Turn a value into JSON."""
    return value.model_dump(mode="json")


def load_case(row: Any) -> Case:
    """Turn a row of `cases` into its value; the ticket's stamp has a column of its own."""
    return Case.model_validate(upgraded(row.doc, CASE_UPGRADES, f"case {row.id}") | {"stamp": row.stamp})


def load_run(row: Any) -> SyncRun:
    """Turn a row of `runs` into its value."""
    return SyncRun.model_validate(upgraded(row.doc, RUN_UPGRADES, f"run {row.id}"))


def upgraded(doc: Document, upgrades: Sequence[Upgrade], what: str) -> Document:
    """Return a document in the newest version; the stored one is left alone until its next commit."""
    newest, version = len(upgrades) + 1, doc.get("version")
    if not isinstance(version, int) or not 1 <= version <= newest:
        raise OperatorError(
            f"the store: {what} has document version {version}, this program knows 1 to {newest}; "
            "run the version of forcesync that wrote it, or a newer one"
        )
    for number in range(version, newest):
        doc = upgrades[number - 1](doc) | {"version": number + 1}
    return doc
