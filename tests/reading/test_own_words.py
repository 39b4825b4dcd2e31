"""Of every mail program's quotes, forwards and signatures, nothing is left but the person's own words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from workflows.reading.languages import LANGUAGES
from workflows.reading.own_words import own_words
from workflows.reading.vocabulary import vocabulary_of

MAILS = Path(__file__).with_name("mails")
MOST = 200_000
WITHOUT_MAILS = {"nb"}  # languages whose mails nobody has collected yet


def mails() -> Iterator[Any]:
    for path in sorted(MAILS.glob("*.json")):
        for number, mail in enumerate(json.loads(path.read_text(encoding="utf-8")), 1):
            name = f"{path.stem} {number}: {mail['name']} ({mail['language']})"
            yield pytest.param(mail["text"], mail["own"], id=name)


@pytest.mark.parametrize(("text", "own"), list(mails()))
def test_a_mails_own_words_are_kept_and_nothing_else(text: str, own: list[str]) -> None:
    found = own_words(text, vocabulary_of({}), MOST)
    assert own == [line.strip() for line in found.lines]
    assert not found.cut


def test_every_language_has_mails() -> None:
    texts = [mail for path in MAILS.glob("*.json") for mail in json.loads(path.read_text(encoding="utf-8"))]
    assert {language.code for language in LANGUAGES} - WITHOUT_MAILS <= {mail["language"] for mail in texts}
