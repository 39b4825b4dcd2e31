"""What a whole ticket holds: whose words count, what a later one corrects, and how much of it is read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.linear import linear
from tests.unit import builders as build
from workflows.model import OwnLine, Person, Reading, Statement
from workflows.reading.request import MOST, read
from workflows.reading.vocabulary import vocabulary_of

TODAY = date(2026, 3, 2)
EVE = Person(id="p9", login="eve@example.com", email="eve@example.com", name="Eve Fox")
CHIEF = Statement(attribute="title", expected="Chief")


def reading(description: str = "", *comments: Any, **ticket: Any) -> Reading:
    values = {"description": description, "comments": comments, "summary": "Profile"}
    return read(build.ticket(**values | ticket), vocabulary_of({}), TODAY)


def test_a_ticket_is_read_from_its_summary_to_its_newest_comment() -> None:
    found = reading("One", build.comment("Two"), build.comment("Three", minutes=1))
    assert [line.text for line in found.lines] == ["Profile", "One", "Two", "Three"]


def test_form_lines_and_comments_state_alike() -> None:
    assert reading(fields={"attribute": "title", "expected": "Chief"}).statements == (CHIEF,)
    assert reading("New title: Chief").statements == (CHIEF,)
    assert reading("", build.comment("New title: Chief")).statements == (CHIEF,)


def test_a_later_text_corrects_an_earlier_one_and_completes_it() -> None:
    corrected = reading("New title: Boss\nNew city: Bonn", build.comment("New title: Chief"))
    assert corrected.statements == (CHIEF, Statement(attribute="city", expected="Bonn"))


def test_what_names_an_attribute_alone_takes_no_value_back() -> None:
    assert reading("New title: Chief", build.comment("Attribute: title")).statements == (CHIEF,)


def test_a_reply_to_our_question_states_with_bare_labels() -> None:
    question = build.comment("Which title?", by_worker=True)
    assert reading("Hello", question, build.comment("Title: Chief", minutes=1)).statements == (CHIEF,)
    assert reading("Hello", build.comment("Title: Chief"), question).statements == ()
    unseen = build.comment("Judged.", by_worker=True, public=False)
    assert reading("Hello", unseen, build.comment("Title: Chief", minutes=1)).statements == ()


def test_the_words_of_others_are_quoted_and_state_nothing() -> None:
    found = reading("Hello", build.comment("New title: Chief", author=EVE))
    assert (found.statements, found.others) == ((), ("New title: Chief",))


def test_an_agent_counts_on_the_internal_side() -> None:
    assert reading("Hello", build.comment("New title: Chief", author=EVE, public=False)).statements == (CHIEF,)


def test_our_own_words_are_never_read() -> None:
    assert reading("Hello", build.comment("New title: Chief", by_worker=True)).statements == ()


def test_nobodys_comment_counts_where_a_ticket_has_no_requester() -> None:
    assert reading("Hello", build.comment("New title: Chief"), requester=None).statements == ()


def test_a_rows_words_are_its_users() -> None:
    found = reading("User | New title\nbo | Chief\nThanks a lot for it")
    assert OwnLine(text="bo | Chief", user="bo", row=True) in found.lines
    assert "User | New title" not in [line.text for line in found.lines]
    assert found.users == ("bo",)


def test_each_user_is_asked_for_what_their_lines_name() -> None:
    found = reading("User: bo\nAttribute: title\nUser: cy\nAttribute: city")
    assert [(item.user, item.attribute) for item in found.statements] == [("bo", "title"), ("cy", "city")]
    assert found.named == ()


def test_words_against_a_sync_are_kept_as_they_are_written() -> None:
    assert reading("My title is old.\nDo not sync it yet!").guard == "Do not sync it yet!"
    assert reading("My title is old.").guard is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("It changes on 2026-03-09.", "2026-03-09"),
        ("It changes next month.", "next month"),
        ("It changes from 9 March.", "2026-03-09"),
        ("From 1 June I will be Chief.", "2026-06-01"),
        ("Ab 1. Juni bin ich Chief, bis dahin Cook.", "2026-06-01"),
        ("I will join Sales after my leave, in June.", "2026-06-01"),
        ("Since 1 June I am Chief.", None),
        ("I got it in October, it will help.", None),
        ("It changed on 2026-02-27.", None),
        ("I wrote about it, 9 March", None),
        ("It changes today, 2026-03-02.", None),
    ],
)
def test_a_day_that_is_still_to_come_is_noticed(text: str, day: str | None) -> None:
    assert reading(text).later == day


def test_the_forms_day_is_no_day_of_the_prose() -> None:
    found = reading(fields={"effective": "2026-03-09"})
    assert (found.effective, found.later) == (date(2026, 3, 9), None)


def test_the_day_that_was_told_last_counts() -> None:
    found = reading("Effective: 2026-06-01", build.comment("Effective: 2026-03-01"))
    assert found.effective == date(2026, 3, 1)


def test_what_kind_of_words_they_are_is_told() -> None:
    found = reading("My Okta profile is old and the mailbox, too")
    assert (found.oneself, found.of_profile, found.other_things) == (True, True, True)
    other = reading("Hello there", summary="Hello")
    assert (other.oneself, other.of_profile, other.other_things) == (False, False, False)


def test_where_something_was_read_is_told() -> None:
    found = reading("User: bo\nNew title: Chief", fields={"attribute": "city"})
    assert found.source == ("the form", "the description")


def test_of_a_long_ticket_the_newest_comments_are_read() -> None:
    old, new = build.comment(f"New city: Bonn\n{'x' * MOST}"), build.comment("New title: Chief", minutes=1)
    found = reading("Hello", old, new)
    assert found.cut
    assert CHIEF in found.statements
    assert not reading("Hello", new).cut


def test_what_stands_behind_the_limit_is_not_read() -> None:
    found = reading(f"{'word ' * (MOST // 5)}\nNew title: Chief")
    assert (found.statements, found.cut) == ((), True)


@pytest.mark.parametrize(
    ("text", "against"),
    [
        ("My AD attributes do not sync to Okta.", False),
        ("Changes in AD don't import to Okta", False),
        ("Do not sync this profile.", True),
        ("My title is old. Please don't change it.", True),
        ("Im Profil steht der alte Titel. Bitte nicht synchronisieren.", True),
        ("The value from AD should not be copied.", True),
        ("Dere skal ikke overføre kontoret fra AD.", True),
        ("The directory should not – please – overwrite my title.", True),
        ("Okta should not | overwrite it", True),
        ("Okta should not (again) overwrite it.", True),
        ("My title should not be Cook. Change it.", False),
        ("My title must be updated, it should not, however, change my name.", False),
        ("Okta should not show Cook any more, please change it.", False),
    ],
)
def test_the_same_words_complain_within_a_sentence_and_forbid_at_its_beginning(text: str, against: bool) -> None:
    assert (read(build.ticket(description=text), vocabulary_of({}), build.NOW.date()).guard is not None) == against


def test_somebody_whose_name_has_an_s_behind_it_is_another_person() -> None:
    ticket = build.ticket(summary="Okta", description="Zelda's department is old.")
    assert read(ticket, vocabulary_of({}), build.NOW.date()).of_others


def test_a_word_within_a_label_is_nobody_else() -> None:
    line = "CDC su okta ancora 1180 dovrebbe essere 1240 come su AD"
    told = [
        read(build.ticket(summary="Okta", description=text), vocabulary_of({}), build.NOW.date())
        for text in (line, f"{line}. Su perfil no cambia.")
    ]
    assert [False, True] == [item.of_others for item in told]


def test_a_sentence_about_that_day_is_about_what_is_to_come() -> None:
    text = "2027年1月1日付で課長に昇格いたします。Oktaの役職も当日から「課長」となるようお願いします。現在は主任です。"
    found = read(build.ticket(summary="Okta", description=text), vocabulary_of({}), build.NOW.date())
    assert (found.later, found.present[-1]) == ("2027-01-01", "現在は主任です。")
    assert not any("課長" in sentence for sentence in found.present)


@pytest.mark.parametrize(
    "day", ["when HR has approved", "Q3", "2126-03-16", "next Monday", "1 March 2026, or 15 June 2027"]
)
def test_a_day_that_cannot_be_told_is_no_past_one(day: str) -> None:
    found = read(build.ticket(description=f"Effective date: {day}"), vocabulary_of({}), date(2026, 3, 2))
    assert (found.effective, found.undated) == (None, day)


@pytest.mark.parametrize("day", ["immediately", "n/a", "as soon as possible", "ab sofort"])
def test_a_day_at_once_is_no_day(day: str) -> None:
    found = read(build.ticket(description=f"Effective date: {day}"), vocabulary_of({}), date(2026, 3, 2))
    assert (found.effective, found.undated) == (None, None)


@pytest.mark.parametrize(
    ("day", "told"),
    [("15 June", (6, 15)), ("15/06", (6, 15)), ("01-Nov", (11, 1)), ("7/1", None), ("6/7", None)],
)
def test_a_forms_day_without_a_year_is_the_nearest(day: str, told: tuple[int, int] | None) -> None:
    found = read(build.ticket(description=f"Effective date: {day}"), vocabulary_of({}), date(2026, 3, 2)).effective
    assert (found and (found.month, found.day)) == told


@pytest.mark.parametrize(
    ("words", "against"),
    [
        ("Do not sync, Okta is right.", "Do not sync, Okta is right."),
        ("Hello all\nThanks for looking. Do not sync this, it is a mistake.", "Do not sync this, it is a mistake."),
        ("x" * 320 + "\nDo not sync.", "Do not sync."),
        (
            "Hallo zusammen, bitte nicht synchronisieren, das war ein Fehler.",
            "Hallo zusammen, bitte nicht synchronisieren",
        ),
    ],
)
def test_anybody_may_speak_against_a_sync(words: str, against: str) -> None:
    comment = build.comment(words, author=Person(id="mal", name="Mal Reynolds"))
    found = read(build.ticket(comments=(comment,)), vocabulary_of({}), build.NOW.date())
    assert against in (found.guard or "")


@pytest.mark.parametrize(
    ("first", "then", "day", "undated"),
    [
        ("2026-02-01", "once HR has signed", None, "once HR has signed"),
        ("2027-01-15", "postponed until further notice", None, "postponed until further notice"),
        ("Monday", "immediately", None, None),
    ],
)
def test_of_several_days_the_newest_counts(first: str, then: str, day: date | None, undated: str | None) -> None:
    ada = Person(id="ada", name="Ada Byron")
    comment = build.comment(f"Effective date: {then}", author=ada)
    ticket = build.ticket(description=f"Effective date: {first}", requester=ada, comments=(comment,))
    found = read(ticket, vocabulary_of({}), date(2026, 3, 2))
    assert (found.effective, found.undated) == (day, undated)


def test_a_period_begins_with_its_first_day() -> None:
    text = "Valid from: 1 October 2027 until 31 March 2028"
    assert str(read(build.ticket(description=text), vocabulary_of({}), build.NOW.date()).effective) == "2027-10-01"


@pytest.mark.parametrize(
    "text", ["Please fix it before 5 December 2027.", "Bitte bis zum 5.12.2027 korrigieren, danke."]
)
def test_a_deadline_is_no_day_from_which_something_holds(text: str) -> None:
    assert read(build.ticket(description=text), vocabulary_of({}), build.NOW.date()).later is None


@pytest.mark.parametrize(
    "text",
    [
        "Im AD steht beim Titel von Uma schon der neue Wert, in Okta fehlt er noch.",
        "I Okta står der stadig den gamle afdeling ud for Uma, i AD er den rettet.",
        "I Okta ligger fortfarande fel avdelning för Uma, i AD är den ändrad.",
        "I Okta står det fortsatt feil avdeling på Uma, i AD er den endret.",
        "I dati di Uma in Okta non sono aggiornati: il reparto è sbagliato.",
        "Dział i stanowisko Uma są w Okta nieaktualne, w AD poprawione.",
    ],
)
def test_what_is_a_first_person_in_english_alone_is_none_elsewhere(text: str) -> None:
    assert not reading(text, summary="Okta").oneself


@pytest.mark.parametrize("text", ["Im now in Sales, okta is wrong", "I moved, see AD", "the title is wrong for me"])
def test_an_english_first_person_is_one(text: str) -> None:
    assert reading(text, summary="Okta").oneself


@pytest.mark.parametrize(
    "head", ["Xavier Kessler 14:30", "[10:30] xkessler: hi", "Dne po 2. 3. 2026 v 9:00 Karel Novák napsal:"]
)
def test_what_is_pasted_states_nothing_is_quoted_and_may_object(head: str) -> None:
    found = reading(f"My title is wrong.\n\n{head}\nTitle (new): Boss\nPlease do not sync, Okta is right.")
    assert found.statements == ()
    assert found.guard == "Please do not sync, Okta is right."
    assert len(found.others) == 1
    assert "Title (new): Boss" in found.others[0]


@pytest.mark.parametrize("by", [{}, {"author": EVE}])
def test_what_is_pasted_into_a_comment_may_object_too(by: dict[str, Any]) -> None:
    found = reading("My title is wrong.", build.comment("See here:\n\nXavier Kessler 14:30\nPlease do not sync.", **by))
    assert found.guard == "Please do not sync."
    assert "Please do not sync." in found.others[0]


@pytest.mark.parametrize(
    "text",
    [
        "(!) Do not sync.",
        "1. Do not sync.",
        "# Do not sync.",
        "(see above). Do not sync.",
        "I have mended it (see above.) Do not sync.",
        "My title is right (Cook). do not sync it",
        "(!) do not sync",
        "=> Do not sync.",
        "Department | Sales | Do not sync",
        "Okta is right, see the\nmail: please do\nnot sync.",
        "My title must not\nbe overwritten.",
        f"{'word ' * 500}. Do not sync.",
        "My title is wrong.\n\nXavier Kessler 14:30\nPlease do\nnot sync.",
    ],
)
def test_marks_before_a_sentence_and_the_end_of_a_line_in_it_hide_no_objection(text: str) -> None:
    assert reading(text).guard


@pytest.mark.parametrize(
    "text",
    [
        "Okta and AD do not sync.",
        "My title, my city, do not sync.",
        "My names (first, last) do not sync.",
        "(title, etc.) do not sync.",
        "My names [1. first, 2. last, ...] do not sync.",
        "My title (which is wrong!) and my city (Oslo.) do not sync.",
        "Title/city do not sync.",
        "The fields 1, 2 and 3 do not sync.",
        "For weeks now the values of my old profile\nin AD and Okta do not sync any more.",
        "Since I have moved to the other team, the fields do not\nsync any more.",
    ],
)
def test_a_complaint_that_nothing_is_synced_is_no_objection(text: str) -> None:
    assert reading(text).guard is None


def test_a_pasted_chat_is_heard_in_time_that_grows_with_its_length() -> None:
    line = "My department in Okta is old, ich bin und der die das nicht, le la les est pas"
    assert linear(reading, lambda size: "Xavier Kessler 14:30\n" + f"{line}\n" * (size // len(line)))


def test_a_line_of_known_words_with_a_day_begins_no_quote() -> None:
    found = reading("My title is wrong.\nNote of 2 March 2026, 09:15:\nNew title: Boss")
    assert [item.expected for item in found.statements] == ["Boss"]
