"""Write the part of a lock file that the image needs: what the project itself needs, and what that needs in turn.

    python3 docker/runtime_lock.py requirements.lock > runtime.lock

The lock says behind each package who asked for it; packages that only the tests and tools asked for are left out.
Setuptools stays, since it builds the project.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

OURS = "forcesync (pyproject.toml)"
BUILDS = "setuptools"


def runtime(lock: str) -> str:
    """Return the entries of the packages that the project runs with; raises `ValueError` for a lock of another form."""
    entries = {match["name"]: match[0] for match in re.finditer(r"^(?P<name>[\w.-]+)==.*\n(?:[ ]+.*\n)+", lock, re.M)}
    if "".join(entries.values()) != lock:
        raise ValueError("requirements.lock: every entry should be NAME==VERSION, its hashes and a `# via` comment")
    asked_by = {name: _asked_by(entry) for name, entry in entries.items()}
    kept = {name for name, askers in asked_by.items() if OURS in askers or name == BUILDS}
    while more := {name for name, askers in asked_by.items() if askers & kept} - kept:
        kept |= more
    return "".join(entry for name, entry in entries.items() if name in kept)


def _asked_by(entry: str) -> set[str]:
    comment = entry[entry.index("# via") + len("# via") :]
    return {line.strip(" #") for line in comment.splitlines() if line.strip(" #")}


if __name__ == "__main__":
    sys.stdout.write(runtime(Path(sys.argv[1]).read_text(encoding="utf-8")))
