"""A note as a file: Markdown, and one HTML page for printing; every text is made inert first."""

from __future__ import annotations

import html

from workflows.model import Bullets, Heading, Note, Table, Text

_STYLE = (
    "body{font:11pt sans-serif;max-width:55em;margin:2em}table{border-collapse:collapse}"
    "td,th{border:1px solid #888;padding:.2em .5em;text-align:left;vertical-align:top}@media print{body{margin:0}}"
)
# The page holds nothing that is fetched or run, and says so to whatever shows it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def markdown(note: Note) -> str:
    """Write a note as Markdown."""
    lines: list[str] = []
    for block in note.blocks:
        if isinstance(block, Heading):
            lines.append(f"## {_inert(block.text)}")
        elif isinstance(block, Text):
            lines.append(_inert(block.text))
        elif isinstance(block, Bullets):
            lines.append("\n".join(f"- {_inert(item)}" for item in block.items))
        else:
            rows = [block.header, ("---",) * len(block.header), *block.rows]
            lines.append("\n".join("| " + " | ".join(_inert(cell) for cell in row) + " |" for row in rows))
    return "\n\n".join(lines) + "\n"


def printable(note: Note, title: str) -> str:
    """Write a note as one HTML page without scripts, styles from elsewhere or links."""
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style>"
    )
    body = "\n".join(_html(block) for block in note.blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body><h1>{html.escape(title)}</h1>\n{body}\n'
        "</body></html>\n"
    )


def _html(block: Heading | Text | Bullets | Table) -> str:
    if isinstance(block, Heading):
        return f"<h2>{html.escape(block.text)}</h2>"
    if isinstance(block, Text):
        return f"<p>{html.escape(block.text)}</p>"
    if isinstance(block, Bullets):
        return "<ul>" + "".join(f"<li>{html.escape(item)}</li>" for item in block.items) + "</ul>"
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in block.header)
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in block.rows)
    return f"<table><tr>{head}</tr>{rows}</table>"


def _inert(text: str) -> str:
    line = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|!" else sign for sign in line)
