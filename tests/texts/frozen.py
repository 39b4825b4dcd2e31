"""The texts of the frozen stories: the comments that the worker wrote, and the members of its files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from workflows.precheck.verdicts import Team

STORIES = Path(__file__).resolve().parents[1] / "e2e" / "frozen"
_TICKET = re.compile(r"^===== (?P<key>\S+) \((?P<desk>\w+), (?P<place>\w+)\)$", re.MULTILINE)
_COMMENT = re.compile(
    r"^--- (?P<visibility>\w+) comment by \S*forcesync\S*, (?P<at>\S+?):\n(?P<body>(?:    .*\n)+)", re.MULTILINE
)
_MEMBER = re.compile(r"^member (?P<name>[\w.-]+), .*:\n(?P<body>(?:    .*\n)+)", re.MULTILINE)
_PAGE = re.compile(r"^--- attachment \S*evidence\.html .*\ncontent:\n(?P<body>(?:    .*\n)+)", re.MULTILINE)
_STATUS = re.compile(r"^status: (.*)$", re.MULTILINE)
_VARIES = re.compile(r"<[^>]*>|\S*@\S*|[A-Z]+-?\d+|\d+|\S+\.example\.com")


class Comment(NamedTuple):
    """One comment of the worker's, with its ticket; `team` is whom its text addresses."""

    story: str
    desk: str
    place: str
    ticket: str
    visibility: str
    body: str
    team: Team | None

    @property
    def kind(self) -> tuple[str, str, str]:
        """Return what tells this text from others: where it is read, and its first words without names and numbers."""
        lines = [line for line in self.body.splitlines() if line.strip()]
        return self.desk, self.visibility, _VARIES.sub("", " ".join(lines[:2]))[:110]


class Told(NamedTuple):
    """A ticket of a story: its last status, and the worker's comments on it."""

    story: str
    ticket: str
    place: str
    status: str
    comments: tuple[Comment, ...]


def tickets() -> Iterator[Told]:
    """Yield every ticket of every frozen story."""
    for file in sorted(STORIES.glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        heads = list(_TICKET.finditer(text))
        for head, end in zip(heads, [*(item.start() for item in heads[1:]), len(text)], strict=True):
            shown = text[head.end() : end]
            comments = (
                Comment(file.stem, head["desk"], head["place"], head["key"], found["visibility"], body, _team(body))
                for found in _COMMENT.finditer(shown)
                if (body := _flush(found["body"]))
            )
            status = _STATUS.search(shown)
            yield Told(file.stem, head["key"], head["place"], status[1] if status else "", tuple(comments))


def member(name: str, story: str) -> str:
    """Return a file of the package for Okta Support, as one story's ticket holds it."""
    text = (STORIES / f"{story}.txt").read_text(encoding="utf-8")
    return next(_flush(found["body"]) for found in _MEMBER.finditer(text) if found["name"] == name)


def evidence_page(story: str) -> str:
    """Return the evidence page of a story's hand-over."""
    text = (STORIES / f"{story}.txt").read_text(encoding="utf-8")
    return next(_flush(found["body"]) for found in _PAGE.finditer(text))


def _team(body: str) -> Team | None:
    longest = sorted(Team, key=len, reverse=True)
    return next((team for team in longest if f"{team}:" in body), None)


def _flush(body: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in body.splitlines()).strip()
