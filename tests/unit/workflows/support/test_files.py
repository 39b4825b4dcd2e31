"""The files of a hand-over: masked JSON, and Markdown and HTML in which hostile text stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import OPEN, judged
from workflows.model import (
    AgentPool,
    Heading,
    Note,
    Request,
    Table,
    Text,
)
from workflows.support.files import diagnostics_file, markdown, printable
from workflows.support.material import Diagnosis, Material, SubjectDiagnosis


def test_the_diagnostics_are_masked_json() -> None:
    pool = AgentPool(id="0oa1", name="corp", status="DISRUPTED", agents=({"id": "a531", "version": "3.20"},))
    found = Diagnosis(subjects=(SubjectDiagnosis(pools=(pool,)),), missing=("x",))
    text = diagnostics_file(Material(judged(Request()), (), found, OPEN, build.NOW)).content.decode()
    assert "DISRUPTED" in text
    assert "Chief Secret Officer" not in text
    assert "ada@example.com" not in text


PAGE = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "tr", "th", "td"}


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "[x](http://evil.test)", "| a | b |\n# big"])
def test_hostile_text_stays_text(hostile: str) -> None:
    note = Note(blocks=(Heading(text=hostile), Text(text=hostile), Table(header=("a",), rows=((hostile,),))))
    page = Tags()
    page.feed(printable(note, hostile))
    assert not page.found - PAGE
    assert not page.attributes & {"src", "href", "onload", "onerror", "style"}
    unescaped = re.sub(r"\\.", "", markdown(note))
    assert not set("<>[]") & set(unescaped)
    assert unescaped.count("#") == len("##")
    assert unescaped.count("|") == 3 * len("||")
