"""Explains faults in the settings: the key, what was found and what is allowed, without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from inspect import isclass
from itertools import combinations
from types import MappingProxyType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from connectors.http.file_secret import FileSecret
from worker.errors import OperatorError
from workflows.values.wording import near

KEY_ITSELF = "[key]"  # pydantic's mark for a fault of a key, not of its value
_TABLES = frozenset({"dict_type", "mapping_type", "model_type", "model_attributes_type"})
_CHOICES = frozenset({"literal_error", "enum"})
_LIMITS = {
    "greater_than": ("gt", "a number above {}"),
    "greater_than_equal": ("ge", "{} or more"),
    "less_than": ("lt", "a number below {}"),
    "less_than_equal": ("le", "{} or less"),
    "too_short": ("min_length", "at least {} of them"),
    "string_pattern_mismatch": ("pattern", "a text of the form {}"),
}
_KINDS = {  # by the beginning of pydantic's name for a fault
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "finite": "a number",
    "string": "a text, in quotes",
    "path": "the path of a file or folder, in quotes",
    "frozen_set": 'a list, such as ["one", "another"]',
    "tuple": 'a list, such as ["one", "another"]',
    "list": 'a list, such as ["one", "another"]',
}
SHORTEST_SECRET, LONGEST_WORD = 8, 16  # characters
_SECRET_WORDS = ("token", "password", "secret", "key", "proxy")  # a proxy's URL may hold a password


class SettingsError(OperatorError):
    """The settings cannot be used; the text names each key, what was found and what is allowed."""


def claimed_twice(claims: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Yield each pair of desks that would claim the same tickets; `claims` says by desk what it claims them of."""
    for one, other in combinations(claims, 2):
        if shared := sorted(claims[one] & claims[other]):
            yield (
                f"desks.{one} and desks.{other}: found {shared[0]} in both; allowed: one desk for a ticket, since both "
                "would claim it. Remove one of the desks, or what it shares with the other"
            )


class Faults:
    """Collects every fault of one settings file, so that they are shown at once.

    `variables` says by key what is set in the environment instead, which a fault of that key names.
    """

    def __init__(self, source: str, variables: Mapping[str, str] = MappingProxyType({})) -> None:
        self._head, self._variables = f"{source} cannot be used:\n", variables
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
            lines = "\n".join(self._found).split("\n")
            raise SettingsError(self._head + "\n".join(map(self._with_variable, lines)))

    def _with_variable(self, line: str) -> str:
        variable = self._variables.get(line.partition(":")[0].strip())
        return f"{line} (the environment sets it: {variable})" if variable else line


def explain(
    error: ValidationError,
    where: str,
    model: type[BaseModel],
    prefix: tuple[str, ...] = (),
    also: Iterable[str] = (),
    given: Mapping[str, Any] | None = None,
) -> str:
    """Format a validation error for people; `also` are keys allowed beside the model's own.

    `given` is what was refused. What a key lacks that stands beside a misspelt one is not told.
    """
    items = error.errors(include_url=False)
    misspelt = [item["loc"] for item in items if item["type"] == "extra_forbidden"]
    told = ((item, line) for item in items for line in _told(item, model, prefix, also))
    lines = [
        line
        for item, line in told
        if item["type"] != "value_error" or not _for_lack(line, misspelt, model, prefix, given or {})
    ]
    return f"{where} cannot be used:\n" + "\n".join(dict.fromkeys(f"  {line}" for line in lines))


def _for_lack(
    line: str,
    misspelt: Iterable[tuple[int | str, ...]],
    model: type[BaseModel],
    prefix: tuple[str, ...],
    given: Mapping[str, Any],
) -> bool:
    """Say whether a fault is of an absent key, where a misspelt one may be it, its table or what it goes with."""
    key = tuple(line.partition(":")[0].split("."))[len(prefix) :]
    for *outer, stranger in misspelt:
        around = tuple(map(str, outer))
        table = _held(given, around)
        if key[: len(around)] != around or _held(given, key) is not None or not isinstance(table, Mapping):
            continue
        beside = key[len(around) :]
        known = beside[:1] if len(beside) > 1 else _known_keys(model, around)
        if near(str(stranger), [name for name in known if name not in table]):
            return True
    return False


def _held(given: object, path: Iterable[str]) -> object:
    """Return what a table holds at a path, None for nothing."""
    for part in path:
        given = given.get(part) if isinstance(given, Mapping) else None
    return given


def _of_several(item: ErrorDetails) -> bool:
    """Say whether a fault is of a table whose values do not fit together; such a check names the key itself."""
    return item["type"] == "value_error" and isinstance(item["input"], Mapping | BaseModel)


def fault_of(model: type[BaseModel], key: str, value: object, prefix: tuple[str, ...] = ()) -> str:
    """Return what is wrong with the value of one key alone, as `explain` tells it; "" if nothing is."""
    try:
        model(**{key: value})
    except ValidationError as error:
        own = [item for item in error.errors(include_url=False) if item["loc"][:1] == (key,)]
        return "; ".join(dict.fromkeys(line for item in own for line in _told(item, model, prefix, ())))
    return ""


def _told(item: ErrorDetails, model: type[BaseModel], prefix: tuple[str, ...], also: Iterable[str]) -> Iterator[str]:
    """Yield a sentence for a fault: the key, what was found, what is allowed."""
    loc = tuple(part for part in item["loc"] if part != KEY_ITSELF)
    parts = [str(part) for part in (*prefix, *loc)]
    key = ".".join(parts) or "(the whole file)"
    if isinstance(item["input"], FileSecret):
        key = f"{key}_file"
    if item["type"] == "value_error":
        for text in str(item.get("ctx", {}).get("error", item["msg"])).splitlines():
            yield ".".join((*parts, text)) if _of_several(item) else f"{key}: {_found(parts, item['input'])}{text}"
    elif item["type"] == "extra_forbidden":
        known = [*_known_keys(model, loc[:-1]), *(also if len(loc) == 1 else ())]
        known += [f"{name}_file" for name in known if is_secret(name)]
        yield f"{key}: this key is not known; {_meant(parts[-1], known)}"
    elif item["type"] == "missing":
        yield f"{key}: this key is missing{_to_set(model, loc, parts)}"
    elif loc != item["loc"]:
        yield f"{key}: this name is not known; allowed: {_allowed(item, model, loc, parts)}"
    else:
        allowed = _allowed(item, model, loc, parts)
        yield f"{key}: {_found(parts, item['input'])}allowed: {allowed}"


def is_secret(name: str) -> bool:
    """Say whether a key of this name holds a secret."""
    return any(word in name for word in _SECRET_WORDS)


def _may_be_secret(text: str) -> bool:
    """Say whether a text in a key that holds none looks like a secret: long, or with numbers, and no path or URL."""
    mixed = len(text) >= SHORTEST_SECRET and any(map(str.isdigit, text)) and any(map(str.isalpha, text))
    return (mixed or len(text) > LONGEST_WORD) and not re.search(r"\s|://|^\.{0,2}/", text)


def _meant(key: str, known: Iterable[str]) -> str:
    found = near(key, known)[:2]
    return f"did you mean {' or '.join(map(repr, found))}?" if found else "check its spelling"


def _kind_at(model: type[BaseModel], path: tuple[int | str, ...]) -> Any:
    """Return the type of what a path leads to."""
    kind: Any = model
    for part in path:
        kind = next((inner for one in _alternatives(kind) if (inner := _inside(one, part))), None)
    return kind


def _known_keys(model: type[BaseModel], path: tuple[int | str, ...]) -> Iterable[str]:
    """Return the keys of the table that a path leads to."""
    kind = _kind_at(model, path)
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


def _to_set(model: type[BaseModel], loc: tuple[int | str, ...], parts: list[str]) -> str:
    if is_secret(parts[-1]):
        return f"; set it, or {parts[-1]}_file, the path of a file that holds it"
    if get_origin(_kind_at(model, loc)) in (dict, Mapping):
        return f"; it is a table, and names another: [{'.'.join(parts)}.NAME]"
    return ""


def _allowed(item: ErrorDetails, model: type[BaseModel], loc: tuple[int | str, ...], parts: list[str]) -> str:
    """Say in words what the kind of a fault allows."""
    kind, limits = item["type"], item.get("ctx", {})
    if kind in _CHOICES:
        expected = str(limits.get("expected"))
        close = near(str(item["input"]), re.findall(r"'([^']*)'", expected))
        return expected + (f"; did you mean {close[0]!r}?" if close else "")
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        limit = limits.get(name)
        return words.format(f"{limit:g}" if isinstance(limit, float) else limit)
    if kind in _TABLES:
        around = _kind_at(model, loc[:-1])
        inner = get_args(around)[1] if get_origin(around) in (dict, Mapping) else None
        if inner and (not _is_table(inner) or parts[-1] in inner.model_fields):
            return f"a table with a name of yours, such as [{'.'.join(parts[:-1])}.NAME], which holds {parts[-1]!r}"
        return f"a table, such as [{'.'.join(parts)}]"
    return next((words for start, words in _KINDS.items() if kind.startswith(start)), f"something else ({kind})")


def _found(parts: list[str], value: object) -> str:
    secret = bool(parts) and is_secret(parts[-1])
    if secret or isinstance(value, Mapping | list | tuple | BaseModel):
        return ""
    text = str(value)
    if ("://" in text and "@" in text) or _may_be_secret(text):  # a URL may hold a password
        return ""
    return f"found {text.partition('?')[0][:60]!r}; "
