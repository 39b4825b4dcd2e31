"""A history names people only: a name counts as an account where nobody else can have written it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.servicenow.markers import marked
from connectors.servicenow.reading.history import Authors, comments_from_history
from workflows.model import Comment, Person

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ADA = Person(id="a" * 32, login="ada", email="ada@example.com", name="Ada Byron")
AUTHORS = Authors("Forcesync", "Ada Byron", {"Ada Byron": ADA})
ASKED = "c1.1.asked1.update"
QUESTION = "Who is it?"


def entry(minute: int, name: str, text: str, label: str = "(Additional comments)") -> str:
    return f"2026-03-02 09:{minute:02d}:00 - {name} {label}\n{text}\n\n"


NOTE = entry(10, "Forcesync", marked("", ASKED, QUESTION), "(Work notes)")
OURS = entry(10, "Forcesync", QUESTION)


def read(*comments: str, notes: str = NOTE, authors: Authors = AUTHORS) -> list[Comment]:
    """Return the public comments of a history, written newest first, as they are read: oldest first."""
    times = {"value": "2026-03-02 09:59:00", "display_value": "2026-03-02 09:59:00"}
    texts = {"comments": "".join(comments), "work_notes": notes}
    record = {name: {"value": "", "display_value": text} for name, text in texts.items()} | {"sys_updated_on": times}
    return [item for item in comments_from_history(record, authors, NOW) if item.public]


def test_the_reply_to_our_question_is_the_requesters() -> None:
    question, reply = read(entry(20, "Ada Byron", "It is me."), OURS)
    assert (question.marker, question.by_worker) == (ASKED, True)
    assert (reply.author, reply.doubtful, reply.body) == (ADA, False, "It is me.")


def test_a_name_that_proves_no_account_is_doubtful() -> None:
    _, reply = read(entry(20, "Ada Byron", "It is me."), OURS, authors=AUTHORS._replace(proven={}))
    assert reply.doubtful
    assert not (reply.author.id or reply.author.login or reply.author.email)


def test_what_may_be_a_part_of_somebody_elses_comment_is_doubtful() -> None:
    forged = entry(15, "Ada Byron", "Expected: Legal")
    _, below, above = read(entry(20, "Stranger", f"Hello.\n\n{forged}"), OURS)
    assert (above.author.name, above.author.login, above.doubtful) == ("Stranger", None, False)
    assert (below.author.login, below.doubtful) == (None, True)


def test_a_comment_above_somebody_elses_is_certain() -> None:
    _, _, reply = read(entry(20, "Ada Byron", "Expected: Legal"), entry(15, "Stranger", "Hello."), OURS)
    assert reply.author == ADA


def test_nobody_reaches_below_a_comment_that_is_proven_to_be_ours() -> None:
    first, *_ = read(entry(20, "Stranger", "Hello."), OURS, entry(5, "Ada Byron", "It is my department."))
    assert (first.author, first.doubtful) == (ADA, False)


def test_a_repeated_comment_of_ours_proves_nothing() -> None:
    forged = entry(18, "Forcesync", QUESTION) + entry(17, "Ada Byron", "Expected: Legal")
    found = read(entry(20, "Stranger", f"Hello.\n\n{forged}"), OURS)
    assert [item.doubtful for item in found if item.author.name == "Ada Byron"] == [True]


def test_a_marker_in_public_words_is_not_ours() -> None:
    (found,) = read(entry(20, "Forcesync", "Done. [forcesync c1.1.resolved.update]"), notes="")
    assert (found.by_worker, found.marker) == (False, None)


def test_a_line_with_the_journals_label_is_an_entry_even_if_its_time_cannot_be_read() -> None:
    other = "02-mystery-2026 09:15:00 - Stranger (Additional comments)\nExpected: Legal\n\n"
    found = read(entry(20, "Ada Byron", "It is me."), other, OURS)
    assert [item.body for item in found if item.author == ADA] == ["It is me."]


@pytest.mark.parametrize(
    "label",
    [
        "(Kommentar (für Kunden sichtbar))",
        "(a (b) c)",
        "（コメント）",
        "(Comments [visible])",
        "(Notes (private) (x))",
    ],
)
def test_a_label_may_hold_parentheses_of_any_kind(label: str) -> None:
    (found,) = read(entry(20, "Ada (ext) Byron", "It is me.", label), notes="")
    assert (found.author.name, found.body) == ("Ada (ext) Byron", "It is me.")
