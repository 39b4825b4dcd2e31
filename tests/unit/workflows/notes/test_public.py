"""What the requester reads: no value, nothing of the finding where it is about somebody else, and what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import OPEN, READER, UNTIL, judged, stale_copy, words
from workflows.model import (
    Bullets,
    Note,
    Reason,
    ReasonKind,
    Request,
    Statement,
    Subject,
    Text,
    Verdict,
    VerdictKind,
)
from workflows.notes import public
from workflows.precheck.table import judge
from workflows.precheck.verdicts import VERDICTS
from workflows.reading.languages import LANGUAGES
from workflows.reading.statements import in_lines, labelled
from workflows.reading.vocabulary import vocabulary_of


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


def test_the_requester_hears_who_has_the_request_and_no_time_after_which_nobody_would_look() -> None:
    told = words(public.escalated(stale_copy(), None, UNTIL, READER))
    assert f"your request {build.REF.key} is now with the directory team" in told
    assert "isn't in Okta yet" in told
    assert "check" not in told
    assert "17:00" not in told


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


ASKING = [kind for kind, row in VERDICTS.items() if row.question]


@pytest.mark.parametrize("kind", [kind for kind in ASKING if kind is not VerdictKind.DOWNSTREAM])
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_question_names_the_lines_to_fill_in_and_a_time(kind: VerdictKind, language: str) -> None:
    verdict = judge(build.facts(), {}).model_copy(update={"kind": kind})
    subject = Subject(request=build.asking("department"), verdict=verdict)
    text = words(public.question(verdict, build.ticket(), subject, UNTIL, build.reader(OPEN, language=language)))
    assert ": (" in text
    assert build.reader(OPEN, language=language).here(UNTIL) in text
    assert build.REF.key in text


@pytest.mark.parametrize(("language", "where"), [("en", "where you still see"), ("de", "wo Sie")])
def test_where_the_old_value_is_still_seen_is_asked_without_a_line_to_fill_in(language: str, where: str) -> None:
    verdict = judge(build.facts(), {}).model_copy(update={"kind": VerdictKind.DOWNSTREAM})
    subject = Subject(request=build.asking("department", expected="Finance"), verdict=verdict)
    reader = build.reader(OPEN, language=language)
    note = public.question(verdict, build.ticket(), subject, UNTIL, reader)
    assert lines(note) == []
    assert where in words(note)
    assert reader.sentence("question_known_value") not in words(note), "no value is asked for"
    assert reader.here(UNTIL) in words(note)
    assert "Finance" not in words(note)


@pytest.mark.parametrize(("language", "called"), [("en", "department"), ("de", "Abteilung")])
@pytest.mark.parametrize("silence_ends", [True, False])
def test_a_confirmation_names_what_came_right_and_no_value(language: str, called: str, *, silence_ends: bool) -> None:
    reader = build.reader(OPEN, language=language)
    case = judged(build.asking("department"), requester="ada@example.com")
    text = words(public.confirmation(case, UNTIL, reader, silence_ends=silence_ends))
    assert f"({called})" in text
    assert reader.here(UNTIL) in text
    assert not [value for value in ("Finance", "Sales", "Chief") if value in text]


def test_only_the_requesters_own_profile_is_confirmed_by_them() -> None:
    bob = build.ADA.model_copy(update={"login": "bob@example.com", "email": "bob@example.com"})
    case = judged(build.asking("department"))
    assert public.is_own(case, build.ticket())
    assert not public.is_own(case, build.ticket(requester=bob))
    assert not public.is_own(case, build.ticket(requester=None))


def test_a_question_says_what_was_understood_and_repeats_nothing_that_is_no_name() -> None:
    verdict = judge(build.facts(), {}).model_copy(update={"kind": VerdictKind.CANNOT_TELL})
    subject = Subject(request=build.asking("department", "+49 170 5550199"), verdict=verdict)
    text = words(public.question(verdict, build.ticket(), subject, UNTIL, READER))
    assert "We understand this is about the department." in text
    assert "5550199" not in text


def lines(note: Note) -> Sequence[str]:
    """Return the labels of the lines to fill in."""
    return [item.split(":")[0] for block in note.blocks if isinstance(block, Bullets) for item in block.items]


def asked_for(kind: VerdictKind, *stated: Statement, user: bool, attribute: str | None = None) -> Sequence[str]:
    verdict = Verdict(
        kind=kind,
        reason=Reason.of(ReasonKind.NOBODY_NAMED),
        attribute=attribute,
        user_id="00u1" if user else None,
        judged_at=build.NOW,
    )
    subject = Subject(request=Request(statements=stated), verdict=verdict)
    english = public.question(verdict, build.ticket(), subject, UNTIL, READER)
    german = public.question(verdict, build.ticket(), subject, UNTIL, build.reader(OPEN, language="de"))
    assert len(lines(english)) == len(lines(german))
    return lines(english)


TITLE, DEPARTMENT = Statement(attribute="title"), Statement(attribute="department")
STATED = Statement(attribute="title", expected="Editor")
UNCLEAR, CANNOT_TELL = VerdictKind.NEEDS_INFORMATION, VerdictKind.CANNOT_TELL


@pytest.mark.parametrize(
    ("kind", "stated", "user", "attribute", "expected"),
    [
        (UNCLEAR, (), False, None, ["User", "Field", "Correct value"]),
        (UNCLEAR, (TITLE,), False, None, ["User", "Correct value"]),
        (UNCLEAR, (STATED,), False, None, ["User"]),
        (UNCLEAR, (Statement(attribute="phone", expected="1"),), True, None, ["Field"]),
        (UNCLEAR, (Statement(expected="Editor"),), True, None, ["Field"]),
        (UNCLEAR, (Statement(attribute="phone"),), True, None, ["Field", "Correct value"]),
        (UNCLEAR, (STATED,), True, "title", ["Correct value"]),
        (CANNOT_TELL, (TITLE,), True, None, ["Correct value"]),
        (CANNOT_TELL, (), True, None, ["Field", "Correct value"]),
        (CANNOT_TELL, (TITLE, DEPARTMENT), True, None, ["Field", "Correct value"]),
        (VerdictKind.USER_NOT_FOUND, (STATED,), False, None, ["User"]),
        (VerdictKind.USER_AMBIGUOUS, (), False, None, ["User"]),
    ],
)
def test_only_what_is_missing_is_asked_for(
    kind: VerdictKind, stated: tuple[Statement, ...], user: bool, attribute: str | None, expected: Sequence[str]
) -> None:
    assert expected == asked_for(kind, *stated, user=user, attribute=attribute)


def test_a_question_says_which_parts_are_clear_and_tells_no_value() -> None:
    verdict = Verdict(kind=UNCLEAR, reason=Reason.of(ReasonKind.NOBODY_NAMED), judged_at=build.NOW)
    subject = Subject(request=Request(statements=(STATED,)), verdict=verdict)
    text = str(public.question(verdict, build.ticket(), subject, UNTIL, READER))
    assert "whose profile it is about" in text
    assert "We understand this is about the job title." in text
    assert "We already have the value" in text
    assert "Editor" not in text


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_need_not_be_repeated_does_not_delay_the_ask(language: str) -> None:
    verdict = Verdict(kind=UNCLEAR, reason=Reason.of(ReasonKind.NOBODY_NAMED), judged_at=build.NOW)
    subject = Subject(request=Request(statements=(STATED,)), verdict=verdict)
    reader = build.reader(OPEN, language=language)
    *_, asked, known, last = public.question(verdict, build.ticket(), subject, UNTIL, reader).blocks
    assert isinstance(asked, Bullets)
    assert known == Text(text=reader.sentence("question_known_value"))
    assert reader.here(UNTIL) in str(last)


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_reply_that_repeats_what_public_texts_call_an_attribute_is_read_as_that_attribute(language: str) -> None:
    vocabulary, reader = vocabulary_of({}), build.reader(OPEN, language=language)
    label = {"en": "Field", "de": "Angabe"}[language]
    lost = []
    for attribute in sorted({name for spoken in LANGUAGES for name in spoken.attributes}):
        (stated,) = in_lines([f"{label}: {reader.names([attribute])}", "Erwartet: X"], vocabulary).statements
        meant = vocabulary.attributes_of(stated.attribute or "")
        lost += [] if attribute in meant and (len(meant) == 1 or attribute == "manager") else [attribute]
    assert [] == lost


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_line_to_fill_in_is_read_when_it_is_filled_in(language: str) -> None:
    texts = build.reader(OPEN, language=language).templates
    lines = {line for text in texts.values() for line in text.splitlines() if line.startswith("- ")}
    read = {line: labelled(line, vocabulary_of({})) for line in lines}
    assert [] == [line for line, found in read.items() if found is None]
    assert {"user", "attribute", "expected"} == {found.label.kind for found in read.values() if found}


def test_a_line_that_a_folder_of_ones_own_adds_stays() -> None:
    reader = READER
    own = {**reader.templates, "question_cannot_tell": "Hm.\n- Attribute: (x y)\n- Call us: 555\n- Expected: (x y)"}
    verdict = Verdict(kind=CANNOT_TELL, reason=Reason.of(ReasonKind.AGREED), user_id="00u1", judged_at=build.NOW)
    subject = Subject(request=Request(statements=(TITLE,)), verdict=verdict)
    note = public.question(verdict, build.ticket(), subject, UNTIL, replace(reader, templates=own))
    assert ["Call us", "Expected"] == lines(note)


@pytest.mark.parametrize(("kind", "told"), [(CANNOT_TELL, True), (UNCLEAR, False)])
def test_what_words_were_taken_for_is_told_to_the_profiles_owner_alone(kind: VerdictKind, told: bool) -> None:
    agreed = Reason.of(ReasonKind.AGREED, names="department")
    verdict = judge(build.facts(), {}).model_copy(update={"kind": kind, "spoken": ("department",), "reason": agreed})
    subject = Subject(request=Request(), verdict=verdict)
    text = words(public.question(verdict, build.ticket(), subject, UNTIL, READER))
    assert told is ("We understand this is about the department." in text)
