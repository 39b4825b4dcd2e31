"""The files of a hand-over: masked JSON, and HTML in which hostile text stays text."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import OPEN, judged
from workflows.model import (
    AgentPool,
    Heading,
    Note,
    Request,
    Subject,
    Table,
    Text,
)
from workflows.support.files import evidence_file, printable
from workflows.support.material import Diagnosis, Material, SubjectDiagnosis


def data_of(page: str) -> dict[str, Any]:
    """Return the data for programs that a page holds."""
    found = re.search(r'<pre id="data">(.*)</pre>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(html.unescape(found[1]))
    return data


def test_a_hand_over_gets_a_masked_page_with_the_same_for_programs() -> None:
    pool = AgentPool(id="0oa1", name="corp", status="DISRUPTED", agents=({"id": "a531", "version": "3.20"},))
    found = Diagnosis(subjects=(SubjectDiagnosis(pools=(pool,)),), missing=("x",))
    file = evidence_file(Material(judged(Request()), (), found, build.reader(OPEN), build.NOW))
    assert file
    assert (file.name, file.content_type) == ("evidence.html", "text/html")
    text = file.content.decode()
    shown, _, _ = text.partition("<details>")
    assert "DISRUPTED" in shown
    assert data_of(text)["agents"][0]["status"] == "DISRUPTED"
    assert "Chief Secret Officer" not in text
    assert "<li>Okta login: ada@example.com</li>" in shown
    assert "ada@example.com" not in text.replace("login: ada@example.com", "")


def test_where_nothing_was_read_there_is_no_file() -> None:
    nobody = build.case(subjects=(Subject(request=Request(user="nobody")),))
    assert evidence_file(Material(nobody, (), Diagnosis(), build.reader(OPEN), build.NOW)) is None


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
