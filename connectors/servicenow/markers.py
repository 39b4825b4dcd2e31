"""The markers by which our own notes are found again: written at the end of each work note, and read from journals.

What requesters read carries none: the work note of the same change is marked, and names the comment by a hash of it.
"""

from __future__ import annotations

import hashlib
import re

SENT = "Sent to the requester."  # the work note of a change that has only a public comment
MARKER = re.compile(r"\[forcesync ([0-9a-z.-]+)(?: ([0-9a-f]{16}))?\]$", re.MULTILINE)


def marked(text: str, marker: str, public: str) -> str:
    """Write a work note with its marker, which names the `public` comment of the same change, if there is one."""
    mark = f"[forcesync {marker} {digest(public)}]" if public else f"[forcesync {marker}]"
    return f"{text}\n\n{mark}" if text else f"{SENT} {mark}"


def digest(text: str) -> str:
    """Return a short hash of a comment's words, whatever the spaces and line breaks between them."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


def marker_in(text: str) -> str | None:
    """Return the marker that a journal entry carries."""
    return _mark(text)[0] or None


def named_in(text: str) -> str:
    """Return the hash of the public comment that a work note's marker names; "" for none."""
    return _mark(text)[1]


def _mark(text: str) -> tuple[str, str]:
    found = MARKER.findall(text.replace("\r\n", "\n"))
    return found[-1] if found else ("", "")
