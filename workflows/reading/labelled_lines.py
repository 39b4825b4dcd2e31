"""Lines that say what they hold: "Affected user: ...", "u_expected_value=...", "What should it show? -> ...".

The forms of ticket systems, templates and scripts print them. A line that repeats a label begins another record, so
that two users' values are not mixed up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from workflows.reading.value_ends import filled_in, is_placeholder
from workflows.values.masking import plain

LONGEST = 200  # characters of a labelled value; no identifier and no profile value that people type is longer
LABELS: Mapping[str, tuple[str, ...]] = {
    "user": (
        "user", "users", "user affected", "affected user", "affected users", "affected user id", "affected person",
        "affected employee", "login", "username", "user name", "okta user", "user id", "employee", "requested for",
        "who is affected", "who", "for whom", "upn", "userprincipalname", "benutzer", "betroffener benutzer",
        "betroffene person", "mitarbeiter", "utilisateur", "utilisateur concerné", "usuario", "usuaria",
        "usuario afectado", "usuário", "usuário afetado", "gebruiker", "betrokken gebruiker", "utente",
    ),
    "attribute": (
        "field to correct", "wrong field",
        "attribute", "attributes", "field", "fields", "profile attribute", "profile field",
        "attribute name", "what is wrong", "which attribute", "which attribute is wrong", "wrong attribute",
        "attribute that is wrong", "affected attribute", "affected field", "attribute affected", "field affected",
        "attribute not updating", "attributes not updating", "field not updating", "attribute not updated",
        "attribut", "feld", "champ", "champ concerné", "atributo",
        "campo", "attribuut", "veld", "attributo",
    ),
    "expected": (
        "value wanted", "wanted value", "value expected", "expected", "expected value", "should be", "should show",
        "new value", "correct value", "new", "right value", "desired value", "target value", "what should it be",
        "what should it show", "what should okta show", "value in ad", "ad value", "erwartet", "erwarteter wert",
        "neuer wert", "soll", "sollwert", "richtiger wert", "valeur attendue", "nouvelle valeur", "esperado",
        "valor esperado", "valor nuevo", "nuevo valor", "valor correcto", "novo valor", "valor correto", "verwacht",
        "verwachte waarde", "nieuwe waarde", "valore atteso",
    ),
    "still": (
        "value now", "shown", "actual", "actual value", "current", "current value", "old value", "shows", "still shows",
        "what does okta show", "okta shows", "value in okta", "okta value", "current value in okta", "wrong value",
        "aktuell", "aktueller wert", "alter wert", "istwert", "valeur actuelle", "ancienne valeur", "valor actual",
        "valor atual", "valor antiguo", "huidige waarde", "oude waarde",
    ),
}  # fmt: skip
OKTA, DIRECTORY = "okta", "directory"  # what the two hold; beside each other they say which value is wanted
_SYSTEMS = {"okta": OKTA, "in okta": OKTA, "ad": DIRECTORY, "in ad": DIRECTORY, "active directory": DIRECTORY} | {
    "ldap": DIRECTORY,
    "directory": DIRECTORY,
}
_PART_OF = {label: part for part, labels in LABELS.items() for label in labels} | _SYSTEMS
_BEGINS = re.compile(r"^(?:[\s*_•\-–#➡▶→✔✅👉\ufe0f]|\d{1,2}[.)]\s|\[[ x]?\]){0,12}")
_ENDS = re.compile(r"\s*(?::|=(?!>)|\?\s*(?:->|→|=>|:)?|->|→|=>|\s[-–—]\s)[\s*_]*")
_NEXT_LABEL = re.compile(
    rf"\s*[,;]?\s+(?=(?:{'|'.join(sorted(map(re.escape, _PART_OF), key=len, reverse=True))})\s*[:=]\s)", re.I
)
_AROUND = re.compile(r"""^(?:"([^"]*)"|'([^']*)'|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|`([^`]*)`)\s*,?$""")
# What people write behind a value to say which of two is right: "Rare Books (correct!)".
_THIS_IS = r"\(\W*(?:this\s+(?:value\s+)?is\s+)?"
_RIGHT_ASIDE = re.compile(rf"\s*{_THIS_IS}(?:right|correct|ok)[!.\s]*\)$", re.I)
_WRONG_ASIDE = re.compile(
    rf"\s*{_THIS_IS}(?:wrong|incorrect|not\s+(?:right|correct|ok))\b(?:\W*|\s*,[^()]{{1,100}})\)$", re.I
)
_OTHER_ASIDE = re.compile(r"\([^()]*\b(?:right|correct|wrong|incorrect|ok|typo)\b[^()]*\)", re.I)
_LONGEST_LABEL = 60


def part_of(line: str) -> tuple[str, str] | None:
    """Return the part that a labelled line names, and its value, which may be empty; None for any other line."""
    cells = [cell.strip() for cell in line.split("|") if cell.strip()] if "|" in line else []
    if len(cells) == 2 and _label(cells[1]) not in _PART_OF:  # noqa: PLR2004  # label and value, no table's header
        line = f"{cells[0]}: {cells[1]}"
    start = _BEGINS.match(line)
    end = _ENDS.search(line, start.end() if start else 0, _LONGEST_LABEL)
    if not start or not end:
        return None
    part = _PART_OF.get(_label(line[start.end() : end.start()]))
    return (part, plain(filled_in(_unquoted(line[end.end() :].strip().rstrip("*_"))), LONGEST)) if part else None


def labelled(lines: Iterable[str]) -> dict[str, str]:
    """Return the parts that labelled lines name; the last line of a label wins."""
    return {part: value for record in records(lines) for part, value in record.items()}


def records(lines: Iterable[str]) -> list[dict[str, str]]:
    """Return the labelled lines in records; a label that comes again with another value begins the next one."""
    found: list[dict[str, str]] = [{}]
    for line in (part for whole in lines for part in _members(whole)):
        match = part_of(line)
        if match is None or is_placeholder(match[1]) or part_of(match[1]):  # a label in a value's place is no value
            continue
        part, value = match
        record = found[-1]
        if record.get(part, value) != value:
            keeps = {"user": record["user"]} if part != "user" and "user" in record else {}
            found.append(record := keeps)
        record[part] = value
    return [_beside(record) for record in found if record]


def _beside(record: dict[str, str]) -> dict[str, str]:
    """Take the directory's value for the wanted one where both systems' values of an attribute stand together."""
    okta, directory = record.pop(OKTA, None), record.pop(DIRECTORY, None)
    if not (okta and directory and "attribute" in record):
        return record
    if _WRONG_ASIDE.search(directory) or _RIGHT_ASIDE.search(okta):
        okta, directory = directory, okta
    okta, directory = (_WRONG_ASIDE.sub("", _RIGHT_ASIDE.sub("", value)) for value in (okta, directory))
    if _OTHER_ASIDE.search(okta) or _OTHER_ASIDE.search(directory):
        return record  # which of the two is right is said in words that are not read
    return {"expected": directory, "still": okta} | record


def _members(line: str) -> list[str]:
    """Return the members of a line of JSON, or of several labels in one line, each as a line."""
    if not line.lstrip().startswith("{"):
        cells = [cell for cell in line.strip("| ").split("|") if "|" in line]
        if len(cells) > 1 and all(part_of(cell) for cell in cells):
            return cells
        parts = _NEXT_LABEL.split(line) if part_of(line) else [line]
        return parts if all((part_of(part) or ("", ""))[1] for part in parts) else [line]
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return [line]  # a brace of another kind, or brackets too deep for anybody
    return [f"{name}: {value}" for name, value in found.items() if isinstance(value, str | int)]


def _unquoted(value: str) -> str:
    """Return a value without the quotes around it and the comma behind them, which scripts write."""
    match = _AROUND.match(value)
    return next(part for part in match.groups() if part is not None) if match else value


def _label(text: str) -> str:
    """Return a label without what forms put around it: brackets, underscores, a table's prefix, a number behind."""
    words = re.sub(r"\([^()]*\)", " ", text.replace("_", " ")).casefold().strip(" *\"'")
    return " ".join(re.sub(r"\s\d{1,2}$", "", words).removeprefix("u ").split())
