"""Two people on a desk are the same by the account, and never because their names or addresses look alike."""

from __future__ import annotations

import pytest

from workflows.model import Person

ADA = Person(id="p1", login="ada", email="team@example.com")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Person(id="p1"), True),
        (Person(id="ada", login="ADA"), True),
        (Person(id="p2", login="bo", email="team@example.com"), False),
        (Person(id="p2", login="team@example.com"), False),
        (Person(id="", name="Ada Byron"), False),
    ],
)
def test_an_account_is_the_same_by_its_id_or_login(other: Person, same: bool) -> None:
    assert ADA.is_same(other) is same
    assert other.is_same(ADA) is same


def test_nobody_is_the_same_as_nobody() -> None:
    assert not Person(id="", name="Ada").is_same(Person(id="", name="Ada"))
    assert not Person(id="").is_called(None)


def test_one_name_in_two_spellings_is_one_identifier() -> None:
    assert Person(id="p", login="ADA@example.com", email="ada@example.com").identifiers == ("ADA@example.com",)
    assert ADA.identifiers == ("team@example.com", "ada")
