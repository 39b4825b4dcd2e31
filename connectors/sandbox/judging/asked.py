"""Reads what a ticket plainly asks for: the fields of its form, and labelled lines of whoever may say so.

Those are the requester, in any comment, and agents. Anybody else's words change neither who nor what is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

Ticket = Mapping[str, Any]  # in the control server's shape

_LINE = re.compile(r"^[ \t>*_|-]*(user|attribute|expected)[*_]*[ \t]*[:=|][ \t]*(\S.*)$", re.I | re.M)
_EDGES = ".,;:<>()[]{}*_'\"|“”"
_YES = re.compile(r"\W*(?:yes|ja|oui)\b", re.I)


@dataclass
class Asked:
    """Whom and what a ticket names: users as written; values by attribute as written, none where none is stated."""

    users: set[str] = field(default_factory=set)
    values: dict[str, set[str]] = field(default_factory=dict)
    confirmed: bool = False  # the requester said yes to something


def words_of(ticket: Ticket, agents: Set[str]) -> list[str]:
    """Return the texts whose words count."""
    entitled = {ticket["requester"], *agents}
    comments = [item["body"] for item in ticket["comments"] if not item["by_worker"] and item["author"] in entitled]
    return [ticket["summary"], ticket["description"], *ticket["fields"].values(), *comments]


def words_of_strangers(ticket: Ticket, agents: Set[str]) -> list[str]:
    """Return the comments of people who are neither the requester nor agents."""
    entitled = {ticket["requester"], *agents}
    return [item["body"] for item in ticket["comments"] if not item["by_worker"] and item["author"] not in entitled]


def asked_of(ticket: Ticket, agents: Set[str]) -> Asked:
    """Return what a ticket asks for."""
    asked, form = Asked(), ticket["fields"]
    lines = [(name, form[name]) for name in ("user", "attribute", "expected") if form.get(name)]
    texts = words_of(ticket, agents)
    lines += [(name.casefold(), value) for text in texts for name, value in _LINE.findall(text)]
    lines = [(name, value.strip(" \t\r*_|")) for name, value in lines]
    attribute: str | None = None
    for name, value in lines:
        if name == "user":
            asked.users.add(value.casefold())
        elif name == "attribute":
            attribute = value
            asked.values.setdefault(value, set())
        elif attribute is not None:
            asked.values[attribute].add(value)
    comments = [item for item in ticket["comments"] if item["author"] == ticket["requester"]]
    asked.confirmed = any(_YES.match(item["body"]) for item in comments)
    return asked


def named_in(texts: Iterable[str]) -> set[str]:
    """Return the words that look like a login."""
    words = {word.strip(_EDGES).casefold() for text in texts for word in re.split(r"[\s|]+", text)}
    return {word for word in words if "@" in word}


def alike(one: object, other: object) -> bool:
    """Say whether two values may be the same to a person: by letters, by a name's CN, or by a number's digits."""
    texts = [_bare(str(value or "")) for value in (one, other)]
    numbers = [re.sub(r"\D", "", text)[-7:] for text in texts]
    dialled = all(re.fullmatch(r"[+\d\s()./-]{7,}", text) for text in texts)
    return texts[0] == texts[1] or (dialled and numbers[0] == numbers[1])


def _bare(text: str) -> str:
    if name := re.match(r"CN=((?:[^,\\]|\\.)+),", text, re.I):
        last, comma, first = name[1].replace("\\", "").partition(",")
        text = f"{first} {last}" if comma else last
    return " ".join(text.strip(_EDGES + " ").casefold().split())
