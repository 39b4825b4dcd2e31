"""A pattern chooses checks with what they need; settings that cannot be used leave one check."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker.doctor.checks import Check
from worker.doctor.examination import chosen, examination_of
from worker.doctor.running import Running
from worker.errors import OperatorError


def check(id: str, *needs: str) -> Check:
    return Check(id, id, "mend it", lambda: "fine", needs=needs)


CHECKS = (check("a.host"), check("a.who", "a.host"), check("a.tag", "a.who"), check("b.tag"), check("c", "gone"))


@pytest.mark.parametrize(
    ("pattern", "named", "made"),
    [
        ("*", ["a.host", "a.who", "a.tag", "b.tag", "c"], ["a.host", "a.who", "a.tag", "b.tag", "c"]),
        ("a.tag", ["a.tag"], ["a.host", "a.who", "a.tag"]),
        ("a", ["a.host", "a.who", "a.tag"], ["a.host", "a.who", "a.tag"]),
        ("*.tag", ["a.tag", "b.tag"], ["a.host", "a.who", "a.tag", "b.tag"]),
        ("c", ["c"], ["c"]),
        ("nothing", [], []),
    ],
)
def test_a_pattern_names_checks_and_brings_what_they_need(pattern: str, named: list[str], made: list[str]) -> None:
    checks, found = chosen(CHECKS, pattern)
    assert (set(named), made) == (found, [item.id for item in checks])


def test_settings_that_cannot_be_used_leave_one_check_that_says_why(tmp_path: Path) -> None:
    config = tmp_path / "forcesync.toml"
    config.write_text('[okta.main]\nurl = "https://example.okta.com"\n')
    with examination_of(config) as found:
        (result,) = Running(found.checks).results()
    assert ("settings", "fail") == (result.id, result.status)
    assert "(1) okta.main.token: " in result.seen
    assert "(2) desks: this key is missing" in result.seen


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="name one with --config"), examination_of(tmp_path / "none.toml"):
        pass
