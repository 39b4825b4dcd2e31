"""A page is for its owner alone, is never half written, and replaces no file unasked."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from worker.errors import OperatorError
from worker.reporting.file import check, write


def test_a_page_is_for_its_owner_alone_even_where_another_stood(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert f"wrote {page}" == write(page, "one")
    page.chmod(0o644)
    assert f"replaced {page}" == write(page, "two")
    assert ("two", 0o600) == (page.read_text(), stat.S_IMODE(page.stat().st_mode))


def test_a_file_that_exists_is_replaced_only_when_that_is_asked_for(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.touch()
    with pytest.raises(OperatorError, match=r"--html: .* exists; name another file, or add --replace"):
        check(page, replace=False)
    check(page, replace=True)


def test_a_folder_that_refuses_the_page_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be written"):
        write(tmp_path / "gone" / "page.html", "")
    with pytest.raises(OperatorError, match="is a folder"):
        check(tmp_path, replace=True)
    assert [] == list(tmp_path.iterdir())
