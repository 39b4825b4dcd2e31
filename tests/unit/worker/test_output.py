"""Lines fit the terminal, and elsewhere stay whole."""

from __future__ import annotations

from worker.output import aligned

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
