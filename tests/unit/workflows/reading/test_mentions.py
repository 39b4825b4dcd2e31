"""Which attributes the words speak of, by name or by a value that one of both copies holds."""

from __future__ import annotations

import time
from typing import Any

import pytest

from workflows.reading.mentions import Mention, may_hold_more, mentions
from workflows.reading.spans import Held
from workflows.reading.vocabulary import vocabulary_of

NOTHING = Mention()


def mention(text: str, okta: Any = "Account Clerk", copy: Any = "Chief Planner", *, of: str = "title") -> Mention:
    """Return how a text speaks of one attribute of which the copies hold these."""
    found = mentions(text.split("\n"), {of: Held(okta, copy, frozenset({of}))}, vocabulary_of({}))
    return found.get(of, NOTHING)


def test_what_the_words_do_not_speak_of_is_left_out() -> None:
    assert mention("Hello, please help me.") == NOTHING


def test_a_name_and_both_values_are_told_apart() -> None:
    assert mention("my title") == Mention(by_name=True)
    assert mention("I was Account Clerk").old
    assert mention("I am Chief Planner").new
    assert not mention("I am Chief Planner").by_name


@pytest.mark.parametrize("text", ["I am Chief Planners", "XChief Planner", "Chief of Planner"])
def test_a_value_stands_in_the_words_as_a_whole(text: str) -> None:
    assert mention(text) == NOTHING


@pytest.mark.parametrize("text", ["CHIEF PLANNER", "chief  planner", "“Chief Planner”", "(Chief Planner)"])
def test_case_spacing_and_marks_do_not_count(text: str) -> None:
    assert mention(text).new


def test_a_short_or_everyday_value_counts_beside_its_attributes_name_alone() -> None:
    assert not mention("please call IT", copy="IT").new
    assert mention("my title is IT", copy="IT").new
    assert not mention("it concerns sales", copy="Sales").new
    assert mention("the title Sales", copy="Sales").new


def test_a_value_inside_the_other_ones_is_no_mention_of_it() -> None:
    found = mention("I am EVP Field Sales", okta="EVP Field Sales", copy="Field Sales")
    assert (found.old, found.new) == (True, False)


def test_a_telephone_number_is_compared_by_its_digits() -> None:
    assert mention("call 0170 5550199", None, "+49 (170) 555-0199", of="mobilePhone").new


def test_a_dn_is_found_by_its_common_name_and_an_address_by_its_first_part() -> None:
    assert mention("I report to Bo Stone", None, "CN=Bo Stone,OU=People,DC=corp", of="manager").new
    assert mention("it should be ada.king", None, "ada.king@example.com", of="email").new


def test_an_attribute_of_ones_own_is_found_by_its_name_in_words() -> None:
    assert mention("the badge zone is old", "a", "b", of="badgeZone").by_name


def test_a_word_for_wrong_beside_a_value_speaks_against_it() -> None:
    assert mention("not Chief Planner").wrong
    assert mention("Chief Planner is wrong").wrong
    assert not mention("That is wrong. Chief Planner it is").wrong


def test_a_value_beside_an_unknown_word_may_be_longer() -> None:
    assert mention("my title is Chief Planner.").alone
    assert not mention("my title is Chief Planner Zyxw").alone


def test_a_value_and_a_name_are_sure_evidence() -> None:
    assert mention("My title is Chief Planner").sure
    assert mention("Okta shows Account Clerk, I am Chief Planner").sure
    assert not mention("I am Chief Planner").sure


def test_a_sentence_about_what_is_no_profile_leaves_a_value_open() -> None:
    assert not mention("The report lacks my title Chief Planner.").sure
    assert mention("The report came. My title in Okta should be Chief Planner.").sure


@pytest.mark.parametrize("text", ["I became chief planner trainee in May. ", "I sit at the Chief Planner bench. "])
def test_small_words_beside_a_value_leave_it_sure_where_it_stands_alone_elsewhere(text: str) -> None:
    assert mention(text + "My title should be Chief Planner.").sure
    assert not mention(text + "My title should be that.").sure
    assert not mention(text + "My title should be Senior Chief Planner, not just Chief Planner.").sure


def test_a_value_of_an_attribute_that_differs_says_nothing_of_one_that_agrees() -> None:
    held = {
        "email": Held("old@example.com", "eve@example.com", frozenset({"email"})),
        "login": Held("eve@example.com", "eve@example.com", frozenset({"login"})),
    }
    found = mentions(
        ["The new login works. My email is eve@example.com, Okta shows old@example.com."], held, vocabulary_of({})
    )
    assert found["email"].sure
    assert found["login"] == Mention(by_name=True)


def test_a_word_for_several_attributes_means_those_in_which_the_copies_differ() -> None:
    held = {
        "primaryPhone": Held("1", "1", frozenset({"primaryPhone"})),
        "mobilePhone": Held("1", "2", frozenset({"mobilePhone"})),
    }
    assert list(mentions(["My phone is old"], held, vocabulary_of({}))) == ["mobilePhone"]


def test_unspaced_values_are_found() -> None:
    assert mention("担当は営業企画部です", "総務部", "営業企画部", of="department").new


def test_a_value_with_a_sharp_s_is_found() -> None:
    assert mention("I sit in Hauptstraße 5 now", "Weg 1", "Hauptstraße 5", of="streetAddress").new


@pytest.mark.parametrize(
    "text",
    [
        "My title should not be Chief Planner",
        "Please remove the Chief Planner",
        "Bitte entfernen Sie den Titel Chief Planner",
    ],
)
def test_words_that_want_the_next_value_gone_speak_against_it(text: str) -> None:
    assert mention(text).wrong


def test_such_words_concern_the_next_value_only() -> None:
    assert not mention("Please remove Account Clerk and enter Chief Planner").wrong


def test_an_everyday_word_is_a_value_beside_the_one_that_okta_shows() -> None:
    assert mention("I am a partner now", copy="Partner") == NOTHING
    assert mention("I was Account Clerk. I am Partner now", copy="Partner").new


def test_the_summary_names_the_attribute_of_a_short_value() -> None:
    assert mention("title\nit says Boss", copy="Boss").new
    assert not mention("hello\nit says Boss\ntitle", copy="Boss").new


def test_a_word_within_a_value_names_no_attribute() -> None:
    held = {"title": Held("Area Manager", "Boss", frozenset()), "manager": Held("x", "x", frozenset({"manager"}))}
    assert "manager" not in mentions(["Okta says Area Manager"], held, vocabulary_of({}))


def test_an_address_stands_alone_whatever_surrounds_it() -> None:
    assert mention("gets eve@example.com tomorrowish", copy="eve@example.com").alone


@pytest.mark.parametrize(
    "text",
    [
        "My title is Senior Chief Planner",
        "my title is chief planner assistant",
        "title Chief Planner & Buyer",
        "title Chief Planner-10",
        "title: Head of Chief Planner",
    ],
)
def test_a_word_that_may_belong_to_a_value_leaves_it_open(text: str) -> None:
    assert not mention(text).sure


@pytest.mark.parametrize(
    "text",
    [
        "I went from Account Clerk to Chief Planner",
        "I am Chief Planner, Okta shows Account Clerk",
        "Chief Planner since May, was Account Clerk",
        "Should be Chief Planner. Account Clerk it says",
    ],
)
def test_both_values_are_sure_evidence_where_the_words_tell_which_is_which(text: str) -> None:
    assert mention(text).sure


@pytest.mark.parametrize(
    "text",
    [
        "I am Chief Planner and Okta wrongly says Account Clerk.",
        "I have been Chief Planner for two weeks and Okta is still wrong with Account Clerk.",
        "Llevo dos semanas como Chief Planner y Okta sigue mostrándome como Account Clerk. El AD está bien.",
        "Ik ben nu Chief Planner maar Okta toont nog steeds de verkeerde functie Account Clerk.",
    ],
)
def test_a_word_for_wrong_before_the_value_that_okta_shows_is_about_that_one(text: str) -> None:
    assert mention(text).sure


@pytest.mark.parametrize(
    "text",
    [
        "I am Chief Planner, which is wrong in Okta, it should be Account Clerk.",
        "Chief Planner in my title is still wrong.",
        "I have been Chief Planner for two weeks though Okta has it wrong and it should be Account Clerk",
        "Okta made me Chief Planner two weeks ago and that was wrong from the start since my title is Account Clerk",
        "HR entered Chief Planner, which is not my title, Okta shows Account Clerk.",
        "Chief Planner in AD is wrong, Okta shows Account Clerk.",
    ],
)
def test_a_word_for_wrong_behind_the_new_value_leaves_it_open(text: str) -> None:
    assert not mention(text).sure


def test_the_new_value_before_the_old_one_may_be_the_wrong_way_round() -> None:
    assert not mention("I went from Chief Planner to Account Clerk").sure


BOTH = {
    "title": Held("Account Clerk", "Chief Planner", frozenset({"title"})),
    "department": Held("Field Sales", "Field Sales", frozenset({"department"})),
    "manager": Held("Bo Stone", "Bo Stone", frozenset({"manager"})),
}


@pytest.mark.parametrize(
    "text",
    [
        "My department is still wrong",
        "My department and my title are wrong",
        "The department of my title is wrong",
        "My department and my title Chief Planner are wrong",
        "My title Chief Planner and my department are wrong",
        "Okta has the wrong department and still Account Clerk as title",
        "Please change my department and title",
        "The department/title/manager in Okta is wrong",
        "Okta still shows Account Clerk and my old department",
        "Okta still shows Account Clerk and my department",
        "OKTA STILL SHOWS ACCOUNT CLERK AND MY DEPARTMENT",
        "Okta still shows Account Clerk / my department",
        "Okta still shows Account Clerk & my department",
        "Please also change my department Field Sales to Marketing",
        "Please change my department to the correct one",
        "My department of the previous year is still there",
        "My department was updated right away, says Okta, which is wrong",
        "Okta has a typo in my department",
        "My department has not changed either",
        "Update the department so that it shows correctly",
        "The department was changed in AD and is right there",
        "My department was not updated right",
    ],
)
def test_a_name_is_in_doubt_where_the_nearest_word_for_wrong_is_about_it(text: str) -> None:
    assert mentions([text], BOTH, vocabulary_of({}))["department"].in_doubt


@pytest.mark.parametrize(
    "text",
    [
        "My manager tells me that Okta shows me with the wrong title",
        "I moved to the manager in the north and Okta still says Account Clerk",
        "Okta still has Account Clerk in front of the name of my manager",
        "Okta still has Account Clerk against my manager",
    ],
)
def test_a_name_is_in_no_doubt_where_words_for_wrong_are_about_something_nearer(text: str) -> None:
    assert not mentions([text], BOTH, vocabulary_of({}))["manager"].in_doubt


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("A phone call came because the old title is there", False),
        ("My manager told me that my title is wrong", False),
        ("It does not show that I am her manager", True),
        ("The phone is wrong on the login page", True),
        ("The phone is wrong, they call", True),
        ("My manager changed in AD, Okta is wrong", True),
        ("My manager has changed", True),
    ],
)
def test_phrases_name_no_attribute(text: str, named: bool) -> None:
    held = BOTH | {"primaryPhone": Held("48110", "48110", frozenset({"primaryPhone"}))}
    assert (
        any(item.in_doubt for name, item in mentions([text], held, vocabulary_of({})).items() if name != "title")
        is named
    )


def test_a_value_that_is_called_like_an_attribute_names_none() -> None:
    held = BOTH | {"title": Held("Account Clerk", "Line Manager", frozenset({"title"}))}
    assert "manager" not in mentions(["I am Line Manager now, Okta has it wrong"], held, vocabulary_of({}))


def test_a_word_within_the_name_of_an_attribute_is_no_value() -> None:
    held = {"userType": Held("Contractor", "Employee", frozenset({"userType"}))}
    assert not mentions(["user type", "My employee number is right"], held, vocabulary_of({}))["userType"].new


@pytest.mark.parametrize(
    "text",
    [
        "My title was changed to Chief Planner the previous Friday",
        "MY NEW TITLE IS Chief Planner IN AD, OKTA IS BEHIND",
    ],
)
def test_what_stands_around_the_new_value_leaves_it_sure(text: str) -> None:
    assert mention(text).sure


@pytest.mark.parametrize(
    "text",
    [
        "My title is Chief Planner Branch",
        "The title in the badge app should be Chief Planner, AD has it",
        "MY TITLE IS Deputy Chief Planner IN THE NORTH",
        "My title is wrong in Okta\nIT Chief Planner",
        "My title is wrong in Okta\nNEW: Chief Planner IT",
        "My title is Chief Planner, Okta shows Account Clerk; I am still an Account Clerk and Chief Planner is wrong",
    ],
)
def test_what_stands_around_the_new_value_leaves_it_open(text: str) -> None:
    assert not mention(text).sure


@pytest.mark.parametrize(
    ("text", "value", "of", "sure"),
    [
        ("il mio cognome è dell'Acqua", "Acqua", "lastName", False),
        ("Mi apellido en Okta debe ser De Leon", "Leon", "lastName", False),
        ("mein Vorgesetzter ist seit August Herr Eve Stone", "Eve Stone", "manager", True),
        ("mein Vorgesetzter ist seit August Frank Eve Stone", "Eve Stone", "manager", False),
        ("my display name: Prof Eve Stone", "Eve Stone", "displayName", False),
        ("my manager is Eve Stone May", "Eve Stone", "manager", False),
    ],
)
def test_a_persons_title_is_no_part_of_the_managers_name(text: str, value: str, of: str, sure: bool) -> None:
    assert mention(text, "old one", value, of=of).sure is sure


@pytest.mark.parametrize("text", ["Okta shows Bo Stone as manager", "my manager is still Bo Stone"])
def test_what_okta_is_said_to_show_and_both_copies_hold_is_left_open(text: str) -> None:
    assert mentions([text], BOTH, vocabulary_of({}))["manager"].left_open


@pytest.mark.parametrize("text", ["Okta is behind. My manager is Bo Stone", "my manager is Bo Stone"])
def test_what_both_copies_hold_and_the_words_merely_say_is_not_left_open(text: str) -> None:
    assert not mentions([text], BOTH, vocabulary_of({}))["manager"].left_open


def test_a_sentence_ends_in_scripts_of_their_own_marks_too() -> None:
    told = mention("Oktaの部署が古いです。第二営業部、Okta:第一営業部。", "第一営業部", "第二営業部", of="department")
    assert told.sure


def test_an_old_value_that_is_called_wrong_tells_that_the_new_one_is_meant() -> None:
    assert mention("My title is Chief Planner. Not Account Clerk. The badge printer knows it.").sure


def test_a_possessive_is_no_part_of_a_value() -> None:
    assert mention("title: AD has Chief Planner and Chief Planner's correct").sure


def test_a_long_line_of_names_and_words_for_wrong_is_read_in_time_by_its_length() -> None:
    started = time.process_time()
    assert mention("wrong title " * 3000).in_doubt
    assert time.process_time() - started < 1.5


def test_a_long_line_of_words_that_want_values_gone_is_read_in_time_by_its_length() -> None:
    line = "remove Chief Planner. " * 3000
    started = time.process_time()
    assert mention(line).wrong
    assert time.process_time() - started < 1.5


def holds_more(text: str) -> bool:
    held = {"title": Held("Account Clerk", "Chief Planner", frozenset({"title"}))}
    return may_hold_more(text.split("\n"), held, vocabulary_of({}))


@pytest.mark.parametrize(
    "text",
    [
        "It should be Lead Cook.",
        "change to legal",
        "i moved to legal last month",
        "from Account Clerk to Lead Cook",
        "I work for PMO.",
        "It should be it.",
        "Room 4711",
        "Ich arbeite jetzt im Vertrieb.",
        "Je suis maintenant comptable.",
        "現在は経理部です",
    ],
)
def test_a_word_that_nothing_explains_may_be_a_value(text: str) -> None:
    assert holds_more(text)


@pytest.mark.parametrize(
    "text",
    [
        "My profile is not updating in Okta.",
        "Please update my title, it is still wrong. Thanks",
        "Okta shows Account Clerk.",
        "Bitte aktualisieren, das Profil ist veraltet.",
        "Attribute: title\nUser: ada\nNew title: Lead Cook",
    ],
)
def test_words_of_sentences_values_of_the_copies_and_labelled_lines_are_none(text: str) -> None:
    assert not holds_more(text)
