"""Explains faults in the settings: the key, what was found and what is allowed, without secrets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from inspect import isclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from worker.errors import OperatorError
from workflows.values.wording import near

_SECRET_WORDS = ("token", "password", "secret", "key", "proxy")  # a proxy's URL may hold a password


class SettingsError(OperatorError):
    """The settings cannot be used; the text names each key, what was found and what is allowed."""


class Faults:
    """Collects every fault of one settings file, so that they are shown at once."""

    def __init__(self, source: str) -> None:
        self._head = f"{source} cannot be used:\n"
        self._found: list[str] = []

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note a fault instead of raising it."""
        try:
            yield
        except OperatorError as error:
            self.add(str(error))

    def add(self, text: str) -> None:
        """Note a fault once, whatever heads its text."""
        lines = text.removeprefix(self._head).rstrip("\n")
        lines = lines if lines.startswith("  ") else f"  {lines}"
        if lines not in self._found:
            self._found.append(lines)

    def end(self) -> None:
        """Raise all of them as one error, if there are any."""
        if self._found:
            raise SettingsError(self._head + "\n".join(self._found))


def explain(
    error: ValidationError,
    where: str,
    model: type[BaseModel],
    prefix: tuple[str, ...] = (),
    also: Iterable[str] = (),
) -> str:
    """Format a validation error for people; `also` are keys allowed beside the model's own."""
    lines = []
    for item in error.errors(include_url=False):
        parts = [str(part) for part in (*prefix, *item["loc"])]
        key = ".".join(parts) or "(the whole file)"
        if item["type"] == "extra_forbidden":
            known = [*_known_keys(model, item["loc"][:-1]), *(also if len(item["loc"]) == 1 else ())]
            lines.append(f"  {key}: this key is not known; {_meant(parts[-1], known)}")
        elif item["type"] == "missing":
            lines.append(f"  {key}: this key is missing")
        else:
            lines.append(f"  {key}: {_found(parts, item['input'])}{_plain(item)}")
    return f"{where} cannot be used:\n" + "\n".join(lines)


def is_secret(name: str) -> bool:
    """Say whether a key of this name holds a secret."""
    return any(word in name for word in _SECRET_WORDS)


def _meant(key: str, known: Iterable[str]) -> str:
    found = near(key, known)
    return f"did you mean {' or '.join(map(repr, found))}?" if found else "check its spelling"


def _known_keys(model: type[BaseModel], path: tuple[int | str, ...]) -> Iterable[str]:
    """Return the keys of the table that a path leads to."""
    kind: Any = model
    for part in path:
        kind = next((inner for one in _alternatives(kind) if (inner := _inside(one, part))), None)
    return [key for one in _alternatives(kind) if _is_table(one) for key in one.model_fields]


def _alternatives(kind: Any) -> Iterator[Any]:
    """Yield the types that a field may have; an optional one is unpacked."""
    if isclass(kind) or get_origin(kind) in (dict, Mapping):
        yield kind
    else:
        for part in get_args(kind):
            yield from _alternatives(part)


def _inside(kind: Any, part: int | str) -> Any:
    if _is_table(kind):
        field = kind.model_fields.get(str(part))
        return field.annotation if field else None
    return get_args(kind)[1] if get_origin(kind) in (dict, Mapping) else None


def _is_table(kind: Any) -> bool:
    return isclass(kind) and issubclass(kind, BaseModel)


def _plain(item: ErrorDetails) -> str:
    if item["type"] == "frozen_set_type":
        return 'a list is wanted, such as ["one", "another"]'
    return item["msg"].removeprefix("Value error, ")


def _found(parts: list[str], value: object) -> str:
    secret = bool(parts) and is_secret(parts[-1])
    if secret or isinstance(value, Mapping | list | tuple | BaseModel):
        return ""
    text = str(value)
    if "://" in text and "@" in text:  # a URL that may hold a password
        return ""
    return f"found {text.partition('?')[0][:60]!r}; "
