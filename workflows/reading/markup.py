"""The text that a person means in HTML and wiki markup: no comments, nothing hidden or struck out.

In plain text, what merely stands in angle brackets stays. `From: Li Wei <li.wei@example.com>` is no list item: a
bracket opens a tag only where an element's whole name follows.
"""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "ul", "ol", "dl", "dt", "table", "h1", "h2", "h3", "h4", "pre"})
_CELLS = frozenset({"td", "th"})
_STRUCK = frozenset({"s", "strike", "del"})
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "blockquote"}) | _STRUCK
_OTHERS = (
    "html|body|span|b|i|u|a|strong|em|font|small|big|sub|sup|center|hr|img|meta|link|thead|tbody|tfoot|col|colgroup"
    "|caption|h5|h6|code|tt|ins|section|article|header|footer|main|label|input|form|base"
)
# Office's own elements are written with one of these name spaces: <o:p>, <v:shape>, <w:sdt>, <st1:place>
_NAMES = "|".join(sorted(_BLOCKS | _CELLS | _UNSEEN)) + "|" + _OTHERS + r"|(?:o|v|w|m|st1):[a-z]+"
_VOID = frozenset({"br", "img", "hr", "input", "meta", "link", "col", "base"})
_HIDING = re.compile(
    r"^hidden:|^style:.*?(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])"
    r"|text-decoration(?:-line)?\s*:[^;]*line-through)",
    re.I | re.S,
)
_WHOLE = rf"/?(?:{_NAMES})(?=[\s/>])[^<>]*>"
_TAG = re.compile(rf"<{_WHOLE}", re.I)
_WIKI_QUOTE = re.compile(r"\{(quote|noformat|code)(?::[^{}\n]{0,200})?\}")
_CODE = re.compile(r"\[/?code\]|\{(?:color(?::[#\w]{1,30})?|[*_+^~-])\}", re.I)  # marks of which the text stays
_PLAIN = (  # what is written in place of what, one after the other
    (re.compile(r"\r\n?"), "\n"),
    (re.compile(r"[\xa0\u202f]"), " "),
    (re.compile(r"[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]"), ""),
    (re.compile(r"[^\S\n\t]{2,}"), "  "),  # between columns, perhaps
    (re.compile(r"\[([^\[\]|\n]{1,200})\|(?:mailto:|https?://)[^\]\n]{0,500}\]"), r"\1"),
    (re.compile(r"<(?:mailto:|https?://)[^<>\s]{1,500}>"), ""),
    (re.compile(r"\{\{(?=\S)([^{}\n]{1,120}?)(?<=\S)\}\}"), r"\1"),
    (re.compile(r"~~(?=\S)[^~\n]{1,500}(?<=\S)~~"), ""),  # struck out in Markdown, and in Jira's markup
    (re.compile(r"(?<![\w–—-])-(?=[^\s>–—-])(?:[^-\n]|(?<=\w)-(?=\w)){1,500}(?<=\S)-(?![\w>–—-])"), ""),
    (re.compile(r"(?<![\w*])(\*{1,2}|__)(?=\S)([^*\n]{1,120}?)(?<=\S)\1(?![\w*])"), r"\2"),
)
_BLOCK = re.compile(rf"<(?:{'|'.join(sorted(_BLOCKS))})(?=[\s/>])", re.I)
_NO_TAG = re.compile(rf"<(?!{_WHOLE}|(?:!doctype|!\[(?:if|else|endif|cdata)(?![\w.-])|\?xml)[^<>]*>)", re.I)


def plain_lines(text: str) -> list[str]:
    """Return the lines that a person sees: no HTML, no wiki quotes and marks, nothing invisible."""
    text = visible(_CODE.sub("", _without_quotes(text)))
    for written, plain in _PLAIN:
        text = written.sub(plain, text)
    return [line.rstrip() for line in unicodedata.normalize("NFC", text).split("\n")]


def _without_quotes(text: str) -> str:
    """Leave out what stands between two marks of a wiki's quote; a mark without its second one is plain text."""
    kept: list[str] = []
    opened: re.Match[str] | None = None
    place = 0
    for mark in _WIKI_QUOTE.finditer(text):
        if opened is None:
            kept.append(text[place : mark.start()])
            opened, place = mark, mark.start()
        elif opened[1] == mark[1] and mark[0] == f"{{{mark[1]}}}":
            kept.append("\n")
            opened, place = None, mark.end()
    return "".join([*kept, text[place:]])


def visible(text: str) -> str:
    """Return what a person sees of the text, a line for every block; a text without markup comes back unchanged."""
    text = _without_comments(text)
    if not _TAG.search(text):
        return text
    reader = _Reader()
    text = _NO_TAG.sub("&lt;", text)
    reader.feed(text.replace("\n", " ") if _BLOCK.search(text) else text)  # a text with a bold word alone has lines
    reader.close()
    return "".join(reader.parts)


def _without_comments(text: str) -> str:
    first, *others = text.split("<!--")
    closed = (part.partition("-->") for part in others)
    return first + "".join(after if end else f"<!--{before}" for before, end, after in closed)


class _Reader(HTMLParser):
    """Collects the visible text of HTML, a line for every block, cells apart by bars."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden: list[str] = []  # the element that hides its content, and those of its name inside of it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        hides = tag in _UNSEEN or any(_HIDING.search(f"{name}:{value}") for name, value in attrs)
        if tag in self._hidden or (hides and tag not in _VOID):
            self._hidden.append(tag)
        elif tag in _CELLS:
            self.parts.append(" | ")
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden[-1:] == [tag]:
            self._hidden.pop()
        elif tag in _BLOCKS and tag != "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)
