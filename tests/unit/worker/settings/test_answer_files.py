"""The public texts: the shipped ones are complete, a folder overrides them, faults are found at start-up."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker.settings.answer_files import SHIPPED, templates
from worker.settings.faults import SettingsError
from worker.settings.tables import TextsSettings
from workflows.notes.audience import TEMPLATES


def own(folder: Path, name: str, text: str, language: str = "en") -> TextsSettings:
    (folder / language).mkdir(parents=True, exist_ok=True)
    (folder / language / f"{name}.txt").write_text(text, encoding="utf-8")
    return TextsSettings(folder=folder, language=language)


@pytest.mark.parametrize("language", sorted(path.name for path in SHIPPED.iterdir()))
def test_a_shipped_language_is_complete(language: str) -> None:
    assert set(TEMPLATES) == set(templates(TextsSettings(), language))


def test_a_text_of_ones_own_overrides_only_its_shipped_one(tmp_path: Path) -> None:
    found = templates(own(tmp_path, "resolved_neutral", "All done with {ticket}."), "en")
    assert "All done with {ticket}." == found["resolved_neutral"]
    assert set(TEMPLATES) == set(found)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("resolved_neutral", "Hello {person}", "{person}"),
        ("resolved_neutral", "Hello {ticket.__class__}", "{ticket.__class__}"),
        ("resolved_neutral", "Hello {ticket!r}", "{ticket!r}"),
        ("resolved_neutral", "Hello {ticket", "braces"),
        ("resolved_neutral", "Hello }", "braces"),
        ("resolved_neutral", " \n", "empty"),
        ("resolved_neutrally", "Hello", "no text of this name"),
    ],
)
def test_a_text_that_cannot_be_filled_in_is_refused_with_its_file(
    name: str, text: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as caught:
        templates(own(tmp_path, name, text), "en")
    assert f"{name}.txt" in str(caught.value)
    assert told in str(caught.value)


def test_a_language_of_ones_own_must_be_complete(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="question_needs_information"):
        templates(own(tmp_path, "resolved_neutral", "Terminé.", "fr"), "fr")
