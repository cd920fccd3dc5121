"""Tesseract's table of words."""

from __future__ import annotations

from pipeline.ocr.tsv import words
from pipeline.page import Box, Word

TSV = (
    "1\t1\t0\t0\t0\t0\t0\t0\t2550\t3300\t-1\t\n"
    "4\t1\t1\t1\t1\t0\t10\t10\t200\t30\t-1\t\n"
    '5\t1\t1\t1\t1\t1\t10\t10\t90\t30\t96.5\t"Dear\n'
    "5\t1\t1\t1\t1\t2\t110\t10\t90\t30\t50\tDoctor\n"
    "5\t1\t1\t1\t1\t3\t210\t10\t90\t30\t95\t \n"
    "5\t1\t1\t1\t2\t1\t10\t60\t90\t30\t100.2\tThank\n"
    "5\t1\t2\t1\t1\t1\t10\t90\t90\t30\t-1\tnone\n"
    "5\t1\t2\t1\t1\t2\t10\t120\t90\t30\t0\tyou\n"
)


def test_words_lines_and_confidences() -> None:
    header = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop"
    assert words(header + "\twidth\theight\tconf\ttext\n" + TSV) == (
        Word('"Dear', Box(10, 10, 100, 40), 0.965, 0),
        Word("Doctor", Box(110, 10, 200, 40), 0.5, 0),
        Word("Thank", Box(10, 60, 100, 90), 1.0, 1),
        Word("you", Box(10, 120, 100, 150), 0.0, 2),
    )
    assert words("") == ()


def test_rules_at_a_words_ends_are_no_letters() -> None:
    row = "5\t1\t1\t1\t1\t1\t10\t10\t90\t30\t90\t{}\n"
    told = words("".join(row.format(t) for t in ("__Date_", "|", "____", "a_b|")))
    assert [w.text for w in told] == ["Date", "a_b"]


def test_a_bar_before_a_small_letter_is_the_word_i() -> None:
    row = "5\t1\t1\t1\t{}\t1\t10\t10\t90\t30\t90\t{}\n"
    line = ((1, "|"), (1, "agree"), (1, "|"), (1, "Name"), (1, "|"), (2, "that"))
    told = words("".join(row.format(*cell) for cell in line))
    assert [w.text for w in told] == ["I", "agree", "Name", "that"]
