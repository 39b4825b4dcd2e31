"""A ticket that says that Okta is right, or the directory wrong, is asked about; one that asks for a sync is not."""

from __future__ import annotations

import pytest

from tests.tickets.verdicts import judged
from workflows.model import VerdictKind as V
from workflows.reading.okta_is_right import speaks_for_okta

OKTA, COPY = {"title": "Clerk"}, {"title": "Editor"}


@pytest.mark.parametrize(
    "words",
    [
        "Das AD ist falsch, Okta ist richtig.",
        "Okta hat recht, AD ist falsch.",
        "Okta est juste, AD est faux.",
        "AD está mal, Okta es correcto.",
        "O AD está errado, o Okta está certo.",
        "AD is fout, Okta is juist.",
        "AD è sbagliato, Okta è corretto.",
        "Okta has the right title, AD does not.",
        "Okta is the one that's right.",
        "Please do not sync this.",
        "Okta must not get the wrong title.",
        "Merci de corriger l'AD.",
        "Please correct it in AD.",
    ],
)
def test_what_speaks_for_okta_is_asked_about(words: str) -> None:
    assert V.NEEDS_INFORMATION is judged(f"My title differs between the two. {words}", OKTA, COPY).kind


@pytest.mark.parametrize(
    "words",
    [
        "It must not take a week again.",
        "This should not take long.",
        "I should not lose access.",
        "Please fix AD sync.",
        "Could you correct AD to Okta sync please.",
        "It is correct in AD.",
        "AD is correct, Okta is not.",
        "AD stimmt, Okta ist falsch.",
        "L'AD est à jour mais Okta est faux.",
        "El AD está bien, Okta está mal.",
        "O AD está certo e o Okta errado.",
        "In AD staat het goed, in Okta fout.",
    ],
)
def test_what_asks_for_the_directorys_value_does_not_speak_for_okta(words: str) -> None:
    assert not speaks_for_okta(words)
