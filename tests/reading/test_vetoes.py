"""The value that a sync brings stands in the words, and they speak against it or of something else: it is asked.

Texts from templates, in four languages: beside a word for wrong or not, behind a wish that it goes, or in a sentence
about an application, a group or a report. None of them may end without a question to the requester.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reading.score import End, World, end
from tests.reading.texts import REQUESTER, Meant, Told, Wish
from tests.unit import builders as build
from workflows.reading.languages import LANGUAGES
from workflows.reading.languages.language import Language

VALUES = {"department": "Treasury Operations", "title": "Lead Planner", "city": "Porto Novo"}
NAMES = {
    "en": {"department": "department", "title": "job title", "city": "city"},
    "de": {"department": "Abteilung", "title": "Berufsbezeichnung", "city": "Stadt"},
    "fr": {"department": "département", "title": "intitulé de poste", "city": "ville"},
    "es": {"department": "departamento", "title": "cargo", "city": "ciudad"},
}
WRONG = {  # the value itself is what they do not want
    "en": ("The {name} {value} is wrong in Okta.", "My {name} is not {value}, please correct it."),
    "de": ("{name} {value} ist falsch in Okta.", "Meine {name} ist nicht {value}, bitte korrigieren."),
    "fr": ("Dans Okta, {name} {value} est faux.", "Mon {name} n'est pas {value}, merci de corriger."),
    "es": ("En Okta, {name} {value} es incorrecto.", "Mi {name} no es {value}, por favor corregir."),
}
UNWANTED = {  # a wish that the value goes, some words before it
    "en": ("I do not want the {name} {value} in Okta.", "Please remove {value} as my {name} from Okta."),
    "de": ("Die {name} soll nicht auf {value} geändert werden.", "Bitte entfernen Sie {value} als {name} in Okta."),
    "fr": ("Okta ne doit pas avoir {value} comme {name}.", "Merci de supprimer {value} comme {name} dans Okta."),
    "es": ("Okta no debe tener {value} como {name}.", "Por favor, eliminen {value} como {name} en Okta."),
}
OTHER = {  # an application, a group, a report
    "en": (
        "The Salesforce app shows {value} as my {name}, and I cannot open it.",
        "Please add me to the Okta group {value}, like everybody of my {name}.",
        "The monthly report lists my {name} under {value}.",
    ),
    "de": (
        "Die Anwendung Salesforce zeigt {value} als {name}, und ich kann sie nicht öffnen.",
        "Bitte nehmt mich in die Gruppe {value} auf, wie alle mit dieser {name}.",
        "Der Bericht führt meine {name} unter {value}.",
    ),
    "fr": (
        "L'application Salesforce affiche {value} comme {name}, et je ne peux pas l'ouvrir.",
        "Merci de m'ajouter au groupe {value}, comme tous ceux du même {name}.",
        "Le rapport indique {value} comme {name}.",
    ),
    "es": (
        "La aplicación Salesforce muestra {value} como {name}, y no puedo abrirla.",
        "Por favor, añadidme al grupo {value}, como a todos los del mismo {name}.",
        "El informe indica {value} como {name}.",
    ),
}

BESIDES = {  # a second attribute, in which nothing differs though another value is wanted
    "en": ("My {name} is {value} and my division should be Retail.", "{name}: {value}\nDivision: Retail"),
    "de": ("Meine {name} ist {value}, und mein Bereich sollte Einzelhandel sein.",),
    "fr": ("Mon {name} est {value} et ma division est fausse dans Okta.",),
    "es": ("Mi {name} es {value}, y mi división en Okta es incorrecta.",),
}
PLAIN = {  # nothing speaks against it
    "en": ("My {name} is {value} now.",),
    "de": ("Meine {name} ist jetzt {value}.",),
    "fr": ("Mon {name} est maintenant {value}.",),
    "es": ("Mi {name} es ahora {value}.",),
}

PASSING = {  # a day to come that the change has nothing to do with
    "en": "Okta still shows the old {name}, {value} is right. I am on leave from 14 December.",
    "de": "In Okta steht noch die alte {name}, richtig ist {value}. Ab 14. Dezember bin ich im Urlaub.",
    "fr": "Okta affiche encore l'ancien {name}, {value} est correct. Je suis absent à partir du 14 décembre.",
    "es": "Okta todavía muestra el {name} anterior, {value} es correcto. Estoy de baja a partir del 14 de diciembre.",
}
TO_COME = {  # the change holds from a day to come
    "en": "From 14 December my {name} is {value}. Okta still shows the old one.",
    "de": "Ab 14. Dezember ist meine {name} {value}. Okta zeigt noch den alten Wert.",
    "fr": "À partir du 14 décembre mon {name} est {value}. Okta affiche encore l'ancien.",
    "es": "A partir del 14 de diciembre mi {name} es {value}. Okta todavía muestra el anterior.",
}


def told(language: str, template: str, attribute: str) -> Told:
    """Return a requester's ticket from a template."""
    text = template.format(name=NAMES[language][attribute], value=VALUES[attribute])
    ticket = build.ticket(summary="Okta", description=text[0].upper() + text[1:])
    return Told(text, ticket, (Meant(REQUESTER, (Wish(attribute, VALUES[attribute]),)),), clear=True)


def texts_of(templates: Mapping[str, tuple[str, ...]]) -> list[Told]:
    return [
        told(language, template, attribute)
        for language, found in templates.items()
        for template in found
        for attribute in VALUES
    ]


def test_none_is_there_twice() -> None:
    assert 84 == len({item.name for templates in (WRONG, UNWANTED, OTHER) for item in texts_of(templates)})


@pytest.mark.parametrize("text", texts_of(WRONG) + texts_of(UNWANTED), ids=lambda item: item.name)
def test_a_value_beside_a_word_for_wrong_is_asked_about_before_anything_is_pressed(text: Told) -> None:
    reached, why = end(text, World.AHEAD)
    assert End.ASKED == reached, why


@pytest.mark.parametrize("text", texts_of(OTHER), ids=lambda item: item.name)
def test_a_value_that_may_belong_to_something_else_is_confirmed(text: Told) -> None:
    reached, why = end(text, World.AHEAD)
    assert reached in {End.CONFIRM, End.ASKED}, why


@pytest.mark.parametrize("attribute", VALUES)
@pytest.mark.parametrize("language", PASSING)
def test_only_a_day_of_the_change_itself_puts_it_off(language: str, attribute: str) -> None:
    for world in (World.AHEAD, World.RIGHT):
        _, why = end(told(language, PASSING[language], attribute), world)
        assert "not_yet" not in why
    _, why = end(told(language, TO_COME[language], attribute), World.AHEAD)
    assert "not_yet" in why


@pytest.mark.parametrize("text", texts_of(BESIDES), ids=lambda item: item.name)
def test_what_is_wanted_besides_and_cannot_come_is_asked_about(text: Told) -> None:
    reached, why = end(text, World.AHEAD)
    assert End.CONFIRM == reached, why


@pytest.mark.parametrize("text", texts_of(PLAIN), ids=lambda item: item.name)
def test_without_such_words_nothing_is_asked(text: Told) -> None:
    reached, why = end(text, World.AHEAD)
    assert End.SERVED == reached, why


@pytest.mark.parametrize("mark", [" ", " – ", " — ", " | ", " (", ": "])
@pytest.mark.parametrize("language", [item for item in LANGUAGES if item.not_to], ids=lambda item: item.code)
def test_what_forbids_a_change_is_heard_across_any_mark_but_a_full_stop_or_a_comma(
    language: Language, mark: str
) -> None:
    form = {"attribute": "department", "expected": VALUES["department"]}
    for forbidding, change in zip(language.not_to, cycle(language.changing), strict=False):
        text = f"Okta {forbidding}{mark}{change}.".replace("*", "")
        ticket = build.ticket(summary="Okta", description=text, fields=form)
        meant = Meant(REQUESTER, (Wish("department", VALUES["department"]),))
        reached, why = end(Told(text, ticket, (meant,), clear=True), World.AHEAD)
        assert End.HANDED_OVER == reached, (text, why)


# -- in every language, by every word of the language files, alone and beside the value that Okta shows

FORMS = {
    "wrong": ("{e} {v}", "{v} {e}", "{v} in Okta {e}", "{v} Okta {e}"),
    "unwanted": ("{e} {v}", "{e} Okta {v}"),
    "other_things": ("{e} {v}", "{v} {e}", "{v} Okta {e}", "{e} AD {v}"),
}
AROUND = ("{name} {said}.", "{said}, {name}.", "Okta: {old}. {name} {said}.", "{name} Okta {old}; {name} {said}!")


class Veto(NamedTuple):
    """A ticket that speaks against the value that a sync would bring, or of something else beside it."""

    field: str
    text: Told


@st.composite
def vetoes(draw: st.DrawFn) -> Veto:
    """Draw a ticket in one language: a word of a kind beside the value that arrives, with the attribute's name."""
    language: Language = draw(st.sampled_from(LANGUAGES))
    field, attribute = draw(st.sampled_from(sorted(FORMS))), draw(st.sampled_from(sorted(VALUES)))
    entry = draw(st.sampled_from([word for word in getattr(language, field) if "*" not in word]))
    said = draw(st.sampled_from(FORMS[field])).format(e=entry, v=VALUES[attribute])
    name = language.attributes[attribute][0]
    text = draw(st.sampled_from(AROUND)).format(name=name, said=said, old="Old Place")
    ticket = build.ticket(summary="Okta", description=text)
    meant = Meant(REQUESTER, (Wish(attribute, VALUES[attribute], "Old Place"),))
    return Veto(field, Told(text, ticket, (meant,), clear=True))


@pytest.mark.long
@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(vetoes())
def test_no_word_beside_the_value_that_speaks_against_it_ends_a_ticket(veto: Veto) -> None:
    reached, why = end(veto.text, World.AHEAD)
    assert reached not in {End.SERVED, End.WRONG}, (veto, why)
