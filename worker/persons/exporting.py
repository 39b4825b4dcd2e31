"""The command `person export`: all that the store holds about a person, with their own values in the clear."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from worker import wiring
from worker.audit import named
from worker.cases.records import masked_record
from worker.output import print_aside, print_json
from worker.persons.search import Found, Held, found, is_about, nothing_of, ordered
from worker.settings.model import load
from worker.store import Store
from workflows.model import Act, Policy


def export(config: Path, users: Sequence[str], *, by: str, why: str) -> int:
    """Print one JSON object, and record that it was asked for; return the exit code: 1 if nothing is held, else 0."""
    named(by, why)
    policy = load(config).policy
    with wiring.opened_store(config) as store:
        person = found(store, users)
        act = ordered(Act.EXPORT, person, by=by, why=why)
        told = exported(store, person, policy)
        store.note_order(act)
    print_json(told)
    if person.held or person.acts:
        return 0
    print_aside(f"forcesync: {nothing_of(person)}")
    return 1


def exported(store: Store, person: Found, policy: Policy) -> dict[str, Any]:
    """Return what is held; of other people in the same records only what a colleague may see, by class."""
    return {
        "names": list(person.spelt),
        "records": [_record(store, item, person, policy) for item in person.held],
        "acts": [act.model_dump(mode="json") for act in person.acts],
    }


def _record(store: Store, item: Held, person: Found, policy: Policy) -> dict[str, Any]:
    shown = masked_record(item.record, policy)
    subjects = [
        own.model_dump(mode="json") if is_about(own, item.case, person.names) else masked
        for own, masked in zip(item.case.subjects, shown["case"]["subjects"], strict=True)
    ]
    files = store.files_of(item.case.id) if item.record["writes"] else {}
    keys = {write["key"] for write in item.record["writes"]}
    return {
        "as": [part.value for part in item.parts],
        "record": shown | {"case": shown["case"] | {"subjects": subjects}},
        "files": {key: b64encode(content).decode() for key, content in files.items() if key in keys},
    }
