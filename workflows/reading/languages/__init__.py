"""The languages that the reader knows, each as data alone, so that a further one needs no code."""

from __future__ import annotations

from workflows.reading.languages import (
    danish,
    dutch,
    english,
    french,
    german,
    italian,
    japanese,
    norwegian,
    polish,
    portuguese,
    spanish,
    swedish,
)
from workflows.reading.languages.language import Language

LANGUAGES: tuple[Language, ...] = (
    english.LANGUAGE,
    german.LANGUAGE,
    french.LANGUAGE,
    spanish.LANGUAGE,
    portuguese.LANGUAGE,
    dutch.LANGUAGE,
    italian.LANGUAGE,
    polish.LANGUAGE,
    swedish.LANGUAGE,
    danish.LANGUAGE,
    norwegian.LANGUAGE,
    japanese.LANGUAGE,
)
