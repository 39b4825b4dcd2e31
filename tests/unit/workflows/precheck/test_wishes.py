"""What makes a ticket ask for something else, and what is only talk."""

from __future__ import annotations

from functools import cache

import pytest

from tests.linear import linear
from tests.unit import builders as build
from workflows.model import Person, Reading, Ticket
from workflows.precheck.wishes import Change, Reply, change_in, heard_in, reply_in, says_pressed
from workflows.reading.languages import LANGUAGES
from workflows.reading.languages.language import Language
from workflows.reading.request import read
from workflows.reading.vocabulary import vocabulary_of

VOCABULARY = vocabulary_of({})
ADA = Person(id="ada", login="ada@example.com", email="ada@example.com", name="Ada Byron")
ASKED = "Attribute: department\nExpected: Finance"


def change(words: str, *held: str) -> Change:
    """Return what a comment by the requester changes of what the ticket asks."""
    before = build.ticket(description=ASKED, requester=ADA)
    after = before.but(comments=(build.comment(words, author=ADA, minutes=5),))
    first, now = (read(ticket, VOCABULARY, build.NOW.date()) for ticket in (before, after))
    return change_in(now, after, heard_in(first, ADA), held, VOCABULARY)


@pytest.mark.parametrize(
    "words",
    [
        "Expected: Marketing",
        "Attribute: title\nExpected: Conductor",
        "Please do not sync.",
        "Force sync must not be run.",
        "HR entered the wrong value.",
        "This was filed by mistake.",
        "This is about my colleague Tom Jones.",
        "User: tom@example.com",
        "From 1 December 2030, please.",
        "Effective date: 2030-12-01",
    ],
)
def test_what_is_stated_or_named_otherwise_is_another_request(words: str) -> None:
    assert change(words).otherwise


@pytest.mark.parametrize(
    "words", ["My title is wrong, too.", "Stop, that is wrong.", "Department: Marketing", "Finance is the old one!"]
)
def test_prose_that_may_speak_against_the_request_is_told_apart(words: str) -> None:
    assert Change(otherwise=False, told=True, unread=(words,)) == change(words, "Sales", "Finance")._replace(beside=())


STATED = "Attribute: title\nExpected: Conductor"


@pytest.mark.parametrize(
    ("words", "beside"),
    [
        ("My title is wrong, too.", ()),
        ("It should say Finance.", ()),
        ("yes", ()),
        ("Stop, that is wrong.", ("Stop, that is wrong.",)),
        ("It should say Finance.\nBut my boss has to agree.", ("But my boss has to agree.",)),
        (f"{STATED}\nThanks, Ada", ()),
        (f"{STATED}\nMy boss has to agree.", ("My boss has to agree.",)),
    ],
)
def test_what_stands_beside_an_answer_is_told_apart(words: str, beside: tuple[str, ...]) -> None:
    assert beside == change(words, "Sales", "Finance").beside


@pytest.mark.parametrize(
    "words",
    [
        "STOP", "Hold on", "Wrong person!", "Only after approval of my manager", "I have to check with HR first",
        "Thanks, but please wait", "Thanks, Cancel", "OK, not now", "Any news? Else leave it.", "50",
        "Hello Cancel That",
        "Bitte warten", "Ne rien changer", "No sincronizar", "Non sincronizzare", "Não sincronizar", "Niet doen",
        "Lad være", "Ikke gjør det", "Gör inget", "Nie teraz", "同期しないでください",
    ],
)  # fmt: skip
def test_whatever_is_not_known_to_ask_for_nothing_is_a_persons_to_read(words: str) -> None:
    assert (words,) == change(words, "Sales", "Finance").unread


@pytest.mark.parametrize(
    "words",
    [
        "Any news?", "Thank you!", "It's urgent.", "Expected: Finance", "Regards\nAda Byron", "Pressed.\n\nAda",
        "Hi Robin, any update on this please? Thanks, Ada", "[~robin] is there any news on my ticket?", "👍",
        "Hallo zusammen, gibt es Neuigkeiten? Vielen Dank und viele Grüße", "Bonjour, avez-vous des nouvelles ? Merci",
        "Hola, ¿hay novedades? Muchas gracias por su ayuda", "Buongiorno, ci sono novità? Grazie mille",
        "Bom dia, há novidades? Obrigada pela ajuda", "Goedemorgen, is er al nieuws? Alvast bedankt",
        "Hej, er der noget nyt i sagen? Tak for hjælpen", "Hei, er det noe nytt i saken? Takk for hjelpen",
        "Hej, finns det något nytt? Tack så mycket", "Dzień dobry, czy są jakieś wieści? Dziękuję za pomoc",
        "お世話になっております。進捗はいかがでしょうか。よろしくお願いします。",
    ],
)  # fmt: skip
def test_talk_and_what_was_said_before_change_nothing(words: str) -> None:
    assert Change() == change(words, "Sales", "Finance")


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_language_has_courtesies_and_none_of_them_objects(language: Language) -> None:
    assert language.courtesies
    objecting = {"guard", "forbids", "not_to", "unwanted", "no"}
    assert {} == {text: found for text in language.courtesies if (found := VOCABULARY.fields_of(text) & objecting)}


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        ("Attribute | Expected value\nDepartment | Finance", "255f807af63c"),
        (ASKED, "135a1c3e093a"),
        ("User | Department\nada | Finance", "463f9ec1c651"),
    ],
    ids=["table", "form", "bare column"],
)
def test_what_was_judged_by_an_earlier_version_is_known_again(text: str, digest: str) -> None:
    now = read(build.ticket(description=text, requester=ADA), VOCABULARY, build.NOW.date())
    assert digest == heard_in(now, ADA).stated


def test_nothing_of_the_words_is_kept() -> None:
    told = heard_in(read(build.ticket(description=ASKED, requester=ADA), VOCABULARY, build.NOW.date()), ADA)
    assert not any(word in told.model_dump_json() for word in ("Finance", "finance", "department"))


BO = (Person(id="u4711", login="bo.stone@example.com", name="Bo Stone"),)


def said(text: str) -> Reply:
    return reply_in(text.split("\n"), VOCABULARY, BO)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Yes", Reply.YES),
        ("Yes, it is!", Reply.YES),
        ("Ja", Reply.YES),
        ("Yes\n\nBo Stone", Reply.YES),
        ("No", Reply.NO),
        ("No, not yet.", Reply.NO),
        ("No, it shows Clerk", Reply.NO),
        ("Still wrong", Reply.NO),
        ("Something else", Reply.SOMETHING_ELSE),
        ("Chief Planner", Reply.VALUE),
        ("да", Reply.WORDS),
        ("ναι, ευχαριστώ", Reply.WORDS),
        ("네", Reply.WORDS),
        ("No – Ocean Freight", Reply.VALUE),
        ("No (Ocean Freight)", Reply.VALUE),
        ("No: Ocean Freight", Reply.VALUE),
        ("NO (Norway)", Reply.VALUE),
        ("No, Ocean Freight", Reply.NO),
        ("no(t yet)", Reply.WORDS),
        ("Yes, but the city is old", Reply.WORDS),
        ("I do not know. Please ask Bo.", Reply.WORDS),
        ("What do you mean?", Reply.WORDS),
        ("", Reply.WORDS),
    ],
)
def test_a_reply_says_one_thing(text: str, meant: Reply) -> None:
    assert meant == said(text)


def test_a_yes_with_more_behind_it_is_for_a_person() -> None:
    assert said("Yes\nbut my department is still the old one") == Reply.WORDS


@pytest.mark.parametrize("text", ["No, thanks. It is right now.", "Yes\nDepartment Wrong"])
def test_a_reply_that_says_two_things_is_a_persons_to_read(text: str) -> None:
    assert said(text) is Reply.WORDS


@pytest.mark.parametrize("name", ["Bo Stone", "Bo", "bo stone", "B. Stone", "- Bo", "Stone, Bo"])
def test_whoever_signs_a_yes_has_said_yes(name: str) -> None:
    assert said(f"Yes\n\n{name}") is Reply.YES


@pytest.mark.parametrize(
    "second",
    [
        "Nope", "Nothing Changed", "Partially", "Teilweise", "Faux", "However Outlook Differs", "Unknown Again",
        "Regression", "Eve Jones", "50%", "N", "...but",
    ],
)  # fmt: skip
def test_a_second_line_that_is_not_the_writers_name_is_for_a_person(second: str) -> None:
    assert said(f"Yes\n{second}") is Reply.WORDS


def test_who_is_called_no_signs_nothing() -> None:
    assert reply_in(["Yes", "No"], VOCABULARY, (Person(id="1", name="No Min-ho"),)) is Reply.WORDS


@pytest.mark.parametrize(
    "text", ["pressed", "Pressed.", "I've pressed it", "Done!\n\nBo Stone", "Gedrückt", "erledigt"]
)
def test_whoever_pressed_the_button_says_so(text: str) -> None:
    assert says_pressed(text.split("\n"), VOCABULARY, BO)


@pytest.mark.parametrize(
    "text", ["", "not pressed", "Pressed?", "pressed it, no change", "I will press it", "nicht gedrückt"]
)
def test_anything_else_is_no_press(text: str) -> None:
    assert not says_pressed(text.split("\n"), VOCABULARY, BO)


def test_new_words_are_heard_in_time_that_grows_with_them_however_many_people_write() -> None:
    before = build.ticket(description=ASKED, requester=ADA)
    heard = heard_in(read(before, VOCABULARY, build.NOW.date()), ADA)
    people = (Person(id=f"p{number}", login=f"p{number}@example.com", name=f"Zed Q{number}") for number in range(500))
    comments = tuple(build.comment("Same here", author=somebody) for somebody in people)

    @cache
    def written(text: str) -> tuple[Reading, Ticket]:
        after = before.but(description=f"{ASKED}\n{text}", comments=comments)
        return read(after, VOCABULARY, build.NOW.date()), after

    def hear(text: str) -> Change:
        return change_in(*written(text), heard, ("Sales",), VOCABULARY)

    assert linear(hear, lambda size: "My title, since then; and more.\n" * (size // 32))
