"""What people write is held against a copy only where both are of one kind."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from workflows.values.keys import form_of, is_comparable, is_meant, spellings, unit_of

BOONE = "CN=Mary Boone,OU=Managers,DC=corp,DC=example,DC=com"
GUID, SID = "1f0c2d4e-5a6b-4c8d-9e0f-1a2b3c4d5e6f", "S-1-5-21-1004336348-1177238915-682003330-512"


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (None, "nothing"),
        (True, "truth"),
        (BOONE, "distinguished name"),
        ('CN="Boone, Mary",OU=Managers,DC=corp', "distinguished name"),
        (r"cn=Boone\, Mary, ou=Managers, o=corp", "distinguished name"),
        ("OU=Managers,DC=corp", "distinguished name"),
        (GUID, "guid"),
        ("{" + GUID.upper() + "}", "guid"),
        ("9Q8LTm1yQ0uG3a5bT0d1Eg==", "guid"),
        (SID, "sid"),
        ("00u1abcdefghijklmnop", "id"),
        (r"CORP\mboone", "account"),
        ("mary.boone@corp.example.com", "address"),
        ("+44 (0)20 5550 1000", "number"),
        (10042, "number"),
        ("CC-4711", "code"),
        ("FIN", "short"),
        ("R&D", "short"),
        ("en_US", "short"),
        ("de", "short"),
        ("corp.example.com/Users/Mary Boone", "path"),
        ("/CN=Mary Boone/OU=x", "path"),
        ("2026-01-15", "date"),
        ("2026-01-15T00:00:00Z", "date"),
        ("15.01.2026", "day"),
        ("Research & Development", "words"),
        ("Level 3 Support", "words"),
        ("Sales, Marketing", "words"),
    ],
)
def test_a_value_is_of_one_kind(value: JsonValue, form: str) -> None:
    assert form == form_of(value)


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("Mary Boone", BOONE),
        ("mary boone", BOONE),
        (BOONE, BOONE),
        ("Boone, Mary", r"CN=Boone\, Mary,OU=Managers,DC=corp,DC=example,DC=com"),
        ("Mary Boone", r"CN=Boone\, Mary,OU=Managers,DC=corp,DC=example,DC=com"),
        ("Mary Boone", r"CN=Boone\2C Mary,OU=Managers,DC=corp"),
        ("Mary Boone", 'CN="Boone, Mary",OU=Managers,DC=corp'),
        ("Renée Müller", r"CN=Ren\C3\A9e M\C3\BCller,OU=Managers,DC=corp"),
        ("Mary Boone", "cn = Mary Boone+uid=mboone , ou=People,dc=corp"),
        ("mboone", "uid=mboone,ou=People,dc=example,dc=com"),
        ("mary.boone", "mary.boone@corp.example.com"),
        ("Mary Boone", "corp.example.com/Users/Mary Boone"),
        ("Mary Boone", "/CN=Mary Boone/OU=x"),
        ("Mary Boone", "/O=corp/OU=x/CN=Mary Boone"),
        ("Mary Boone; Peter Olds", [BOONE, "CN=Peter Olds,OU=Managers,DC=corp"]),
        ("Mary Boone", [BOONE, "CN=Peter Olds,OU=Managers,DC=corp"]),
        ("blue", ["red", "blue"]),
    ],
)
def test_people_write_a_key_as_the_name_in_it(written: str, held: JsonValue) -> None:
    assert is_meant(written, held)


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("Mary Boone", "CN=Mary Boon,OU=Mary Boone,DC=corp"),
        ("Managers", BOONE),
        ("Peter Olds", BOONE),
        ("corp.example.com", "mary.boone@corp.example.com"),
        ("blue, green", ["red", "blue"]),
    ],
)
def test_another_part_of_a_key_is_not_what_people_mean(written: str, held: JsonValue) -> None:
    assert not is_meant(written, held)


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("Mary Boone", "CN=Peter Olds,OU=Managers,DC=corp"),
        ("Mary Boone", "peter.olds@corp.example.com"),
        ("Mary Boone", GUID),
        ("Mary Boone", SID),
        ("Mary Boone", "10042"),
        ("Mary Boone", 10042),
        ("Mary Boone", r"CORP\polds"),
        ("Mary Boone", "polds"),
        ("Mary", "mboone"),
        ("Finance", "FIN"),
        ("Human Resources", "HR"),
        ("HR", "Human Resources"),
        ("Germany", "DE"),
        ("Munich", "MUC"),
        ("English", "en_US"),
        ("German", "de"),
        ("Mary Boone", "corp.example.com/Users/Peter Olds"),
        ("Mary Boone", "/CN=Peter Olds/OU=x"),
        ("15.01.2026", "2026-01-15"),
        ("15 January 2026", "2026-01-15"),
        ("02/01/2026", "01/02/2026"),
        ("2/1/2026", "01/02/2026"),
        ("2/1/26", "01/02/2026"),
        ("Marketing", "CC-4711"),
        ("CC-4711", "Marketing"),
        ("Marketing", 4711),
        ("yes", True),
        ("Mary Boone", ["CN=Peter Olds,OU=Managers,DC=corp"]),
    ],
)
def test_that_a_key_does_not_hold_a_persons_words_proves_nothing(written: str, held: JsonValue) -> None:
    assert not is_comparable(written, held)


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("Finance", "Sales"),
        ("finance", "Sales"),
        ("Treasury Operations", "Sales"),
        ("Finance", None),
        ("Finance", ""),
        ("Finance", []),
        ("CC-4712", "CC-4711"),
        ("HR", "FIN"),
        ("en_GB", "en_US"),
        ("16.01.2026", "15.01.2026"),
        ("2026-01-16", "2026-01-15"),
        ("4712", 4711),
        ("mary.boone@example.com", "mary.olds@example.com"),
        (BOONE, "CN=Peter Olds,OU=Managers,DC=corp"),
        ("+44 20 5550 1001", "+44 20 5550 1000"),
        ("false", True),
        ("green", ["red", "blue"]),
    ],
)
def test_two_texts_of_one_kind_can_be_compared(written: str, held: JsonValue) -> None:
    assert is_comparable(written, held)


def test_a_long_text_is_looked_at_in_linear_time() -> None:
    long = "CN=" + "a" * 60_000
    assert [long] == list(spellings(long))
    assert "words" == form_of(long)


@pytest.mark.parametrize(
    ("held", "unit"),
    [
        (BOONE, "OU=Managers,DC=corp,DC=example,DC=com"),
        (r"cn=Boone\, Mary, ou=Managers, o=corp", "ou=Managers, o=corp"),
        ("uid=mboone,ou=people,dc=corp", "ou=people,dc=corp"),
        ("Mary Boone", ""),
        (None, ""),
    ],
)
def test_where_a_dn_stands_is_all_but_its_name(held: str | None, unit: str) -> None:
    assert unit == unit_of(held)
