"""The tables of a ticket's calls in connectors/README.md."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

README = Path(__file__).resolve().parents[2] / "connectors" / "README.md"


def page_of(desk: str, column: str) -> dict[str, Counter[str]]:
    """Return the calls of each phase, by phase, from one column of a desk's table."""
    _, _, section = README.read_text(encoding="utf-8").partition(f"\n### {desk}\n")
    section = section.partition("\n#")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    header, place = rows[0], rows[0].index(column)
    assert header[0] == "phase"
    return {row[0]: Counter(filter(None, row[place].split(", "))) for row in rows[2:]}
