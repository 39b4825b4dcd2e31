"""Renders notes as Jira wiki markup, with every text made inert, since notes quote what strangers have written.

Version 2 of the REST API takes wiki markup on both Cloud and Data Center
(https://developer.atlassian.com/cloud/jira/platform/rest/v2/intro/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflows.model import Block, Bullets, Heading, Note, Table, Text
from workflows.values.secrets import without_secrets

CAP = 30_000  # characters: Jira refuses comments over 32,767 (its default limit); the rest is for the closing line
TEXT_CAP = 4_000  # characters: a longer paragraph or cell is a dump, not a sentence
CUT = "This note was longer than a comment should be; the rest is left out."
_BREAK = "\u200b"  # a zero-width space: invisible, and it interrupts markup
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
# What a backslash can escape: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
_SPECIAL = re.compile(r"[-#*_+?^~|%{}\[\]!@]")
# Only these make parentheses an emoticon (the same page); all other parentheses stay as they are.
_EMOTICON = re.compile(r"(?i)\((?=(?:[/xyni]|on|off|flag|flagoff|c|r|tm)\))")
_INSIDE_WORD = re.compile(r"(?<=[A-Za-z0-9])\\([-_@+])(?=[A-Za-z0-9])")  # phrase marks need a word boundary
_LINE_START = re.compile(r"(?im)^([^\S\n]*(?:h[1-6]|bq))\.")
_SMILEY = re.compile(r"([:;])(?=[DPp]\b|[()])")
_LINK = re.compile(r"(?i)\b([a-z][a-z0-9+.\\-]{0,60}:)(?=//)|\b(mailto:|file:)")


def wiki(note: Note, console: str = "") -> str:
    """Render a note as wiki markup of at most `CAP` characters; a longer one is cut and says so.

    What begins with the address of the org's own `console` stays a link, whoever wrote it.
    """
    kept: list[str] = []
    length = 0
    for inert_line in _lines(note):
        line = inert_line.replace(inert(f"{console}/"), f"{console}/") if console else inert_line
        length += len(line) + 1
        if length > CAP:
            kept += ["", inert(CUT)]
            break
        kept.append(line)
    return "\n".join(kept).strip()


def inert(text: str) -> str:
    """Neutralise all wiki markup in a text: mentions, embeds, links, macros, tables.

    Dates, e-mail addresses and names with hyphens stay readable, since marks inside a word have no effect.
    """
    text = _CONTROL.sub("", without_secrets(text))
    if len(text) > TEXT_CAP:
        text = text[: TEXT_CAP - 1] + "…"
    # A backslash would undo the escape after it (`\[`), so nothing may follow it directly.
    text = text.replace("\\", "\\" + _BREAK)
    text = _SPECIAL.sub(lambda found: "\\" + found[0], text)
    text = _EMOTICON.sub(r"\\(", text)
    text = _INSIDE_WORD.sub(r"\1", text)
    text = _LINE_START.sub(rf"\1{_BREAK}.", text)
    text = _SMILEY.sub(rf"\1{_BREAK}", text)
    return _LINK.sub(lambda found: found[0] + _BREAK, text)


def _lines(note: Note) -> Iterator[str]:
    for block in note.blocks:
        yield from _block(block)
        yield ""


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"*{_one_line(block.text).strip()}*"
        case Text():
            yield inert(block.text)
        case Bullets():
            for item in block.items:
                yield f"* {_one_line(item)}"
        case Table():
            yield f"||{'||'.join(_one_line(cell) for cell in block.header)}||"
            for row in block.rows:
                yield f"|{'|'.join(_one_line(cell) for cell in row)}|"


def _one_line(text: str) -> str:
    """Render a text without line breaks; an empty one becomes a space, since `||` would open a heading cell."""
    return inert(" ".join(text.split())) or " "
