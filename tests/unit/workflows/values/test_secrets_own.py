"""What this process signs in with stands in no text, whatever form a product gives it."""

from __future__ import annotations

import json
from html import escape
from urllib.parse import quote, quote_plus

import pytest

from workflows.values.masking import plain, without_people
from workflows.values.secrets_known import REMOVED
from workflows.values.secrets_own import keep_out, without_own

ODD = 'it\'s & a "päss" word/+'


@pytest.mark.parametrize("form", [ODD, quote(ODD, safe=""), quote_plus(ODD), json.dumps(ODD)[1:-1], escape(ODD)])
def test_a_secret_of_ours_goes_in_each_form(form: str) -> None:
    keep_out(ODD)
    for shown in (plain(f"login of svc with {form} failed", 500), without_people(f"login of svc with {form} failed")):
        assert f"login of svc with {REMOVED} failed" == shown


def test_a_short_one_goes_as_a_word_and_an_ordinary_word_only_from_the_answer_to_it() -> None:
    keep_out("qwz77")
    keep_out("tulip")
    text = "qwz77 is no part of qwz778, nor tulip"
    assert f"{REMOVED} is no part of qwz778, nor tulip" == plain(text, 500)
    assert f"{REMOVED} is no part of qwz778, nor {REMOVED}" == without_own(text, ["tulip", ""])


def test_of_two_the_longer_goes_first() -> None:
    keep_out("canary-own-1")
    keep_out("canary-own-1-and-more")
    assert f"with {REMOVED}." == plain("with canary-own-1-and-more.", 500)


def test_many_later_ones_do_not_slow_a_text_down_for_ever() -> None:
    for number in range(200):
        keep_out(f"canary-own-rotated-{number}")
    assert f"{REMOVED} and the first" == plain("canary-own-rotated-199 and the first", 500)
    assert "canary-own-rotated-1 " in plain("canary-own-rotated-1 is over", 500)
