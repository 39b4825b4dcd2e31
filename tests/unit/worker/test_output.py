"""Lines fit the terminal, and elsewhere stay whole; files are for their owner alone, and replace none unasked."""

from __future__ import annotations

import fcntl
import os
import stat
import struct
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from worker.errors import OperatorError
from worker.output import (
    aligned,
    check_file,
    folded,
    json_line,
    percents,
    print_aside,
    print_lines,
    tabled,
    write_file,
)

ROWS = [("user", "ok", "somebody whose name is long enough to need a second line"), ("directory", "no", "short")]


def test_the_last_cell_wraps_below_itself() -> None:
    assert [
        "user       ok  somebody whose name is long",
        "               enough to need a second line",
        "directory  no  short",
    ] == list(aligned(ROWS, 43))


def test_without_a_width_a_row_is_one_line() -> None:
    assert [f"user       ok  {ROWS[0][2]}", "directory  no  short"] == list(aligned(ROWS, 0))


def test_a_word_that_is_longer_than_the_line_is_not_lost() -> None:
    (row,) = [("a", "x" * 50)]
    assert "x" * 50 == "".join(line.strip().removeprefix("a").strip() for line in aligned([row], 40))


def test_where_the_other_cells_take_most_of_the_room_the_last_stands_below_them() -> None:
    row = ("a.key.of.the.settings.that.is.long", "its value")
    assert [row[0], "    its value"] == list(aligned([row], 40))


def test_a_long_cell_moves_the_rest_of_its_own_row_alone() -> None:
    rows = [("k" * 50, "jira", "waits"), ("SUP-1", "jira", "waits for a reply")]
    assert ["k" * 50, "    jira", "    waits", "SUP-1  jira  waits for a reply"] == list(aligned(rows, 40))


@pytest.mark.parametrize("path", ["users/1234567", "admin/user/profile/view/00u1234567890abcdef"])
def test_an_address_is_never_broken(path: str) -> None:
    url = f"https://example.okta.com/{path}"
    rows = [("Okta user", url), ("page", f"it is at {url}, for administrators")]
    for columns in (40, 44, 60):
        assert 2 == sum(url in line for line in aligned(rows, columns))
    assert url in list(folded([f"note: {url}"], 40))[-1]


def test_what_is_in_a_pipe_is_whole_whatever_columns_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    line = "a line with more words than forty columns hold"
    print_lines([line])
    print_aside(line)
    assert (f"{line}\n", f"{line}\n") == capsys.readouterr()


def test_a_fault_of_several_lines_fits_a_terminal(
    terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    terminal(60)
    fault = "  policy.poll_evry: this key is not known; did you mean 'policy.poll_every'?"
    print_aside(f"forcesync: forcesync.toml cannot be used:\n{fault}")
    told = capsys.readouterr().err.splitlines()
    assert "forcesync: forcesync.toml cannot be used:" == told[0]
    assert ["  policy", "      'p"] == [line[:8] for line in told[1:]]
    assert max(map(len, told)) <= 60


@pytest.mark.parametrize(("columns", "fits"), [(60, 60), (160, 160), (0, 80)])
def test_a_fault_fits_the_terminal_where_standard_error_alone_is_one(
    columns: int, fits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with os.fdopen(slave, "w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        print_aside("forcesync: " + "word " * 60)
        told = os.read(master, 65536).decode().splitlines()
    os.close(master)
    assert fits - 5 < max(map(len, told)) <= fits


@pytest.mark.parametrize("numbers", [(1, 1, 1), (1, 199), (2, 3, 5), (1,) * 7, (33, 33, 33), (0, 5)])
def test_per_cent_add_up_to_a_hundred(numbers: tuple[int, ...]) -> None:
    found = percents(numbers)
    assert 100 == sum(found)
    assert all(abs(100 * number / sum(numbers) - share) < 1 for number, share in zip(numbers, found, strict=True))


def test_a_part_and_the_rest_add_up_however_they_are_asked_for() -> None:
    for part in range(1, 400):
        assert 100 == percents((part, 400 - part))[0] + percents((400 - part, part))[0]


def test_a_tables_heads_are_for_people_alone() -> None:
    assert ["case  why", "1     so"] == list(tabled(("case", "why"), [("1", "so")], 80))
    assert ["1  so"] == list(tabled(("case", "why"), [("1", "so")], 0))


def test_a_sentence_goes_on_further_in() -> None:
    lines = ["  ! no process is running: start one", ""]
    assert ["  ! no process is", "      running: start", "      one", ""] == list(folded(lines, 20))
    assert lines == list(folded(lines, 0))


def test_json_is_one_line_with_a_version() -> None:
    assert '{"version": 1, "ok": true, "text": "Grün"}' == json_line({"ok": True, "text": "Grün"})


def test_a_file_is_for_its_owner_alone_even_where_another_stood(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert f"wrote {page}" == write_file(page, "--html", "one")
    page.chmod(0o644)
    assert f"replaced {page}" == write_file(page, "--html", "two")
    assert ("two", 0o600) == (page.read_text(), stat.S_IMODE(page.stat().st_mode))


def test_a_file_that_exists_is_replaced_only_when_that_is_asked_for(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.touch()
    with pytest.raises(OperatorError, match=r"--export: .* exists; name another file, or add --replace"):
        check_file(page, "--export", replace=False)
    check_file(page, "--export", replace=True)
    with pytest.raises(OperatorError, match="--html: no file can be made in /proc: "):
        check_file(Path("/proc/x.html"), "--html", replace=False)


def test_a_folder_that_refuses_the_file_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"--html: .* cannot be written"):
        write_file(tmp_path / "gone" / "page.html", "--html", "")
    with pytest.raises(OperatorError, match="is a folder"):
        check_file(tmp_path, "--html", replace=True)
    assert [] == list(tmp_path.iterdir())
