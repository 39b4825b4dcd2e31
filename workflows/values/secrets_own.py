"""Removes the worker's own secrets from every text, in the forms in which a product may repeat them.

They have no label or shape of their own: a password is whatever somebody chose. So each is noted when it is first sent,
for the whole process: a text of one product may hold the secret of another.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable
from html import escape
from urllib.parse import quote, quote_plus

from workflows.values.secrets_known import REMOVED

SHORT = 8  # characters; a shorter one may be a word, or a part of one
_ODD = re.compile(r"[\d!@#$%^&*+?~]")
_GROUPS = re.compile(r"(?:[A-Z0-9]{4,8}-){2,7}[A-Z0-9]{4,8}")  # of a recovery code
MOST = 50  # access tokens change every hour, and the oldest are no longer valid; one still in use is noted again


class _OwnSecrets:
    """The secrets that were sent by this process; threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: tuple[str, ...] = ()  # in order of their first use
        self.forms: tuple[str, ...] = ()  # replaced, so that readers need no lock

    def add(self, secret: str) -> None:
        if secret in self._secrets or (len(secret) < SHORT and not made_up(secret)):
            return
        with self._lock:
            self._secrets = (*self._secrets, secret)[-MOST:]
            self.forms = _forms(self._secrets)


_OWN = _OwnSecrets()


def keep_out(secret: str) -> None:
    """Remove this secret of ours from every text from now on; a short one only if it is no ordinary word."""
    _OWN.add(secret)


def without_own(text: str, sent: Iterable[str] = ()) -> str:
    """Replace every secret of ours in a text, and whatever is in `sent`, as in an answer to it."""
    for form in (*_forms(sent), *_OWN.forms):
        if form in text:
            whole = r"(?<!\w){}(?!\w)" if len(form) < SHORT else "{}"
            text = re.sub(whole.format(re.escape(form)), REMOVED, text)
    return text


def made_up(word: str) -> bool:
    """Say whether a word looks made up: letters with digits or signs, a number, or groups such as `ABCD-EFGH-IJKL`."""
    odd = _ODD.search(word.rstrip("?!.")) is not None
    if _GROUPS.fullmatch(word):
        return True
    return odd and (any(letter.isalpha() for letter in word) or word.isdigit())


def _forms(secrets: Iterable[str]) -> tuple[str, ...]:
    """Return secrets as they are, as in a URL or form, in JSON and in HTML, longest first: one may hold another."""
    found = set[str]()
    for secret in filter(None, secrets):
        found |= {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}
        found |= {json.dumps(secret)[1:-1], escape(secret)}
    return tuple(sorted(found, key=len, reverse=True))
