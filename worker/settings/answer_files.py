"""The public texts: one file each, shipped in English and German; a folder named in the settings overrides them.

They are read and checked once, at start-up, so that a text that cannot be filled in never reaches a ticket.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from worker.settings.faults import SettingsError
from worker.settings.tables import TextsSettings
from workflows.notes.audience import OPTIONAL, TEMPLATES, fault_of

SHIPPED = Path(__file__).parent / "answers"
SUFFIX = ".txt"


def templates(settings: TextsSettings, language: str) -> Mapping[str, str]:
    """Return every public text of a language: from the settings' folder where it has one, else as shipped."""
    found = dict(_of(SHIPPED / language))
    if settings.folder is not None:
        folder = settings.folder / language
        found |= dict(_of(folder))
    missing = [name for name in TEMPLATES if name not in found and name not in OPTIONAL]
    if missing:
        where = f"{settings.folder / language}" if settings.folder else "texts.folder (not set)"
        raise SettingsError(
            f"the language {language!r} lacks the text {missing[0]!r}: {where} has no {missing[0]}{SUFFIX}; "
            f"complete languages: {', '.join(sorted(path.name for path in SHIPPED.iterdir()))}"
        )
    return {name: found.get(other, other) for name, other in OPTIONAL.items()} | found


def _of(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"the text {path} cannot be read: {error}") from error
        if fault := fault_of(path.stem, text):
            raise SettingsError(f"the text {path} cannot be used: {fault}")
        yield path.stem, text
