"""What a person wrote in a ticket: without markup, quoted mails and signatures, so that nobody else's words count."""

from __future__ import annotations

import re
from typing import NamedTuple

from workflows.model import Ticket
from workflows.reading.people_lists import without_others
from workflows.reading.visible_html import visible

MOST_TEXT = 20_000  # characters of one text that are read; what a person says stands far before that
MOST_OF_LINE = 2000  # characters of one line; a sentence ends before
MOST_MARKUP = 10 * MOST_TEXT  # characters looked at for them: mail programs put many of style before the first word
_WIKI_QUOTE = re.compile(r"\{(quote|noformat|code)(?::[^{}\n]{0,200})?\}")
_WIKI_LINK = re.compile(
    r"\[([^\[\]|\n]{1,200})\|(?:mailto:|https?://)[^\]\n]{0,500}\]|<(?:mailto:|https?://)[^<>\s]{1,500}>"
)
_BOLD = re.compile(r"(?<![\w*])(\*{1,2}|__)(?=\S)([^*\n]{1,120}?)(?<=\S)\1(?![\w*])")
_BOTH_NAMES = re.compile(r"\b(first)\s+(and\s+last\s+name)", re.I)
_SPACES = re.compile(r"[^\S\n\t]{2,}")
_CODE = re.compile(r"\[/?code\]", re.I)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]")

# What mail programs put above the mail that they quote or forward, in a few languages.
_QUOTE_HEAD = re.compile(
    r"^\s*(?:-{2,}\s*(?:original|forwarded|ursprüngliche|weitergeleitete|message d'origine|mensaje original).*"
    r"|_{10,}"
    r"|on .{5,200} wrote:|am .{5,200} schrieb .{1,100}:|le .{5,200} a écrit\s*:|el .{5,200} escribió:)\s*$",
    re.I,
)
_MAIL_HEADER = re.compile(
    r"^\s*\*?(?:from|sent|date|to|cc|subject|von|gesendet|datum|an|betreff|de|envoyé|à|objet|asunto|para)\*?\s*:", re.I
)
_FROM = re.compile(r"^\s*\*?(?:from|von|de)\*?\s*:.*?([\w.%+'-]+@[\w-]+(?:\.[\w-]+)+)", re.I)
_SIGN_OFF = re.compile(
    r"^\s*(?:(?:kind|best|warm|many)?\s*regards|best wishes|best|cheers|sincerely|thanks(?: a lot| in advance)?"
    r"|thank you(?: very much)?|many thanks|mit freundlichen grüßen|viele grüße|freundliche grüße|mfg|cordialement"
    r"|saludos|sent from my .{1,40}|(?:von meinem|get) .{1,40}(?:gesendet|outlook.*))\s*[,.!]*\s*$",
    re.I,
)


HEADERS = 3  # mail headers in a row are no accident
MOST_MAILS = 5  # below each other in one text that are looked at


class OwnWords(NamedTuple):
    """The lines that count, those behind a sign-off, and who sent them where they stand in a mail below.

    `cut` says that the text goes on behind what was read of it.
    """

    lines: tuple[str, ...]
    after_sign_off: tuple[str, ...] = ()
    sender: str | None = None
    cut: bool = False


def own_words(text: str) -> tuple[OwnWords, ...]:
    """Return a text's own words, and behind them those of the mails below whose sender is known, the newest first."""
    seen = _seen(text[:MOST_MARKUP])
    lines = [line[:MOST_OF_LINE].rstrip() for line in seen[:MOST_TEXT].split("\n")]
    lines = [line for line in lines if not line.lstrip().startswith((">", "bq. "))]
    cut = _quote_begins(lines)
    too_long = len(text) > MOST_MARKUP or len(seen) > MOST_TEXT
    found = [_without_signature(lines[:cut], None)._replace(cut=too_long)]
    for _ in range(MOST_MAILS):
        lines = lines[cut:]
        body, sender = _head(lines)
        if not body:
            break
        lines = lines[body:]
        cut = _quote_begins(lines)
        if sender:
            found.append(_without_signature(lines[:cut], sender))
    return tuple(found)


def said_in(ticket: Ticket, user: str | None = None) -> str:
    """Return what people say in a ticket in lines: form, summary, description with forwarded mails, comments.

    What a list says of somebody else than the user is left out.
    """
    texts = (ticket.description, *(item.body for item in ticket.comments if not item.by_worker))
    lines = (line for text in texts for words in own_words(text) for line in words.lines)
    return "\n".join((*ticket.fields.values(), ticket.summary, *(without_others(lines, user) if user else lines)))


def _seen(text: str) -> str:
    """Return the text as people see it, in lines, without wiki quotes and what cannot be seen."""
    text = visible(_CODE.sub("", _without_quotes(text)))
    text = _INVISIBLE.sub("", text.replace("\xa0", " ").replace("\r\n", "\n").replace("\r", "\n"))
    text = _SPACES.sub(" ", text)
    text = _BOTH_NAMES.sub(r"\1 name \2", text)
    return _BOLD.sub(r"\2", _WIKI_LINK.sub(lambda link: link[1] or "", text))


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


def _quote_begins(lines: list[str]) -> int:
    """Find where somebody else's mail begins: a line that says so, or a block of mail headers."""
    for place, line in enumerate(lines):
        if _QUOTE_HEAD.match(line):
            return place
        if _FROM.match(line) and _are_headers(lines[place : place + HEADERS]):
            return place
    return len(lines)


def _are_headers(lines: list[str]) -> bool:
    return len(lines) == HEADERS and all(_MAIL_HEADER.match(line) for line in lines)


def _head(lines: list[str]) -> tuple[int, str | None]:
    """Return where the mail's body begins, and its sender."""
    body = 0
    sender = None
    while body < len(lines) and (
        _QUOTE_HEAD.match(lines[body]) or _MAIL_HEADER.match(lines[body]) or not lines[body].strip()
    ):
        found = _FROM.match(lines[body])
        if sender and (found or (body and _QUOTE_HEAD.match(lines[body]))):
            break  # the next mail's head, right below one without words
        sender = sender or (found[1] if found else None)
        body += 1
    return body, sender


def _without_signature(lines: list[str], sender: str | None) -> OwnWords:
    rules = [place for place, line in enumerate(lines) if line.rstrip() in {"--", "—"}]
    for place, line in enumerate(lines):
        if rules[-1:] == [place]:  # those before it are a form's
            return OwnWords(tuple(lines[:place]), (), sender)
        if _SIGN_OFF.match(line) and any(item.strip() for item in lines[:place]):
            return OwnWords(tuple(lines[:place]), tuple(lines[place + 1 :]), sender)
    return OwnWords(tuple(lines), (), sender)
