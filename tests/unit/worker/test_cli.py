"""What the command line does with a failure that an operator can fix."""

from __future__ import annotations

import sys

import pytest

from worker import cli
from worker.commands import running
from worker.errors import OperatorError
from workflows.errors import StoreUnavailable


@pytest.mark.parametrize("error", [OperatorError("no such file"), StoreUnavailable("the connection was cut")])
def test_it_ends_with_code_2_and_one_line(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(sys, "argv", ["forcesync", "run"])
    monkeypatch.setattr(running, "run", fails)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert 2 == ended.value.code
    assert f"forcesync: {error}\n" == capsys.readouterr().err
