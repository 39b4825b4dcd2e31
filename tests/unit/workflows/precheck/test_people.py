"""Whose profile a ticket is about: those whom its words name, as far as Okta knows them, or its requester."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from tests.unit import builders as build
from tests.unit.workflows.precheck.orgs import Known, person, subjects
from workflows.model import Person, Policy, Statement
from workflows.precheck.facts import Facts

ADA = person("ada@example.com", "Ada Byron")
BO = person("bo@example.com", "Bo Stone", employeeNumber="4711", title="Site Boss", copy={"title": "Lead Planner"})
CY = person("cy@example.com", "Cy Young", copy={"department": "Plant Seven"})
ADA_AHEAD = person("ada@example.com", "Ada Byron", copy={"title": "Chief Clerk"})


def about(text: str, *people: Known, **ticket: Any) -> list[str]:
    """Return the logins of those whom a text is about; what fits nobody or several stands in brackets."""
    return shown(subjects(build.ticket(summary="Profile", description=text, **ticket), *people))


def shown(found: Iterable[Facts]) -> list[str]:
    return [item.user.login if len(item.users) == 1 else _unclear(item) for item in found]


def _unclear(facts: Facts) -> str:
    if facts.request.unclear:
        return f"[which of {', '.join(facts.request.unclear)}]"
    return f"[{facts.identifier or 'nobody'}: {len(facts.users)}]"


def test_nobody_named_means_the_requester() -> None:
    (facts,) = subjects(build.ticket(description="My title is wrong."), ADA, BO)
    assert (facts.user.login, facts.named, facts.request.user) == ("ada@example.com", False, None)


def test_a_requester_whom_okta_does_not_know_is_nobody() -> None:
    assert about("My title is wrong.", BO) == ["[ada@example.com: 0]"]


def test_a_ticket_without_a_requester_is_about_nobody() -> None:
    assert about("The title is wrong.", ADA, requester=None) == ["[nobody: 0]"]


def test_labels_that_lead_to_the_same_user_are_one_person() -> None:
    text = "User: Bo Stone\nEmployee email: bo@example.com\nUser ID: 4711\nNew title: Lead Planner"
    assert about(text, ADA, BO, CY) == ["bo@example.com"]


def test_a_label_that_okta_does_not_know_takes_nothing_from_one_that_it_knows() -> None:
    assert about("User: Bo Stone-Miller\nUser email: bo@example.com", ADA, BO) == ["bo@example.com"]


@pytest.mark.parametrize("who", ["Antragsteller", "o próprio solicitante", "Requester", "本人", "me", "n/a"])
def test_a_label_filled_in_with_a_word_for_the_writer_names_nobody_else(who: str) -> None:
    assert about(f"User: {who}\nNew title: Chief Clerk", ADA_AHEAD, BO) == ["ada@example.com"]


@pytest.mark.parametrize("more", ["", "\nMy manager bo@example.com knows.", "\nContact: bo@example.com"])
def test_a_label_that_says_somebody_else_is_asked_about(more: str) -> None:
    form = "Affected user: Someone else\nNew title: Chief Clerk"
    assert about(f"{form}{more}", ADA_AHEAD, BO) == ["[which of Someone else]"]


def test_what_is_stated_of_somebody_else_is_nobodys_who_is_named_beside() -> None:
    text = "User: bo@example.com\nNew title: Lead Planner\n\nUser: Someone else\nNew title: Lead Cook"
    bo, other = subjects(build.ticket(description=text), ADA, BO)
    assert [item.expected for item in bo.request.statements] == ["Lead Planner"]
    assert other.request.unclear == ("Someone else",)


@pytest.mark.parametrize("name", ["Mia", "Hans", "Min"])
def test_a_name_that_is_a_word_somewhere_is_a_name_beside_an_address(name: str) -> None:
    somebody = person("zoe@example.com", f"{name} Fox", copy={"title": "Chief Clerk"})
    assert about(f"User: {name} (zoe@example.com)\nNew title: Chief Clerk", ADA_AHEAD, somebody) == ["zoe@example.com"]


def test_a_row_for_a_name_that_is_a_word_somewhere_is_about_nobody_else() -> None:
    bo, hans = subjects(build.ticket(description="User | New title\nBo Stone | Lead Planner\nHans | Boss"), ADA, BO)
    assert [item.expected for item in bo.request.statements] == ["Lead Planner"]
    assert (hans.identifier, hans.users) == ("Hans", ())


def test_whom_jira_mentions_in_a_table_is_looked_up_by_name() -> None:
    text = "||User||Attribute||Expected||\n|[~4711]|title|Lead Planner|\n|[~cy@example.com]|title|Boss|"
    assert about(text, ADA, BO, CY) == ["bo@example.com", "cy@example.com"]


def test_in_a_list_an_address_may_stand_behind_the_name() -> None:
    text = "1) Bo Stone - title was Clerk\n2) Cy Young (cy@example.com) - department AD = Plant Seven"
    assert about(text, ADA, BO, CY) == ["bo@example.com", "cy@example.com"]


def test_an_address_that_begins_a_lists_line_is_whole() -> None:
    bo, cy = (person(f"{name}@plant-one.example.com", f"{name} Fox", copy={"title": "Boss"}) for name in ("bo", "cy"))
    text = "bo@plant-one.example.com\n title -> Boss\ncy@plant-one.example.com - title Boss"
    assert about(text, ADA, bo, cy) == ["bo@plant-one.example.com", "cy@plant-one.example.com"]


@pytest.mark.parametrize("arrow", [">", ":", "–"])
def test_a_list_gives_each_person_a_line_whatever_stands_behind_the_name(arrow: str) -> None:
    text = f"Titles that Okta has wrong:\n- Bo Stone {arrow} Lead Planner\n- Cy Young {arrow} Boss"
    bo, cy = subjects(build.ticket(summary="Okta", description=text), ADA, BO, CY)
    assert (bo.user.login, cy.user.login) == ("bo@example.com", "cy@example.com")


def test_blocks_of_a_form_are_a_subject_each_with_their_own_statements() -> None:
    text = "User: bo@example.com\nNew title: Lead Planner\n\nUser: cy@example.com\nNew department: Plant Seven"
    bo, cy = subjects(build.ticket(description=text), ADA, BO, CY)
    assert [(item.attribute, item.expected) for item in bo.request.statements] == [("title", "Lead Planner")]
    assert [(item.attribute, item.expected) for item in cy.request.statements] == [("department", "Plant Seven")]


def test_two_users_above_one_statement_are_two_people() -> None:
    di, ed = (person(f"{name}@example.com", f"{name} Fox", copy={"department": "Plant Seven"}) for name in ("di", "ed"))
    text = "User: di@example.com\nUser: ed@example.com\nNew department: Plant Seven"
    assert about(text, ADA, di, ed) == ["di@example.com", "ed@example.com"]


def test_an_identifier_that_okta_does_not_know_is_asked_about_beside_one_that_it_knows() -> None:
    assert about("User: bo@example.com\nUser: gone@example.com", ADA, BO) == [
        "bo@example.com",
        "[gone@example.com: 0]",
    ]


def test_an_exact_login_comes_first() -> None:
    holder = person("team@example.com", "Team Box")
    other = person("eve@example.com", "Eve Fox", email="team@example.com")
    assert about("User: team@example.com", ADA, other, holder) == ["team@example.com"]


def test_of_an_e_mail_address_an_active_account_wins_over_a_deactivated_one() -> None:
    gone = person("old-bo@example.com", "Bo Stone", status="DEPROVISIONED", email="bo.stone@example.com")
    active = person("new-bo@example.com", "Bo Stone", email="bo.stone@example.com")
    assert about("User: bo.stone@example.com", ADA, gone, active) == ["new-bo@example.com"]


@pytest.mark.parametrize("told", ["Bo Stone", "home@example.net"])
def test_a_name_or_a_second_e_mail_that_fits_two_users_is_ambiguous(told: str) -> None:
    one = person("bo1@example.com", "Bo Stone", secondEmail="home@example.net")
    gone = person("bo2@example.com", "Bo Stone", secondEmail="home@example.net", status="DEPROVISIONED")
    assert about(f"User: {told}\nNew title: Lead Planner", ADA, one, gone) == [f"[{told}: 2]"]


def test_a_renamed_user_is_found_by_the_address_that_only_the_copy_holds() -> None:
    renamed = person("bo@example.com", "Bo Stone", copy={"email": "bo.king@example.com"})
    assert about("User: bo.king@example.com\nWhat is wrong: email", ADA, renamed) == ["bo@example.com"]


def test_a_renamed_requester_is_found_by_the_address_that_only_the_copy_holds() -> None:
    renamed = person("ada.maiden@example.com", "Ada Maiden", copy={"email": "ada@example.com"})
    assert about("What is wrong: email", renamed, BO) == ["ada.maiden@example.com"]


@pytest.mark.parametrize("me", ["me", "Myself", "me "])
def test_me_in_a_user_field_is_the_requester(me: str) -> None:
    assert about("", ADA, BO, fields={"user": me, "attribute": "title"}) == ["ada@example.com"]
    assert about(f"User: {me}\nAttribute: title", ADA, BO) == ["ada@example.com"]


def test_unknown_words_in_prose_are_ignored() -> None:
    assert about("Hi, user portal shows my title wrong (see kb12345).\nxk-55-qq", ADA, BO) == ["ada@example.com"]


def test_an_unknown_address_in_prose_keeps_the_requester_from_being_taken() -> None:
    assert about("The title of nina@example.com is wrong.", ADA, BO) == ["[which of nina@example.com]"]


def test_an_unknown_address_is_ignored_where_the_words_hold_what_drifted_for_the_requester() -> None:
    text = "My title is Chief Clerk since May, nina@example.com can confirm it."
    assert about(text, ADA_AHEAD, BO) == ["ada@example.com"]


def test_a_name_in_prose_that_fits_two_users_keeps_the_requester_from_being_taken() -> None:
    twins = person("bo1@example.com", "Bo Stone"), person("bo2@example.com", "Bo Stone")
    assert about("The title of my colleague Bo Stone is wrong.", ADA, *twins) == ["[which of Bo Stone]"]


def test_words_for_nobody_in_particular_leave_the_requester_whose_value_they_hold() -> None:
    assert about("Okta is old. Everybody, AD included, says Chief Clerk.", ADA_AHEAD, BO) == ["ada@example.com"]


def test_a_company_that_the_requesters_copy_names_is_nobody() -> None:
    ada = person("ada@example.com", "Ada Byron", copy={"department": "Valmont Energy Ltd"})
    assert about("The employee Valmont Energy is in Okta.", ada) == ["ada@example.com"]


@pytest.mark.parametrize(
    "label",
    [
        "Bo Stone (4711)",
        "4711 (Bo Stone)",
        "B. Stone (bo@example.com)",
        "4711 Bo Stone",
        "4711 - B. Stone",
        "AL-8020, Bo Stone",
        "Staff no. 4711",
        "Bo Stone / 4711",
    ],
)
def test_a_label_may_hold_a_name_and_an_identifier(label: str) -> None:
    assert about(f"User: {label}\nNew title: Lead Planner", ADA, BO) == ["bo@example.com"]


def test_somebody_known_in_prose_for_whom_the_words_hold_evidence_is_meant() -> None:
    assert about("The title of bo@example.com should be Lead Planner.", ADA, BO) == ["bo@example.com"]


def test_of_several_known_those_with_evidence_are_meant() -> None:
    text = "cy@example.com told me that bo@example.com is Lead Planner now."
    assert about(text, ADA, BO, CY) == ["bo@example.com"]


def test_the_requester_with_evidence_is_meant_whoever_else_is_named() -> None:
    assert about("I am Chief Clerk now, bo@example.com is my boss.", ADA_AHEAD, BO) == ["ada@example.com"]


def test_people_who_share_a_change_are_each_a_subject() -> None:
    both = (person(f"{name}@example.com", f"{name} Fox", copy={"department": "Plant Seven"}) for name in ("di", "ed"))
    text = "di@example.com and ed@example.com belong to Plant Seven now."
    assert about(text, ADA, *both) == ["di@example.com", "ed@example.com"]


def test_nothing_is_taken_on_a_name_alone_where_the_writer_speaks_of_themselves() -> None:
    assert about("I asked bo@example.com about my title.", ADA, BO) == ["[which of ada@example.com, bo@example.com]"]


@pytest.mark.parametrize(
    "text",
    [
        "The title of bo@example.com is out of date in Okta. Let me know.",
        "Der Titel von bo@example.com ist in Okta veraltet. Geben Sie mir bitte Bescheid.",
        "Titlen for bo@example.com er gammel i Okta. Skriv til mig.",
        "El puesto de bo@example.com está desactualizado en Okta. Me avisan, por favor.",
    ],
)
def test_who_stands_in_a_sentence_with_an_attribute_is_meant_where_another_speaks_of_the_writer(text: str) -> None:
    assert about(text, ADA, BO) == ["bo@example.com"]
    assert about(text, ADA_AHEAD, BO) == ["[which of ada@example.com, bo@example.com]"]


@pytest.mark.parametrize(
    "text",
    [
        "Zelda Petrak's title is out of date in Okta. She sits next to me.",
        "Titel von Zelda Petrak ist in Okta veraltet. Sie sitzt neben mir.",
        "Titlen for Zelda Petrak er forkert i Okta. Skriv til mig.",
    ],
)
def test_whose_name_stands_with_an_attribute_is_meant_where_another_sentence_speaks_of_the_writer(text: str) -> None:
    zelda = person("zelda@example.com", "Zelda Petrak", copy={"title": "Lead Planner"})
    assert about(text, ADA, zelda) == ["zelda@example.com"]


def test_rows_are_a_subject_each_with_their_own_statements_and_words() -> None:
    text = (
        "User | Attribute | New value\nbo@example.com | title | Lead Planner\ncy@example.com | department | Plant Seven"
    )
    bo, cy = subjects(build.ticket(summary="List", description=text), ADA, BO, CY)
    assert bo.request.statements == (Statement(attribute="title", expected="Lead Planner", user="bo@example.com"),)
    assert cy.request.statements == (Statement(attribute="department", expected="Plant Seven", user="cy@example.com"),)
    assert "bo@example.com | title | Lead Planner" in bo.words
    assert not [line for line in bo.words if "Plant Seven" in line]
    assert not [line for line in cy.words if "Lead Planner" in line]


def test_an_unknown_row_does_not_keep_the_others_from_being_served() -> None:
    text = "User | New title\nbo@example.com | Lead Planner\ngone@example.com | Boss"
    assert about(text, ADA, BO) == ["bo@example.com", "[gone@example.com: 0]"]


def test_no_more_rows_are_looked_up_than_the_policy_allows_and_the_others_are_asked_about() -> None:
    rows = "\n".join(f"u{number}@example.com | Boss" for number in range(60))
    found = about(f"User | New title\n{rows}", ADA)
    assert (len(found), found[-1][:28]) == (51, "[which of u50@example.com, u")


def test_of_many_addresses_in_prose_those_who_are_not_looked_up_are_asked_about() -> None:
    many = [person(f"x{number}@example.com", f"X {number}", copy={"title": "Boss"}) for number in range(7)]
    text = "The title of " + ", ".join(item.user.login for item in many) + " is Boss now."
    assert about(text, ADA, *many)[-1] == "[which of x5@example.com, x6@example.com]"


DESK_ONLY = Policy(on_behalf=frozenset({"Service desk"}))


def is_stranger(requester: Known, *others: Known, subject: Known = BO, by_agent: bool = False, **ticket: Any) -> bool:
    """Say whether this requester's ticket about a user is a stranger's."""
    name, login = str(requester.user.profile["displayName"]), requester.user.login
    asking = Person(id="p2", login=login, email=login, name=name)
    told = build.ticket(description=f"User: {subject.user.login}", requester=asking, **ticket)
    (facts,) = subjects(told, requester, subject, *others, policy=DESK_ONLY, by_agent=by_agent)
    return facts.stranger


def test_nobody_is_a_stranger_to_themselves() -> None:
    assert not is_stranger(BO, subject=BO)


def test_somebody_else_is_a_stranger_unless_everybody_may_ask() -> None:
    assert is_stranger(ADA)
    (facts,) = subjects(build.ticket(description="User: bo@example.com"), ADA, BO)
    assert not facts.stranger


def test_a_member_of_the_groups_an_agent_and_the_users_manager_may_ask() -> None:
    managed = person("bo@example.com", "Bo Stone", manager="ada@example.com")
    dn = "CN=Ada Byron,OU=People,DC=corp"
    by_dn, by_name = (person("bo@example.com", "Bo Stone", copy={"managerId": text}) for text in (dn, "Ada Byron"))
    assert not is_stranger(person("ada@example.com", "Ada Byron", group="Service desk"))
    assert not is_stranger(ADA, opened_by=Person(id="p3", login="agent@example.com"), by_agent=True)
    assert not is_stranger(ADA, subject=managed)
    assert not is_stranger(ADA, subject=person("bo@example.com", "Bo Stone", managerId=ADA.user.id))
    assert not is_stranger(person("ada@example.com", "Ada Byron", copy={"dn": dn}), subject=by_dn)
    assert is_stranger(ADA, subject=by_dn)
    assert is_stranger(ADA, subject=by_name)
    assert is_stranger(ADA, subject=person("bo@example.com", "Bo Stone", manager="cy@example.com"))


def test_whoever_opens_a_ticket_for_its_requester_counts_as_the_one_who_asks() -> None:
    cy = person("cy@example.com", "Cy Drummond")
    by_cy = Person(id="p3", login="cy@example.com")
    managed = person("bo@example.com", "Bo Stone", manager="ada@example.com")
    of_cy = person("bo@example.com", "Bo Stone", manager="cy@example.com")
    assert is_stranger(ADA, cy, opened_by=by_cy)
    assert is_stranger(ADA, cy, opened_by=by_cy, subject=managed)
    assert not is_stranger(ADA, cy, opened_by=by_cy, subject=of_cy)
    assert not is_stranger(ADA, cy, opened_by=by_cy, subject=ADA)
    assert not is_stranger(ADA, cy, opened_by=by_cy, subject=cy)


def test_a_ticket_without_a_requester_may_ask_for_nobody() -> None:
    told = build.ticket(description="User: bo@example.com").but(requester=None)
    (facts,) = subjects(told, BO, policy=DESK_ONLY)
    assert facts.stranger


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("Okta has the wrong title for me and Dee Fox, Chief Clerk is right.", True),
        ("In Okta sind ich und Dee Fox noch Clerk, richtig ist Chief Clerk.", True),
        ("Dee Fox och jag har fel titel i Okta: Chief Clerk.", True),
        ("My title is Chief Clerk and Okta is wrong. Dee Fox approved it.", False),
    ],
)
def test_a_name_joined_to_the_first_person_is_meant_beside_the_writer(text: str, *, both: bool) -> None:
    everybody = Policy(on_behalf=frozenset({"Everyone"}))
    dee = person("dee@example.com", "Dee Fox", copy={"title": "Chief Clerk"})
    found = subjects(build.ticket(summary="Okta", description=text), ADA_AHEAD, dee, policy=everybody)
    assert shown(found) == (["ada@example.com", "dee@example.com"] if both else ["ada@example.com"])


def test_of_a_guessed_name_and_its_end_the_whole_is_looked_up_first() -> None:
    policy = Policy(on_behalf=frozenset({"Everyone"}))
    zelda = person("zelda@example.com", "Zelda Petrak", copy={"title": "Lead Planner"})
    text = "Für die Mechatronikerin Zelda Petrak gilt der Titel Lead Planner."
    found = subjects(build.ticket(summary="Profil", description=text), ADA, zelda, policy=policy)
    assert shown(found) == ["zelda@example.com"]
    long, short = (
        person("eva@example.com", "Eva Ann Roe", copy={"title": "Lead Planner"}),
        person("ann@example.com", "Ann Roe"),
    )
    text = "For Eva Ann Roe the title is Lead Planner."
    assert shown(subjects(build.ticket(description=text), ADA, long, short, policy=policy)) == ["eva@example.com"]


@pytest.mark.parametrize(
    "text",
    [
        "For the trainee with staff no. QX5120 Okta lacks the title Head Cook.",
        "Für Pers.-Nr. QX5120 fehlt in Okta der Titel Head Cook.",
        "Le matricule QX5120 n'a pas la fonction Head Cook dans Okta.",
        "Al legajo QX5120 le falta en Okta el puesto Head Cook.",
        "À matrícula QX5120 falta no Okta o cargo Head Cook.",
        "Bij personeelsnummer QX5120 ontbreekt in Okta de functie Head Cook.",
        "Alla matricola QX5120 manca in Okta la qualifica Head Cook.",
        "Pracownik nr ewid. QX5120 nie ma w Okta stanowiska Head Cook.",
        "Anst.nr QX5120 saknar titeln Head Cook i Okta.",
        "Medarbejdernr. QX5120 mangler titlen Head Cook i Okta.",
        "社員番号QX5120の役職「Head Cook」がOktaに反映されていません。",
        "Uma Vale (QX5120) lacks the title Head Cook in Okta.",
    ],
)
def test_a_number_behind_a_word_for_one_tells_who_is_meant(text: str) -> None:
    uma = person("uma@example.com", "Uma Vale", employeeNumber="QX5120", copy={"title": "Head Cook"})
    assert about(text, ADA, uma) == ["uma@example.com"]


ANN = person("ann.gray", "Ann Gray", title="Analyst", copy={"title": "Head Cook"})


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("ann.gray still has the title Analyst in Okta, it should be Head Cook.", "ann.gray"),
        ("ann.gray's job title, in Okta, isn't right.", "ann.gray"),
        ("Title in Okta is old. Approved by ann.gray.", "ada@example.com"),
        ("Title in Okta is old, see report.pdf and user.title.", "ada@example.com"),
    ],
)
def test_a_login_by_its_form_counts_where_more_speaks_for_it(text: str, whom: str) -> None:
    ada = person("ada@example.com", "Ada Byron", title="Analyst", copy={"title": "Chief Clerk"})
    assert about(text, ada, ANN) == [whom]


def test_an_unknown_number_behind_a_word_for_one_is_ignored() -> None:
    assert about("My title is wrong, personnel number QX5120.", ADA, BO) == ["ada@example.com"]


@pytest.mark.parametrize(
    "label",
    [
        "User: Bo Stone (4711) / Title: Lead Planner",
        "Mitarbeiter: Bo Stone (4711) | seit Mai",
        "Usuario: Bo Stone (4711) - turno",
    ],
)
def test_what_stands_behind_a_number_in_brackets_is_not_looked_up(label: str) -> None:
    assert about(label, ADA, BO) == ["bo@example.com"]


@pytest.mark.parametrize(
    "text",
    [
        "Two titles in Okta:\n1) Zelda Petrak, now: Senior Harbour Pilot\n"
        "2) Yorick Vann, now: Deputy Wharf Master\n3) Milo Quist, now: Senior Harbour Pilot",
        "Zwei Titel in Okta:\n1) Zelda Petrak, neu: Senior Harbour Pilot\n"
        "2) Yorick Vann, neu: Deputy Wharf Master\n3) Milo Quist, neu: Senior Harbour Pilot",
    ],
)
def test_everybody_who_may_be_named_is_looked_up_before_parts_of_other_names(text: str) -> None:
    zelda = person("zelda@example.com", "Zelda Petrak", copy={"title": "Senior Harbour Pilot"})
    yorick = person("yorick@example.com", "Yorick Vann", copy={"title": "Deputy Wharf Master"})
    milo = person("milo@example.com", "Milo Quist", copy={"title": "Senior Harbour Pilot"})
    named = ["zelda@example.com", "yorick@example.com", "milo@example.com"]
    assert about(text, ADA, zelda, yorick, milo) == named
