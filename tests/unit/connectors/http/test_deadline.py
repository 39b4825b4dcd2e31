"""An answer that broke off on its way is told from one that is not understood."""

from __future__ import annotations

import json

import pytest

from connectors.http.transport import cut_off

WHOLE = json.dumps({"result": [{"name": "Ada \\ Byron", "active": True, "count": -1.5, "none": None, "more": []}]})


def fault(text: str) -> ValueError:
    with pytest.raises(ValueError) as caught:  # JSON's own, whatever it says
        json.loads(text)
    return caught.value


@pytest.mark.parametrize("length", range(1, len(WHOLE)))
def test_json_cut_anywhere_broke_off(length: int) -> None:
    assert cut_off(fault(WHOLE[:length]))


@pytest.mark.parametrize("text", ["", "OK", "<html>", '{"a": nonsense, "b": "and much more behind it"}', "<?xml?>"])
def test_what_is_no_json_did_not(text: str) -> None:
    assert not cut_off(fault(text))
