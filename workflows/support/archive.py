"""The ZIP itself: never above Okta's limit, the same bytes for the same files, and a manifest that is true of it.

Okta limits an attachment of a Support Case to 2 MB
(https://support.okta.com/help/s/article/How-to-Create-a-Support-Case).
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

MOST_BYTES = 2_000_000  # Okta's limit for an attachment, in bytes, counted the small way
LONGEST_TEXT = 100_000  # characters of a member that is never left out; a person reads less
# What is left out first if the whole would be too large: the rest tells it in short.
CUT_ORDER = (
    "system-log.json",
    "import-history.json",
    "timeline.json",
    "schema-limits.json",
    "mapping.json",
    "users.json",
    "summary.html",
    "agents.json",
    "evidence.json",
    "attempts.json",
    "instance.json",
)
MANIFEST = "manifest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a ZIP's earliest time: the same case gives the same bytes
_CUT = "\n(cut here: the text was too long)\n"


def as_json(content: Any) -> str:
    """Write a member as JSON that people can read."""
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def archived(files: Mapping[str, str], now: datetime) -> bytes:
    """Pack the files with their manifest; members are left out in `CUT_ORDER` until the whole is small enough."""
    kept = {name: text if name in CUT_ORDER else _cut(text) for name, text in files.items()}
    left_out: dict[str, Any] = {}
    content = _zipped(kept, left_out, now)
    for name in CUT_ORDER:
        if len(content) <= MOST_BYTES:
            break
        if name in kept:
            left_out[name] = _told(kept.pop(name))
            content = _zipped(kept, left_out, now)
    return content


def _zipped(files: Mapping[str, str], left_out: Mapping[str, Any], now: datetime) -> bytes:
    manifest = {
        "written_at": now.isoformat(),
        "files": {name: _told(text) for name, text in files.items()},
        "left_out": dict(left_out),
        "why_left_out": f"the ZIP may have {MOST_BYTES} bytes; members go in this order: {', '.join(CUT_ORDER)}",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**files, MANIFEST: as_json(manifest)}.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _told(text: str) -> dict[str, Any]:
    content = text.encode()
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - len(_CUT)] + _CUT
