"""Builds the page: the frozen stories' notes as the desks render them, by reader, and every text that fills them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from connectors.jira.writing.rendering import wiki
from tests.texts.frozen import Comment, evidence_page, member, tickets
from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import because, handed_over, judged, stale_copy
from worker.settings.answer_files import SHIPPED
from workflows.model import Case, Note, Policy, Press, Reason, Refresh, Text, Verdict, VerdictKind
from workflows.model import ReasonKind as R
from workflows.notes import endings, patterns, progress
from workflows.notes.audience import TEMPLATES, Reader
from workflows.notes.console import admin_console
from workflows.notes.handovers import HANDOVERS
from workflows.notes.patterns import Common, Counted
from workflows.notes.reasons import SENTENCES
from workflows.notes.titles import TOLD
from workflows.precheck.verdicts import VERDICTS, Team

STYLE = (
    "body{font:15px/1.45 sans-serif;margin:2em auto;max-width:76em;padding:0 1em}"
    "article{border:1px solid #ccc;border-left:4px solid #777;margin:1em 0;padding:.6em 1em}"
    "article.public{border-left-color:#2a7}small{color:#666}pre{white-space:pre-wrap;font:inherit;margin:.4em 0}"
    "table{border-collapse:collapse;margin:.5em 0}td,th{border:1px solid #bbb;padding:.25em .5em;text-align:left;"
    "vertical-align:top}iframe{width:100%;height:50em;border:0}"
    ".pair{display:grid;grid-template-columns:1fr 1fr;gap:1em}"
)
ORG_URL = "https://example.okta.com"  # an org whose console has an address that is known
TICKET = "INC0010001"
SUPPORT_STORY = "without_effect_issue"
EVIDENCE_STORY = "same_fault_for_the_directory_team"
MEMBERS = ("README.txt", "form.txt")
NOTES = {
    "ServiceNow, work notes": ("servicenow", "internal"),
    "Jira service project, internal comments": ("jira", "internal"),
    "Jira software project, seen by everybody": ("jira", "public"),
}
_ESCAPED = re.compile(r"\\([^\w\s])")


def page() -> str:
    """Return the page as HTML."""
    body = "\n".join((*_hand_overs(), *_notes(), *_seldom(), *_requesters(), *_support(), *_sentences()))
    head = f'<meta charset="utf-8"><title>Every text of forcesync</title><style>{STYLE}</style>'
    top = f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body><h1>Every text of forcesync</h1>'
    return f"{top}\n{body}\n</body></html>\n"


def _comments() -> tuple[Comment, ...]:
    """Return one comment of each kind."""
    kinds: dict[tuple[str, str, str], Comment] = {}
    for ticket in tickets():
        for comment in ticket.comments:
            kinds.setdefault(comment.kind, comment)
    return tuple(kinds.values())


def _is_note(comment: Comment) -> bool:
    """Say whether a comment is for the desk's people: internal, or on a project that has nothing internal."""
    return comment.visibility == "internal" or comment.place == "ENG"


def _hand_overs() -> Iterator[str]:
    for team in (Team.DIRECTORY, Team.OKTA, Team.DESK):
        found = (item for item in _comments() if item.team is team and _is_note(item))
        yield from _section(f"For: {team}", found)


def _notes() -> Iterator[str]:
    for title, (desk, visibility) in NOTES.items():
        notes = (item for item in _comments() if _is_note(item) and item.team is None)
        yield from _section(title, (item for item in notes if (item.desk, item.visibility) == (desk, visibility)))


def _seldom() -> Iterator[str]:
    """Yield the notes that no story has."""
    yield "<h2>Seldom written</h2>"
    reader, run = build.reader(Policy()), build.started_run()
    paused = Reason.of(R.BY_A_PERSON, by="eve@example.com", since="2026-03-02 08:00 UTC", why="a freeze until Friday")
    refused = Reason.of(R.CHANGE_REFUSED, words="Assignment group is mandatory")
    case = judged(build.asking("department", expected="Finance"))
    several = judged(build.asking("department", "title"))
    held_up = stale_copy().subjects[0]
    paused_imports = Reason.of(R.IMPORTS_PAUSED, at=build.NOW)
    if held_up.verdict:
        held_up = held_up.but(seen=(), verdict=held_up.verdict.but(suspicions=(paused_imports,)))
    stale = stale_copy().but(subjects=(held_up,))
    unconfirmed = Reason.of(R.NOT_CONFIRMED)
    doubted = several.subjects[0]
    if doubted.verdict:
        doubted = doubted.but(verdict=doubted.verdict.but(kind=VerdictKind.UNCONFIRMED, reason=unconfirmed))
    behind, linked = judged(build.asking("department", expected="Finance")), replace(reader, org_url=ORG_URL)
    refreshing = replace(linked, policy=Policy(refresh={"corp.example.com": Refresh.PROFILE_PAGE}))
    pressed = build.started_run(by_hand=True, press=Press(at=build.NOW), deadline=build.NOW, decision=build.approval())
    for note in (
        progress.joined(case, case, reader, by_itself=False),
        progress.led_by(case, reader),
        progress.confirmation(several, build.NOW, reader, silence_ends=True),
        progress.approved_start(pressed, reader),
        handed_over(stale, because(stale), reader=reader, until=build.NOW),
        handed_over(several.but(subjects=(doubted,)), unconfirmed, reader=reader),
        handed_over(several, Reason.of(R.NO_EFFECT), run=pressed, reader=reader),
        Note(blocks=(Text(text=patterns.alarm(case, None, Counted(5), case, Common("corp.example.com"), reader)),)),
        progress.asks_to_open_the_page(_verdict(behind), build.NOW, linked),
        endings.advised(stale, refreshing),
        progress.waits_for_the_switch(run, paused, build.NOW, reader),
        progress.cannot_press(run, "the right to run Force Sync", build.NOW, reader),
        endings.hand_over_refused(refused, reader),
        handed_over(case.but(subjects=(case.subjects[0].but(seen=()),)), refused, run=run, reader=reader),
        endings.not_judged(case, reader, refused),
        endings.if_they_may(stale_copy(), build.reader(Policy(open_attributes=frozenset({"department"}))))
        or Note(blocks=()),
    ):
        yield f'<article class="internal">{_wiki(wiki(note, admin_console(ORG_URL)))}</article>'


def _verdict(case: Case) -> Verdict:
    """Return the verdict on a case's one user."""
    (verdict,) = filter(None, (item.verdict for item in case.subjects))
    return verdict


def _sentences() -> Iterator[str]:
    """Yield what every verdict's note begins with and asks for, and the sentence of every reason."""
    yield "<h2>Every verdict</h2><table>"
    for kind, told in TOLD.items():
        yield _row((kind, told.title, f"{VERDICTS[kind].team}: {told.next_step}"), "td")
    for end, handover in HANDOVERS.items():
        yield _row((end, handover.title, f"{handover.team}: {handover.next_step}"), "td")
    yield "</table><h2>Every reason</h2><table>"
    for reason, text in SENTENCES.items():
        yield _row((reason, text), "td")
    yield "</table>"


def _requesters() -> Iterator[str]:
    yield from _section("Requesters, as it arrives", (item for item in _comments() if not _is_note(item)))
    yield "<h2>Requesters, every text by language</h2>"
    languages = sorted((folder.name for folder in SHIPPED.iterdir()), reverse=True)
    readers = [build.reader(Policy(), language=language, zone=ZoneInfo("Europe/Berlin")) for language in languages]
    for name in TEMPLATES:
        pair = "".join(f"<div>{_wiki(wiki(reader.note(name, **_filled(reader))))}</div>" for reader in readers)
        yield f'<article class="public"><small>{name}</small><div class="pair">{pair}</div></article>'


def _filled(reader: Reader) -> dict[str, str]:
    """Return what stands for each placeholder, as a desk's people read it."""
    time = {"date": "DATE", "clock": "18:00", "zone": "ZONE"}
    return time | {"ticket": TICKET, "by": reader.here(build.NOW), "attributes": reader.names(["department"])}


def _support() -> Iterator[str]:
    yield "<h2>Okta Support</h2>"
    for name in MEMBERS:
        yield f"<article><small>{name}</small><pre>{html.escape(member(name, SUPPORT_STORY))}</pre></article>"
    yield _framed("summary.html", member("summary.html", SUPPORT_STORY))
    yield "<h2>The evidence page of a hand-over</h2>"
    yield _framed("evidence.html", evidence_page(EVIDENCE_STORY))


def _framed(name: str, text: str) -> str:
    """Show a page in the page, with its own style."""
    return f'<article><small>{name}</small><iframe srcdoc="{html.escape(text)}"></iframe></article>'


def _section(title: str, comments: Iterable[Comment]) -> Iterator[str]:
    yield f"<h2>{html.escape(title)}</h2>"
    for item in comments:
        where = f"{item.ticket} ({item.desk}, {item.place}), {item.visibility}, story {item.story}"
        shown = _wiki(item.body) if item.desk == "jira" else f"<pre>{html.escape(item.body)}</pre>"
        yield f'<article class="{item.visibility}"><small>{where}</small>{shown}</article>'


def _wiki(text: str) -> str:
    """Show wiki markup, as far as our notes use it, as Jira does."""
    shown = []
    for line in text.splitlines():
        plain = html.escape(_ESCAPED.sub(r"\1", line))
        if line.startswith("||"):
            shown.append(_row(line.strip("|").split("||"), "th"))
        elif line.startswith("|"):
            shown.append(_row(re.split(r"(?<!\\)\|", line[1:-1]), "td"))
        elif line.startswith("* "):
            shown.append(f"<li>{plain[2:]}</li>")
        elif re.fullmatch(r"\*.+\*", line):
            shown.append(f"<p><b>{plain[1:-1]}</b></p>")
        elif plain:
            shown.append(f"<p>{plain}</p>")
    joined = "\n".join(shown)
    joined = re.sub(r"(?:<tr>.*</tr>\n?)+", lambda rows: f"<table>{rows[0]}</table>", joined)
    return re.sub(r"(?:<li>.*</li>\n?)+", lambda items: f"<ul>{items[0]}</ul>", joined)


def _row(cells: Iterable[str], tag: str) -> str:
    shown = (html.escape(_ESCAPED.sub(r"\1", cell)) for cell in cells)
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in shown)}</tr>"
