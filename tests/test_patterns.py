"""Every regular expression of the product is linear, and 20 kB of hostile text hold it for 50 ms on an idle machine.

The patterns are found by walking the modules, so that a new one is held to it as well. Each is run the way that its
module runs it. A pattern's own literals make the text that suits it worst.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.linear import linear
from workflows.model import Policy
from workflows.values.masking import Hidden, plain, without_people
from workflows.values.secrets import without_secrets

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[1]
SCANS = {"search", "finditer", "findall", "sub", "subn", "split"}
WAYS: Mapping[str, Callable[[re.Pattern[str], str], object]] = {
    "scan": lambda pattern, text: sum(1 for _ in pattern.finditer(text)),
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
}
UNITS = (
    *("a", "A", "é", "あ", " ", "\t", "\n", " \n", "0", ".", "@", "-", "_", "'", '"', "\\", ":", ",", "/", "<", "{[("),
    *("([{<>}])", "a=", "a: ", "ab ", "a@", "a@a.", "a.", "A.a ", "+1 ", "aB1", "QWxhZGRpbjpvcGVuIHNlc2FtZQ", "a,b; "),
)


class Found(NamedTuple):
    where: str
    pattern: re.Pattern[str]
    way: str


@cache
def modules() -> dict[str, tuple[Any, ast.Module]]:
    """Return every module of the product with its syntax tree, by name."""
    found = {}
    for path in sorted(path for tree in ("connectors", "worker", "workflows") for path in (ROOT / tree).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if not name.endswith("__main__") and name != "worker.store.migrations.env":  # these run when they are imported
            found[name] = (importlib.import_module(name), ast.parse(path.read_text(encoding="utf-8")))
    return found


def patterns() -> list[Found]:
    """Return every pattern that a module holds or writes in a call of `re`, with each way in which it is run."""
    used, held, called = ways_of_names(), dict[tuple[str, str], Found](), list[Found]()
    for name, (module, tree) in modules().items():
        for variable, value in vars(module).items():
            for pattern in inside(value):
                ways = used[name if variable.startswith("_") else "", variable] or set(WAYS)
                for way in sorted(ways):
                    held.setdefault((pattern.pattern, way), Found(f"{name}.{variable}", pattern, way))
        for node in ast.walk(tree):
            if (call := call_of_re(node)) and isinstance(call[1], ast.Constant) and isinstance(call[1].value, str):
                called.append(Found(f"{name}:{call[1].lineno}", re.compile(call[1].value), way_of(call[0])))
    return [*held.values(), *called]


def ways_of_names() -> dict[tuple[str, str], set[str]]:
    """Return how each variable's pattern is run, by module ("" for public ones) and variable."""
    ways = defaultdict[tuple[str, str], set[str]](set)
    for name, (_, tree) in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in SCANS | {"match", "fullmatch"}:
                variable = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
                ways[name if variable.startswith("_") else "", variable].add(way_of(node.attr))
    return ways


def call_of_re(node: ast.AST) -> tuple[str, ast.expr] | None:
    """Return the function of `re` that a call runs and its pattern, `None` for anything else."""
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.func, ast.Attribute):
        return None
    of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
    return (node.func.attr, node.args[0]) if of_re and node.func.attr in SCANS | {"match", "fullmatch"} else None


def way_of(method: str) -> str:
    return "scan" if method in SCANS else method


def inside(value: object, depth: int = 3) -> Iterator[re.Pattern[str]]:
    """Yield the patterns that a module's variable holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, list | tuple | set | frozenset | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from inside(item, depth - 1)


def units_of(pattern: re.Pattern[str]) -> Iterator[str]:
    """Yield what to repeat: the usual units, and a pattern's own words with what may follow them."""
    yield from UNITS
    words = dict.fromkeys(word for word in re.split(r"\\.|[^\w\s<>@:/=#-]+", pattern.pattern) if word.strip())
    for word in list(words)[:40]:
        yield from (word, f"{word} ", f"{word}-")


def text_of(unit: str, size: int) -> str:
    """Return a hostile text that repeats a unit; the end keeps a pattern from fitting the whole."""
    return (unit * (size // len(unit) + 1))[: size - 2] + "\x00!"


def slow(run: Callable[[str], object], units: Iterable[str]) -> list[str]:
    """Return the units whose repetition takes too long."""
    return [unit for unit in units if not linear(run, partial(text_of, unit))]


def test_every_pattern_is_linear() -> None:
    found = patterns()
    assert len(found) > 100
    late = {
        f"{item.where}-{item.way}": slow(partial(WAYS[item.way], item.pattern), units_of(item.pattern))
        for item in found
    }
    assert {} == {where: units for where, units in late.items() if units}


PEOPLE = ({"displayName": "Ada Byron", "title": "a a a a"}, {"email": "a@a.a"})
PASSES: Mapping[str, Callable[[str], object]] = {
    "one line of a product's words": lambda text: plain(text, 300),
    "secrets removed": without_secrets,
    "secrets and addresses removed": without_people,
    "people hidden": Hidden(PEOPLE, Policy(), addresses=True),
}


@pytest.mark.parametrize("run", PASSES.values(), ids=PASSES)
def test_what_every_text_passes_through_is_linear(run: Callable[[str], object]) -> None:
    assert slow(run, [*UNITS, "password ", "token=", "-----BEGIN PRIVATE KEY-----", "ada "]) == []
