"""Blocks as Jira wiki markup, with every text made inert, because much of what a note quotes was written by strangers.

The REST API's version 2 takes wiki markup on Cloud and Data Center alike
(https://developer.atlassian.com/cloud/jira/platform/rest/v2/intro/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from workflows.model import Block, Bullets, Heading, Note, Table, Text
from workflows.values.secrets import without_secrets

CAP = 30_000  # Jira refuses comments past 32,767 characters (its default limit); the rest is room for the closing line
TEXT_CAP = 4_000  # one paragraph or cell longer than this is somebody's dump, not a sentence
CUT = "This note was longer than a comment should be; the rest is left out."
_BREAK = "\u200b"  # zero width: invisible, and no markup reads across it
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


# What a backslash can escape: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
_SPECIAL = re.compile(r"[-#*_+?^~|%{}\[\]!@]")


# Parentheses mean something around these alone (the same page's emoticons), and are many in what people read as text.
_EMOTICON = re.compile(r"(?i)\((?=(?:[/xyni]|on|off|flag|flagoff|c|r|tm)\))")
_INSIDE_WORD = re.compile(r"(?<=[A-Za-z0-9])\\([-_@+])(?=[A-Za-z0-9])")  # phrase marks need a word boundary
_LINE_START = re.compile(r"(?im)^(\s*(?:h[1-6]|bq))\.")
_SMILEY = re.compile(r"([:;])(?=[DPp]\b|[()])")
_LINK = re.compile(r"(?i)\b([a-z][a-z0-9+.\\-]*:)(?=//)|\b(mailto:|file:)")


def wiki(note: Note) -> str:
    """Render a note as wiki markup of at most `CAP` characters; what does not fit is left out, and that is said."""
    kept: list[str] = []
    length = 0
    for line in _lines(note):
        length += len(line) + 1
        if length > CAP:
            kept += ["", inert(CUT)]
            break
        kept.append(line)
    return "\n".join(kept).strip()


def inert(text: str) -> str:
    """Neutralise everything in a text that wiki markup would act on: mentions, embeds, links, macros, tables.

    Dates, e-mail addresses and names with hyphens stay readable, since marks inside a word have no effect.
    """
    text = _CONTROL.sub("", without_secrets(text))
    if len(text) > TEXT_CAP:
        text = text[: TEXT_CAP - 1] + "…"
    # A backslash would undo the escape behind it (`\[`), so nothing may follow it directly.
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
    """Render a text that may hold no line break; an empty one becomes a space, since `||` would open a heading cell."""
    return inert(" ".join(text.split())) or " "


MARKER = "forcesync.write"  # the comment property that holds a write's key; customers cannot see it
_LAST_LINE = re.compile(rf"(?:^|\n){re.escape(MARKER)}: (?P<key>[^\s]+)\s*$")


def with_marker(body: str, key: str) -> str:
    """Return a comment's text with its key as the last line, for sites that drop the properties of comments."""
    return f"{body}\n\n{MARKER}: {key}"


def marker(comment: Mapping[str, Any]) -> str | None:
    """Return the key that a comment carries; whether it may be believed depends on whose comment it is."""
    properties = comment.get("properties")
    for item in properties if isinstance(properties, list) else []:
        value = item.get("value") if isinstance(item, Mapping) and item.get("key") == MARKER else None
        if isinstance(value, Mapping):
            key = value.get("key")
            return key if isinstance(key, str) else None
    body = comment.get("body")
    line = _LAST_LINE.search(body) if isinstance(body, str) else None
    return line["key"] if line else None
