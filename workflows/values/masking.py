"""Decides in one place what may be shown of people's values and of untrusted text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from pydantic import JsonValue

from workflows.model import Policy
from workflows.values.secrets import without_secrets

_TOO_SHORT = 4  # showing both ends of so short a value would show most of it
LOOKED_AT = 4000  # characters of a text of which one line is shown
_A_WORD = 3  # shorter values occur in half of all sentences, and reveal little
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_ADDRESS = re.compile(r"(?<![\w.+'-])[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def shown(value: JsonValue) -> str:
    """Write a value for people: null, empty and text stay apart."""
    if value is None:
        return "(not set)"
    if value == "":
        return "(empty)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value)
    return plain(str(value), 200)


def masked(value: JsonValue) -> str:
    """Mask a value: two values stay distinguishable by length and ends, but neither can be read."""
    if value is None or value == "":
        return shown(value)
    return _covered(shown(value))


def _covered(text: str) -> str:
    if len(text) <= _TOO_SHORT:
        return "•" * len(text)
    return f"{text[0]}{'•' * (len(text) - 2)}{text[-1]}"


def display(attribute: str, value: JsonValue, policy: Policy) -> str:
    """Write an attribute's value by its class: as it is, withheld, or masked."""
    if attribute in policy.never_attributes:
        return shown(value) if value in (None, "") else "(withheld)"
    return shown(value) if attribute in policy.open_attributes else masked(value)


class Hidden:
    """Hides people's known values in quoted text, such as the reason in a System Log event.

    Every value of these profiles that is not classed open is hidden wherever it occurs as whole words; with
    `addresses`, so is whatever looks like an e-mail address. A value that is open as another attribute's stays.
    """

    def __init__(self, profiles: Iterable[Mapping[str, JsonValue]], policy: Policy, *, addresses: bool = False) -> None:
        self._profiles, self._policy, self._addresses = tuple(profiles), policy, addresses

    def __call__(self, text: str) -> str:
        """Return the text with what is hidden masked or withheld."""
        covers, known = self._values
        if covers:
            text = known.sub(lambda found: covers.get(_folded(found[0]), masked(found[0])), text)
        return _without_addresses(text) if self._addresses else text

    @cached_property
    def _values(self) -> tuple[dict[str, str], re.Pattern[str]]:
        """Return what covers each value, and the pattern that finds them; most filters are never given a text."""
        covers: dict[str, str] = {}
        left, spellings = set(), set()
        for name, value in ((name, value) for profile in self._profiles for name, value in profile.items()):
            for text in _texts(value):
                if name in self._policy.open_attributes:
                    left.add(text.casefold())
                elif len(text) >= _A_WORD:
                    covers[text.casefold()] = display(name, text, self._policy)
                    spellings |= {text, text.casefold()}  # "Weiß" folds to "weiss", which `re` does not match
        covers = {text: cover for text, cover in covers.items() if text not in left}
        return covers, _any_of(frozenset(item for item in spellings if item.casefold() in covers))


def plain(text: str, limit: int) -> str:
    """Make untrusted text one harmless line: no control or direction characters, no secrets, at most `limit` long.

    It is cut between words before anything is looked for, since half a secret has no shape.
    """
    most = max(LOOKED_AT, 2 * limit)
    if len(text) > most:
        text = text[:most].rsplit(None, 1)[0] if text[:most].strip() else ""
    line = " ".join(without_secrets(_CONTROL.sub("", text)).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def without_people(text: str, own: frozenset[str] = frozenset()) -> str:
    """Take secrets and e-mail addresses but `own` out of a text of many lines, such as an exception's trace."""
    return _without_addresses(without_secrets(text), own)


def called(login: str | None, policy: Policy) -> str | None:
    """Return a user's login for the desk's people and the operator, who must know whom it is about."""
    return "(login withheld)" if login and "login" in policy.never_attributes else login


@lru_cache(maxsize=1024)
def _any_of(spellings: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(spellings, key=lambda text: (-len(text), text))
    known = (r"\s+".join(map(re.escape, text.split())) for text in longest_first)
    return re.compile("|".join(rf"(?<!\w){words}(?!\w)" for words in known), re.IGNORECASE)


def _without_addresses(text: str, own: frozenset[str] = frozenset()) -> str:
    """Mask the addresses; the quote that opens a quoted one is taken for a part of it, as O'Hara's is."""
    return _ADDRESS.sub(lambda found: found[0] if found[0].lstrip("'") in own else _covered(found[0]), text)


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None and not isinstance(value, bool | Mapping):
        yield " ".join(str(value).split())


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
