"""Every reason that the core gives has a sentence, and is given what that sentence needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from tests.unit.builders import NOW
from workflows.model import Reason, ReasonKind
from workflows.notes.reasons import SENTENCES, naming_nobody, on_ticket, sentence
from workflows.values.wording import utc

ROOT = Path(__file__).parents[4]
SOURCES = [path for tree in ("workflows", "worker") for path in sorted((ROOT / tree).rglob("*.py"))]


def placeholders(kind: ReasonKind) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(SENTENCES[kind]) if name} - {"about", "cause"}


def given() -> Iterator[tuple[str, ReasonKind, set[str]]]:
    """Yield every reason that is made with a kind by name: where, its kind, and the details it is given."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            made = isinstance(node, ast.Call) and ast.unparse(node.func) in {"Reason.of", "cls.of"}
            if not made or not isinstance(node, ast.Call):
                continue
            named = [item.attr for item in ast.walk(node.args[0]) if isinstance(item, ast.Attribute)]
            for kind in (ReasonKind[name] for name in named if name in ReasonKind.__members__):
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield where, kind, {item.arg for item in node.keywords if item.arg}


def test_every_kind_has_one_sentence() -> None:
    assert set(ReasonKind) == set(SENTENCES)


def test_every_reason_is_given_what_its_sentence_says() -> None:
    made = list(given())
    assert len(made) > 80
    lacking = [(where, kind, placeholders(kind) - has) for where, kind, has in made]
    assert [] == [item for item in lacking if item[2]]


def test_every_kind_is_given_somewhere() -> None:
    text = "\n".join(path.read_text() for path in SOURCES if path.name not in {"reasons.py", "findings.py"})
    assert [] == [
        kind.name
        for kind in set(ReasonKind) - {ReasonKind.AS_WRITTEN}
        if not re.search(rf"\bR(?:easonKind)?\.{kind.name}\b", text)
    ]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (Reason.of(ReasonKind.ASKED, Reason.of(ReasonKind.NOBODY_NAMED)), "Asked on the ticket, because the ticket"),
        (Reason.of(ReasonKind.ASSIGNED, holder=None), "The ticket is assigned to a person."),
        (
            Reason.of(ReasonKind.COPY_LACKS_IT, label="corp", attribute="title", updated=None),
            "(corp, time of the last update unknown)",
        ),
        (Reason.of(ReasonKind.PRODUCT_FAULT, words="{0.__class__}"), "{0.__class__}"),
    ],
)
def test_a_sentence_says_what_it_was_given_or_that_it_was_not(reason: Reason, told: str) -> None:
    assert told in sentence(reason)


def test_who_holds_a_value_that_is_taken_is_told_to_the_operator_alone() -> None:
    taken = Reason.of(ReasonKind.TAKEN, user="00u7")
    why = Reason.of(ReasonKind.VALUE_REFUSED, taken, attribute="login", names="login", at=NOW, reason="taken")
    assert "00u7" in sentence(why)
    assert "another Okta user already has this value" in on_ticket(why, utc)
    assert "00u7" not in on_ticket(why, utc)


def test_a_reason_that_names_nobody_says_that_it_is_somebody() -> None:
    overwritten = Reason.of(ReasonKind.OVERWRITTEN, actor="pat@example.com", names="title", at=NOW)
    rejected = Reason.of(ReasonKind.NOT_STARTED, Reason.of(ReasonKind.REJECTED, by="eve@example.com", why="not now"))
    assert on_ticket(naming_nobody(overwritten), utc).startswith("Somebody changed title in Okta at")
    assert (
        on_ticket(naming_nobody(rejected), utc)
        == "Force Sync wasn't started: rejected by somebody: (reason not shown here)"
    )
