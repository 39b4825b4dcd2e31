"""What a person wrote in a ticket: without markup, quoted mails and signatures, so that nobody else's words count."""

from __future__ import annotations

import re
from typing import NamedTuple

from workflows.visible_html import visible

_WIKI_QUOTE = re.compile(r"\{(quote|noformat|code)(?::[^}]*)?\}.*?\{\1\}", re.S)
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
_NO_SUBSTANCE = re.compile(
    r"^\W*(?:fyi|hi|hello|see below|please see below|fwd?|as discussed|bitte|[\w ]{0,20},)?\W*$", re.I
)


class OwnWords(NamedTuple):
    """The lines that count, those behind a sign-off, and who wrote them if the mail was forwarded."""

    lines: tuple[str, ...]
    after_sign_off: tuple[str, ...] = ()
    forwarded_from: str | None = None


def own_words(text: str) -> OwnWords:
    """Return a text's own words; where it only forwards a mail, that mail's words and its sender."""
    lines = [line for line in _lines(text) if not line.lstrip().startswith((">", "bq. "))]
    cut = _quote_begins(lines)
    above = lines[:cut]
    sender = None
    if all(_NO_SUBSTANCE.match(line) for line in above) and cut < len(lines):
        above, sender = _forwarded(lines[cut:])
    return _without_signature(above, sender)


def _lines(text: str) -> list[str]:
    text = visible(_CODE.sub("", _WIKI_QUOTE.sub("\n", text)))
    text = _INVISIBLE.sub("", text.replace("\xa0", " ").replace("\r\n", "\n").replace("\r", "\n"))
    return [line.rstrip() for line in text.split("\n")]


def _quote_begins(lines: list[str]) -> int:
    """Find where somebody else's mail begins: a line that says so, or a block of mail headers."""
    for place, line in enumerate(lines):
        if _QUOTE_HEAD.match(line):
            return place
        headers = [bool(_MAIL_HEADER.match(item)) for item in lines[place : place + 3]]
        if len(headers) == 3 and all(headers) and _FROM.match(line):  # noqa: PLR2004  # three headers are no accident
            return place
    return len(lines)


def _forwarded(lines: list[str]) -> tuple[list[str], str | None]:
    """Return the first forwarded mail's words and its sender."""
    body = 0
    sender = None
    while body < len(lines) and (
        _QUOTE_HEAD.match(lines[body]) or _MAIL_HEADER.match(lines[body]) or not lines[body].strip()
    ):
        found = _FROM.match(lines[body])
        sender = sender or (found[1] if found else None)
        body += 1
    rest = lines[body:]
    return (rest[: _quote_begins(rest)], sender) if sender else ([], None)


def _without_signature(lines: list[str], sender: str | None) -> OwnWords:
    for place, line in enumerate(lines):
        if line.rstrip() in {"--", "—"}:
            return OwnWords(tuple(lines[:place]), (), sender)
        if _SIGN_OFF.match(line) and any(item.strip() for item in lines[:place]):
            return OwnWords(tuple(lines[:place]), tuple(lines[place + 1 :]), sender)
    return OwnWords(tuple(lines), (), sender)
