"""Lists that are handed out are text to a spreadsheet, and the same when read again."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lists import FORMULA, rows_of, write_list

COLUMNS = ("key", "said")


def written(*said):
    out = io.StringIO()
    rows = ({"key": f"k{n}", "said": one} for n, one in enumerate(said))
    write_list(out, COLUMNS, rows)
    return out.getvalue()


def cells(text):
    return [row["said"] for row in csv.DictReader(io.StringIO(text))]


@pytest.mark.parametrize("sign", FORMULA)
def test_no_cell_begins_as_a_formula(sign):
    told = f'{sign}HYPERLINK("http://x")'
    [cell, quoted] = cells(written(told, f"''{told}"))
    assert cell == f"'{told}"
    assert quoted == f"'''{told}"


def test_a_return_ends_no_row():
    assert written("x\r=1") == 'key,said\nk0,"x\n=1"\n'


def test_numbers_and_other_text_stay_as_they_are():
    assert cells(written(-1, 0.5, "O'Neil", "'t Hooft", "a=b")) == [
        "-1",
        "0.5",
        "O'Neil",
        "'t Hooft",
        "a=b",
    ]


@given(st.lists(st.text(alphabet="'=+-@\t\r\n＝ \"a,;", max_size=8)))
def test_what_was_written_is_read_again(said):
    lines = io.StringIO(written(*said), newline="")
    read = [row["said"] for _, row in rows_of(lines, COLUMNS)]
    assert read == [" ".join(one.split()) for one in said]
