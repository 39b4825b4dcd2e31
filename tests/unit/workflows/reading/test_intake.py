"""What is understood from a ticket's words, and what is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit import builders as build
from workflows.model import Request, Want
from workflows.reading.intake import understand
from workflows.reading.labelled_lines import labelled

LINES = "My profile is wrong.\nUser: ada@example.com\nAttribute: department\nExpected: Finance\n"
SYNONYMS = {"phone": "mobilePhone"}


def read(description: str = "", **changes: Any) -> Request:
    (request,) = understand(build.ticket(description=description, **changes), SYNONYMS)
    return request


def values(request: Request) -> list[tuple[str | None, str | None]]:
    return [(want.attribute, want.expected) for want in request.wants]


def test_labelled_lines_say_who_and_what() -> None:
    request = read(LINES)
    assert (request.user, values(request)) == ("ada@example.com", [("department", "Finance")])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("My department is Customs and my title Head of Customs.", ["department", "title"]),
        ("Meine Abteilung ist Zoll und mein Titel Leiter Zoll.", ["abteilung", "titel"]),
        ("Ich brauche die Stellenbezeichnung Leiterin Vertrieb", ["stellenbezeichnung"]),
        ("My manager asked me to write; my phone is on. Nothing else.", []),
    ],
)
def test_an_attribute_that_is_only_spoken_of_is_asked_about(text: str, names: list[str]) -> None:
    assert [(name, None) for name in names] == values(read(text))


@pytest.mark.parametrize("value", ["Account Manager", "Head of Department", "Shift Supervisor"])
def test_an_attributes_word_inside_of_a_value_names_no_attribute(value: str) -> None:
    assert [("title", value)] == values(read(f"My title is missing. It should be {value}."))
    assert [(None, value)] == values(read(f"It should be {value}."))


@pytest.mark.parametrize("word", ["me", "Myself", "ich"])
def test_who_writes_me_into_the_users_field_means_the_requester(word: str) -> None:
    assert read(f"User: {word}\nAttribute: title\nExpected: Editor").user is None


def test_a_ticket_that_says_nothing_asks_about_its_requester() -> None:
    assert Request() == read("My profile is not updating, please help!")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("user = ada@example.com", {"user": "ada@example.com"}),
        ("  *User:* ada@example.com", {"user": "ada@example.com"}),
        ("- Affected user : ada", {"user": "ada"}),
        ("EXPECTED VALUE: Research & Development", {"expected": "Research & Development"}),
        ("Should be: Finance", {"expected": "Finance"}),
        ("Benutzer: ada@example.com", {"user": "ada@example.com"}),
        ("The user: is fine", {}),
        ("User:", {}),
    ],
)
def test_what_counts_as_a_labelled_line(line: str, found: dict[str, str]) -> None:
    assert found == labelled([line])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My department should be Finance.", [("department", "Finance")]),
        ("Okta still shows Sales instead of Finance", [(None, "Finance")]),
        ("The job title was changed from Clerk to Senior Editor last week", [("job title", "Senior Editor")]),
        ("title: Clerk -> Lead Planner", [("title", "Lead Planner")]),
        (
            "my last name changed to O'Brien-Smith and my title should be Head of R&D",
            [("last name", "O'Brien-Smith"), ("title", "Head of R&D")],
        ),
        (
            "Please change my department from Sales to Research and Development.",
            [("department", "Research and Development")],
        ),
        ("department shows Sales in Okta instead of Finance", [("department", "Finance")]),
        ('My manager is wrong, should be "Bob, Stone"', [("manager", "Bob, Stone")]),
        ('My officeLocation should be "R&D, EMEA (North)".', [("officelocation", "R&D, EMEA (North)")]),
        ("Please change my officeLocation from A1 to B2", [("officelocation", "B2")]),
        ("Please change my parking lot to B2", [(None, "B2")]),
        ("My title should be \"O'Neill's Deputy\".", [("title", "O'Neill's Deputy")]),
        ("My title should be 'O'Neill Deputy', thanks", [("title", "O'Neill Deputy")]),
        ("please clear my mobile phone", [("mobile phone", "")]),
        ("the title should be empty", [("title", "")]),
        ("Her surname changed last month to Smith", [("surname", "Smith")]),
        ("department has been updated to Treasury in AD yesterday", [("department", "Treasury")]),
        ("My department has not updated", [("department", None)]),
        ("My phone is wrong", [("phone", None)]),
        ("My officeLocation has not been updated in Okta", [("officelocation", None)]),
        ("My iPhone app is old", []),
        ("| Attribute | Current | Expected |\n|---|---|---|\n| title | Clerk | Editor |", [("title", "Editor")]),
        ("||Field||New value||\n|department|Finance|", [("department", "Finance")]),
        (
            "Attributes: department, job title and manager",
            [("department", None), ("job title", None), ("manager", None)],
        ),
    ],
)
def test_sentences_and_tables_state_values(text: str, expected: list[tuple[str | None, str | None]]) -> None:
    assert expected == values(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "It should be working by now",
        "Department: Sales",
        "I moved to another department and everybody was kind",
        "Expected a reply by Monday",
        "The title of this ticket is long",
    ],
)
def test_what_states_no_value_is_not_taken_for_one(text: str) -> None:
    assert not any(want.expected for want in read(text).wants)


def test_a_bare_label_of_an_attribute_does_not_say_which_value_is_right() -> None:
    assert values(read("Department: Sales\nIt is wrong.")) in ([], [("department", None)])


def test_bare_labels_name_attributes_where_nothing_else_asks() -> None:
    text = "Department: Finance\n* Titel: Leiter Finanzen\nNote: urgent"
    assert values(read(text)) == [("department", None), ("titel", None)]
    assert values(read(text, summary="My department should be Legal.")) == [("department", "Legal")]
    assert values(read(text, fields={"attribute": "department", "expected": "Legal"})) == [("department", "Legal")]


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("Please check the profile of bob@example.com", "bob@example.com"),
        ("User: Ada Byron <ada@example.com>", "ada@example.com"),
        ("The employee number is 104233, her title is wrong", "104233"),
        ("Her login is ada.byron and the department is old", "ada.byron"),
        ("I am ada@example.com and my title is wrong", None),
        ("For bob@example.com please; write to me or to boss@example.com", "bob@example.com"),
    ],
)
def test_people_are_found_in_running_text(text: str, user: str | None) -> None:
    assert user == read(text).user


def test_several_people_without_a_word_which_one_is_meant_are_unclear() -> None:
    request = read("I spoke to bob@example.com and eve@example.com, the title is wrong")
    assert (request.user, request.unclear) == (None, ("bob@example.com", "eve@example.com"))


def test_somebody_else_without_a_name_is_not_the_requester() -> None:
    assert read("A colleague says that her department is wrong").somebody_else
    assert not read("My department is wrong, a colleague told me").somebody_else


def test_a_list_of_people_is_a_subject_each() -> None:
    ticket = build.ticket(description="Users: ada@example.com, bob@example.com\nAttribute: title\nExpected: Editor")
    requests = understand(ticket, {})
    assert [(item.user, values(item)) for item in requests] == [
        ("ada@example.com", [("title", "Editor")]),
        ("bob@example.com", [("title", "Editor")]),
    ]


def test_a_table_of_people_gives_each_their_own_value() -> None:
    table = "User | Attribute | Expected\nada@example.com | title | Editor\nbob@example.com | title | Buyer"
    requests = understand(build.ticket(description=table), {})
    assert [(item.user, values(item)) for item in requests] == [
        ("ada@example.com", [("title", "Editor")]),
        ("bob@example.com", [("title", "Buyer")]),
    ]


def test_signatures_and_quoted_mails_do_not_count() -> None:
    mail = (
        "My department should be Finance.\n\nKind regards\nAda Byron\nTitle: Analyst\neve@example.com\n\n"
        "On Mon, 2 Mar 2026, Help Desk <help@example.com> wrote:\n> User: mallory@example.com\n> Expected: Sales"
    )
    request = read(mail)
    assert (request.user, values(request)) == (None, [("department", "Finance")])


def test_labelled_lines_behind_a_friendly_word_still_count() -> None:
    assert read("Please fix this.\nThanks!\nUser: bob@example.com").user == "bob@example.com"


def test_a_forwarded_mail_speaks_for_its_sender() -> None:
    mail = (
        "FYI\n\n---------- Forwarded message ---------\nFrom: Bob Stone <bob@example.com>\nDate: Mon\n"
        "Subject: profile\n\nMy title should be Lead Planner."
    )
    request = read(mail)
    assert (request.user, values(request)) == ("bob@example.com", [("title", "Lead Planner")])


def test_html_is_read_as_people_see_it() -> None:
    html = (
        "<html><style>p{}</style><p>My&nbsp;department should be <b>Research &amp; Development</b>.</p>"
        "<table><tr><th>Attribute</th><th>Expected</th></tr><tr><td>title</td><td>Editor</td></tr></table>"
        "<blockquote>Expected: Sales</blockquote></html>"
    )
    assert sorted(values(read(html))) == [("department", "Research & Development"), ("title", "Editor")]


def test_windows_line_ends_and_control_characters_do_no_harm() -> None:
    request = read("User: ada@example.com\r\nAttribute: title\r\nExpected: Fin\u202e\x00\r\n")
    assert (request.user, values(request)) == ("ada@example.com", [("title", "Fin")])


def test_the_form_is_read_and_later_words_beat_it() -> None:
    form = {"user": "bob@example.com", "attribute": "title", "expected": "Sales"}
    request = read("User: ada@example.com", fields=form)
    assert (request.user, values(request)) == ("ada@example.com", [("title", "Sales")])
    assert request.source == ("user: the description", "value: the form")


def test_a_reply_completes_the_ticket() -> None:
    comments = (build.comment("Please tell us", by_worker=True), build.comment("It should be Finance", minutes=1))
    assert values(read("Attribute: department", comments=comments)) == [("department", "Finance")]


def test_a_reply_in_bare_labels_states_the_values_that_we_asked_for() -> None:
    asked = build.comment("Which value should it show?", by_worker=True)
    answer = build.comment("Department: Customs\n- Title: Head of Customs\nManager:\n", minutes=1)
    told = [("department", "Customs"), ("title", "Head of Customs")]
    assert told == values(read("My profile is old.", comments=(asked, answer)))
    assert [] == values(read("My profile is old.", comments=(answer,)))


def test_a_reply_corrects_the_ticket_in_other_words_for_the_same_attribute() -> None:
    comments = (build.comment("?", by_worker=True), build.comment("Job title should be Editor", minutes=1))
    assert [value for _, value in values(read("My title should be Clerk", comments=comments))] == ["Editor"]


def test_our_own_comments_are_never_read() -> None:
    comments = (build.comment("User: (login or e-mail address)", by_worker=True),)
    assert read(comments=comments).user is None


def test_a_bare_address_answers_our_question_only_after_it_was_asked() -> None:
    answer = build.comment("It is bob@example.com, thanks", minutes=2)
    asked = build.comment("Which user?", by_worker=True, minutes=1)
    assert read(comments=(asked, answer)).user == "bob@example.com"
    assert read(comments=(answer,)).user is None


def test_the_summary_counts_where_the_description_says_nothing() -> None:
    assert values(read("Please help", summary="Department not updated for bob@example.com")) == [("department", None)]
    assert read("Please help", summary="Department not updated for bob@example.com").user == "bob@example.com"


def test_a_planted_secret_does_not_get_through() -> None:
    assert "hunter2" not in str(read("User: ada password: hunter2"))
    assert "hunter2" not in str(read("my title should be password: hunter2"))


@pytest.mark.parametrize(
    "text", ["Expected: " + "x" * 5000, "my title should be " + "x " * 5000, "<" * 50_000, "|" * 50_000]
)
def test_endless_and_hostile_texts_stay_small(text: str) -> None:
    assert all(len(want.expected or "") <= 200 for want in read(text).wants)


def test_wants_are_kept_apart_by_meaning_not_by_word() -> None:
    request = read("Attribute: Job Title\nMy title should be Editor")
    assert [Want(attribute=request.wants[0].attribute, expected="Editor")] == list(request.wants)


def test_a_reply_narrows_a_word_that_may_mean_several_attributes() -> None:
    comments = (build.comment("?", by_worker=True), build.comment("Attribute: mobilePhone", minutes=1))
    assert values(read("My telephone should be 5551", comments=comments)) == [("mobilePhone", "5551")]


def test_a_reply_about_one_of_several_users_leaves_the_others() -> None:
    reply = build.comment("User: bob@example.com\nAttribute: title\nExpected: Buyer", minutes=1)
    ticket = build.ticket(
        description="Users: ada@example.com, bob@example.com\nAttribute: title",
        comments=(build.comment("?", by_worker=True), reply),
    )
    found = {item.user: values(item) for item in understand(ticket, {})}
    assert ("title", "Buyer") in found["bob@example.com"]
    assert [("title", None)] == found["ada@example.com"]


def test_a_reply_about_one_row_of_a_table_leaves_the_other_rows() -> None:
    reply = build.comment("User: bob@example.com\nAttribute: title\nExpected: Buyer", minutes=1)
    ticket = build.ticket(
        description="User | Attribute | Expected\nada@example.com | title | Editor\nbob@example.com | title | Clerk",
        comments=(build.comment("?", by_worker=True), reply),
    )
    found = {item.user: values(item) for item in understand(ticket, {})}
    assert {"ada@example.com": [("title", "Editor")], "bob@example.com": [("title", "Buyer")]} == found


def test_a_reply_that_names_none_of_several_users_gives_nobody_a_value() -> None:
    ticket = build.ticket(
        description="User | Attribute | Expected\nada@example.com | title | Editor\nbob@example.com | title | Clerk",
        comments=(build.comment("?", by_worker=True), build.comment("The title should be Buyer", minutes=1)),
    )
    found = understand(ticket, {})
    assert ["ada@example.com", "bob@example.com"] == [item.user for item in found]
    assert not any(want.expected == "Buyer" for item in found for want in item.wants)


def test_a_reply_that_takes_the_wish_back_leaves_no_value() -> None:
    comments = (build.comment("?", by_worker=True), build.comment("Never mind, Clerk is right after all", minutes=1))
    assert values(read("My title should be Editor", comments=comments)) == [("title", None)]


def test_the_summary_alone_may_state_all() -> None:
    request = read("See above", summary="Change last name from Frost to Frost-Ley for bob@example.com")
    assert (request.user, values(request)) == ("bob@example.com", [("last name", "Frost-Ley")])


def test_a_summary_about_somebody_else_is_not_about_the_requester() -> None:
    assert read("It should be Buyer", summary="Wrong title for Eve Stone").somebody_else
