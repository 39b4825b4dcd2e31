"""Answers with added, missing or changed parts, as a vendor's next release may bring.

A client must tolerate what it does not need, and fail loudly, not half-way, on what it cannot understand.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

from connectors.sandbox.wire.frame import Fault

NEW = "SOMETHING_NEW"
_ENUM = re.compile(r"[A-Z][A-Z_]{2,}")  # most enum values of the three products look like this
_TWO_UNITS = re.compile("[\U00010000-\U0010ffff]")
_SURPRISE = {"introduced": [1, None, "two"], "nested": {"deep": True}}

Change = Callable[[Any], Any]
Place = tuple[str | int, ...]


def mutated(body: bytes, fault: Fault, source: random.Random) -> bytes:
    """Return the answer's JSON with the fault's mutation; anything else is unchanged."""
    try:
        held = json.loads(body)
    except ValueError:
        return body
    if fault.mutation == "replace":
        places = list(_places(held))
        fault.nodes = len(places)
        changed = _replaced(held, places[fault.node], fault.value) if fault.node < len(places) else held
    else:
        changed = _MUTATIONS[fault.mutation](held, fault.field_name, source)
    return json.dumps(changed).encode("utf-8")


def _extra_field(held: Any, _name: str | None, _source: random.Random) -> Any:
    def grown(node: Any) -> Any:
        return {**node, "unannounced": _SURPRISE} if isinstance(node, dict) else node

    return _each(held, grown)


def _unknown_enum(held: Any, name: str | None, _source: random.Random) -> Any:
    if name is not None:
        return _fields(held, name, lambda _: NEW)
    return _each(held, lambda node: NEW if isinstance(node, str) and _ENUM.fullmatch(node) else node)


def _wrong_type(held: Any, name: str | None, source: random.Random) -> Any:
    names = sorted(_names(held))
    if not names:
        return {"was": held}
    return _fields(held, name or source.choice(names), _other_type)


def _null(held: Any, name: str | None, source: random.Random) -> Any:
    names = sorted(_names(held))
    return _fields(held, name or source.choice(names), lambda _: None) if names else None


def _partial(held: Any, _name: str | None, _source: random.Random) -> Any:
    """Keep half of the result and add an error, with status 200, as ServiceNow does.

    https://www.servicenow.com/docs/ describes this for transactions cancelled while rows are being written.
    """
    error = {"message": "Transaction cancelled: maximum execution time exceeded", "detail": "maximum execution time"}
    if isinstance(held, dict) and isinstance(held.get("result"), list):
        rows = held["result"]
        return {"result": rows[: len(rows) // 2], "error": error, "status": "failure"}
    return {"result": [], "error": error, "status": "failure"}


def _halved(held: Any, _name: str | None, _source: random.Random) -> Any:
    """Keep the first half of every character that UTF-16 writes in two, as a text has at its end that was cut there."""

    def half(node: Any) -> Any:
        return _TWO_UNITS.sub(lambda found: _first_half(found[0]), node) if isinstance(node, str) else node

    return _each(held, half)


def _first_half(character: str) -> str:
    return character.encode("utf-16-be")[:2].decode("utf-16-be", "surrogatepass")


_MUTATIONS: dict[str, Callable[[Any, str | None, random.Random], Any]] = {
    "extra_field": _extra_field,
    "unknown_enum": _unknown_enum,
    "wrong_type": _wrong_type,
    "null": _null,
    "partial_result": _partial,
    "halved": _halved,
}


def _places(node: Any, place: Place = ()) -> Iterator[Place]:
    """Yield the path of every part of an answer, the whole first."""
    yield place
    if isinstance(node, dict):
        for name, part in node.items():
            yield from _places(part, (*place, name))
    elif isinstance(node, list) and node:
        yield from _places(node[0], (*place, 0))


def _replaced(node: Any, place: Place, value: Any) -> Any:
    if not place:
        return value
    step, *rest = place
    if isinstance(node, dict):
        return node | {str(step): _replaced(node[step], tuple(rest), value)}
    return [_replaced(node[0], tuple(rest), value), *node[1:]]


def _each(node: Any, change: Change) -> Any:
    """Change every value from the leaves up."""
    if isinstance(node, dict):
        return change({name: _each(part, change) for name, part in node.items()})
    if isinstance(node, list):
        return change([_each(part, change) for part in node])
    return change(node)


def _fields(node: Any, name: str, change: Change) -> Any:
    """Change the values of every field of this name."""
    if isinstance(node, dict):
        return {key: change(part) if key == name else _fields(part, name, change) for key, part in node.items()}
    return [_fields(part, name, change) for part in node] if isinstance(node, list) else node


def _names(node: Any) -> set[str]:
    if isinstance(node, dict):
        return set(node).union(*(_names(part) for part in node.values()))
    return set().union(*(_names(part) for part in node)) if isinstance(node, list) else set()


def _other_type(value: Any) -> Any:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return {str(place): part for place, part in enumerate(value)}
    return json.dumps(value)
