"""Rows are read across, columns of prose down."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.ocr.order import rows_in_order, words_in_order
from pipeline.page import Box, Word

DPI = 200


def line(left: float, top: float, wide: float) -> Box:
    """A line of print; inches."""
    return Box(left * DPI, top * DPI, (left + wide) * DPI, (top + 0.15) * DPI)


def test_cells_side_by_side_are_one_row() -> None:
    table = [line(x, y, 0.8) for y in (1.0, 1.3, 1.6) for x in (1.0, 3.0, 5.0)]
    assert rows_in_order(table, DPI) == (0, 0, 0, 1, 1, 1, 2, 2, 2)


def test_the_left_column_of_prose_is_read_to_its_end() -> None:
    head = [line(1.0, 0.5, 6.5)]
    left = [line(1.0, 1 + 0.2 * n, 3.0) for n in range(8)]
    right = [line(4.5, 1.08 + 0.2 * n, 3.0) for n in range(7)]  # between the others
    foot = [line(1.0, 4.0, 6.5)]
    both = head + [one for pair in zip(left, right, strict=False) for one in pair]
    order = rows_in_order([*both, left[7], *foot], DPI)
    assert order == (0, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15, 8, 16)


def test_two_columns_printed_at_the_same_height_are_columns_too() -> None:
    left = [line(1.0, 1 + 0.2 * n, 3.0) for n in range(6)]
    right = [line(4.5, 1 + 0.2 * n, 3.0) for n in range(6)]
    order = rows_in_order([*left, *right], DPI)
    assert order == tuple(range(12))


def test_a_form_of_short_fields_is_read_across() -> None:
    form = [line(x, 1 + 0.25 * n, 1.4) for n in range(8) for x in (1.0, 4.5)]
    assert rows_in_order(form, DPI) == tuple(n // 2 for n in range(16))


def test_words_follow_their_rows() -> None:
    lines = [line(3.0, 1.0, 1.0), line(1.0, 1.0, 1.0), line(1.0, 0.5, 1.0)]
    words = [Word(str(n), one, 0.9, line=n) for n, one in enumerate(lines)]
    told = words_in_order(words, lines, DPI)
    assert [(word.text, word.line) for word in told] == [("2", 0), ("1", 1), ("0", 1)]


boxes = st.builds(
    line, st.floats(0, 7), st.floats(0, 10), st.floats(0.1, 4)
)  # anywhere, overlapping too


@given(st.lists(boxes, max_size=40))
def test_every_line_has_a_row_and_no_row_is_empty(lines: list[Box]) -> None:
    rows = rows_in_order(lines, DPI)
    assert len(rows) == len(lines)
    assert set(rows) == set(range(len(set(rows))))
