"""What the requester reads: no value, nothing of the finding where it is about somebody else, and what is asked."""

from __future__ import annotations

import pytest

from tests.unit import builders as build
from tests.unit.workflows.notes.test_notes import OPEN, READER, UNTIL, judged, stale_copy, words
from workflows.model import Subject, VerdictKind
from workflows.notes import public
from workflows.precheck.table import judge
from workflows.precheck.verdicts import VERDICTS


@pytest.mark.parametrize("language", ["en", "de"])
def test_public_texts_show_no_value(language: str) -> None:
    reader = build.reader(OPEN, language=language)
    case = judged(build.asking("department", expected="Finance"), requester="ada@example.com")
    ticket = build.ticket()
    texts = [
        words(public.resolved(case, ticket, reader)),
        public.closing_sentence(case, ticket, reader),
        words(public.escalated(stale_copy(), None, UNTIL, reader)),
    ]
    assert not [text for text in texts for value in ("Finance", "Sales", "Chief") if value in text]


def test_the_requester_hears_who_has_the_request_and_until_when_it_is_looked_at() -> None:
    told = words(public.escalated(stale_copy(), None, UNTIL, READER))
    assert "directory team has your request" in told
    assert "2026-03-02 17:00 UTC" in told


@pytest.mark.parametrize("kind", list(VerdictKind))
def test_public_texts_are_neutral_when_somebody_else_filed_the_ticket(kind: VerdictKind) -> None:
    case = stale_copy()
    (subject,) = case.subjects
    assert subject.verdict is not None
    verdict = subject.verdict.model_copy(update={"kind": kind})
    foreign = case.model_copy(
        update={"requester": "bob@example.com", "subjects": (subject.model_copy(update={"verdict": verdict}),)}
    )
    bob = build.ADA.model_copy(update={"login": "bob@example.com", "email": "bob@example.com"})
    texts = [
        words(public.escalated(foreign, None, UNTIL, READER)),
        public.closing_sentence(foreign, build.ticket(requester=bob), READER),
    ]
    for text in texts:
        assert not [word for word in ("profile", "Okta", "directory", "ada@") if word in text]


@pytest.mark.parametrize("kind", [kind for kind, row in VERDICTS.items() if row.question])
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_question_names_the_lines_to_fill_in_and_a_time(kind: VerdictKind, language: str) -> None:
    verdict = judge(build.facts(), {}).model_copy(update={"kind": kind})
    subject = Subject(request=build.asking("department"), verdict=verdict)
    text = words(public.question(verdict, build.ticket(), subject, UNTIL, build.reader(OPEN, language=language)))
    assert ": (" in text
    assert "2026-03-02 17:00 UTC" in text
    assert build.REF.key in text


def test_a_question_says_what_was_understood_and_repeats_nothing_that_is_no_name() -> None:
    verdict = judge(build.facts(), {}).model_copy(update={"kind": VerdictKind.CANNOT_TELL})
    subject = Subject(request=build.asking("department", "+49 170 5550199"), verdict=verdict)
    text = words(public.question(verdict, build.ticket(), subject, UNTIL, READER))
    assert "it is about department." in text
    assert "5550199" not in text
