"""Redacts an answer for errors and logs: its shape for debugging, and the product's own words without personal data.

Answers hold names, addresses and secrets, so no value of a body is ever shown.
"""

from __future__ import annotations

import re

import requests

from workflows.values.masking import plain

LONGEST = 100
LOOKED_AT = 4000  # characters of a body or of a message; the rest shows nothing more
_KEY = re.compile(r'"[a-z_][A-Za-z0-9_]{0,30}"\s*:')
_REVEALING = re.compile(r"(?i)hibernat\w*|maintenance|log[ -]?in|sign[ -]?in|saml|captcha|unavailable|denied|expired")
_ADDRESS = re.compile(r"(?<![^\s@<>\"'(),;:])[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+")
_OPAQUE = re.compile(  # tokens, never sys_ids
    r"(?<![\w+/=.-])(?=[\w+/=.-]*[a-z])(?=[\w+/=.-]*[A-Z])(?=[\w+/=.-]*\d)[\w+/=.-]{24,}"
)


def sample(answer: requests.Response | str) -> str:
    """Return the shape of a body's start: keys stay, letters become x, digits 9; for HTML, what kind of page it is."""
    size = len(answer if isinstance(answer, str) else answer.content)
    text = answer[:LOOKED_AT] if isinstance(answer, str) else answer.content[:LOOKED_AT].decode(errors="replace")
    if text.lstrip()[:1] == "<":
        found = sorted({word.lower() for word in _REVEALING.findall(text)})
        return f"a page of {size} characters" + (f" that speaks of: {', '.join(found[:5])}" if found else "")
    head, place, masked = text[:LONGEST], 0, ""
    for key in _KEY.finditer(head):
        masked += _shape(head[place : key.start()]) + key[0]
        place = key.end()
    return f"{size} characters: " + " ".join((masked + _shape(head[place:])).split())


def words(text: str, limit: int = 300) -> str:
    """Return a product's own words as one safe line without e-mail addresses and secrets."""
    return plain(_OPAQUE.sub("[removed]", _ADDRESS.sub("[address]", text[:LOOKED_AT])), limit)


def path(text: str) -> str:
    """Return a URL's path for the log, without parts that may name a person."""
    return "/".join(part if re.fullmatch(r"[A-Za-z0-9._-]*", part) else "-" for part in text.split("/"))


def _shape(text: str) -> str:
    return re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", text))
