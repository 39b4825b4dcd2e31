"""Removes the worker's own secrets from every text, in the forms in which a product may repeat them.

They have no label or shape of their own: a password is whatever somebody chose. So each is noted when it is first sent,
for the whole process: a text of one product may hold the secret of another.
"""

from __future__ import annotations

import json
import re
import threading
from html import escape
from urllib.parse import quote, quote_plus

from workflows.values.secrets_known import REMOVED

SHORTEST = 4  # characters; a shorter one stands in half of all sentences, and is guessed sooner than read
ONLY_AS_A_WORD = 8  # characters; a shorter one may be a part of a word
MOST = 50  # access tokens change every hour, and the oldest are no longer valid; one still in use is noted again


class _OwnSecrets:
    """The secrets that were sent by this process; threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: tuple[str, ...] = ()  # in order of their first use; replaced, so that readers need no lock
        self._forms: tuple[str, ...] = ()  # the longest first, since one may be a part of another

    def add(self, secret: str) -> None:
        if len(secret) < SHORTEST or secret in self._secrets:
            return
        with self._lock:
            self._secrets = (*self._secrets, secret)[-MOST:]
            self._forms = tuple(sorted({form for one in self._secrets for form in _forms(one)}, key=len, reverse=True))

    def removed_from(self, text: str) -> str:
        for form in self._forms:
            if form in text:
                whole = r"(?<!\w){}(?!\w)" if len(form) < ONLY_AS_A_WORD else "{}"
                text = re.sub(whole.format(re.escape(form)), REMOVED, text)
        return text


def _forms(secret: str) -> tuple[str, ...]:
    """Return a secret as it is, as in a URL or a form, in JSON, and in HTML."""
    in_a_url = (quote(secret), quote(secret, safe=""), quote_plus(secret))
    return secret, *in_a_url, json.dumps(secret)[1:-1], escape(secret)


_OWN = _OwnSecrets()


def keep_out(secret: str) -> None:
    """Remove this secret of ours from every text from now on."""
    _OWN.add(secret)


def without_own(text: str) -> str:
    """Replace every secret of ours in a text."""
    return _OWN.removed_from(text)
