"""Read from a ticket who is affected and what is asked, from form fields and labelled lines; nothing is guessed.

Later words beat earlier ones: the form, then the description, then people's comments in order, so that a reply to our
question completes or corrects what was there. What was read where is kept, and the note says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from workflows.model import Request, Ticket
from workflows.redaction import plain

LABELS: dict[str, tuple[str, ...]] = {
    "user": ("user", "affected user", "login", "username", "okta user", "user id"),
    "attribute": ("attribute", "attributes", "field", "profile attribute"),
    "expected": ("expected", "expected value", "should be", "new value", "correct value"),
}

_PART_OF = {label: part for part, labels in LABELS.items() for label in labels}
_LINE = re.compile(
    r"^[\s*_\-•]*(?P<label>" + "|".join(sorted(_PART_OF, key=len, reverse=True)) + r")[\s*_]*[:=][\s*_]*(?P<value>.*)$",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_EMPTY = frozenset({"(empty)", "<empty>", "empty", "(blank)", "blank"})
_LONGEST = 200  # no identifier or profile value that a ticket names is longer


def labelled(text: str) -> dict[str, str]:
    """Return the parts that labelled lines of a text name; quoted lines do not count, the last line of a label wins."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line.lstrip().startswith((">", "|")):
            continue
        match = _LINE.match(line)
        if match and (value := plain(match["value"].strip().rstrip("*_"), _LONGEST)):
            found[_PART_OF[match["label"].lower()]] = value
    return found


def understand(ticket: Ticket) -> Request:
    """Return what the ticket asks; `user` stays None where none is named, then the requester is meant."""
    parts: dict[str, str] = {}
    source: dict[str, str] = {}
    for where, found in _sources(ticket):
        for part, value in found.items():
            parts[part] = value
            source[part] = where
    expected = parts.get("expected")
    return Request(
        user=_identifier(parts["user"]) if "user" in parts else None,
        attributes=_names(parts.get("attribute", "")),
        expected="" if expected is not None and expected.lower() in _EMPTY else expected,
        source=tuple(f"{part}: {source[part]}" for part in sorted(source)),
    )


def _sources(ticket: Ticket) -> Iterable[tuple[str, dict[str, str]]]:
    form = {part: plain(value, _LONGEST) for part, value in ticket.fields.items() if part in LABELS and value.strip()}
    yield "the form", form
    yield "the description", labelled(ticket.description)
    asked = False
    for comment in ticket.comments:
        if comment.by_worker:
            asked = asked or comment.public
            continue
        found = labelled(comment.body)
        addresses = set(_EMAIL.findall(comment.body))
        if asked and not found and len(addresses) == 1:
            found = {"user": addresses.pop()}
        yield f"a comment by {plain(comment.author.name or comment.author.login or 'somebody', 60)}", found


def _identifier(text: str) -> str:
    addresses = _EMAIL.findall(text)
    return addresses[0] if len(addresses) == 1 else text


def _names(text: str) -> tuple[str, ...]:
    names = (name.strip() for name in re.split(r"[,;/]| and ", text))
    return tuple(dict.fromkeys(name for name in names if name))
