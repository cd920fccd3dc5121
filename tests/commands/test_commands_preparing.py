"""A long list comes in by other processes: what a short one says, by id."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.commands import preparing, shelving
from pipeline.commands.importing import import_rows
from pipeline.commands.shelving import shelved
from pipeline.errors import ServiceError, StoreUnavailable, UnreadableFile
from pipeline.lists import BadRow
from pipeline.store.helping import helpers

HEADER = "\ufeffMRN,last_name,first_name,birth_date,address,mrn,facility,merged_into\n"
ROWS = "".join(
    f"x,DOE{n},JANE,1961-03-04,,{n * 618033989 % 10**9:09d},{'NS'[n % 2]},\n"
    for n in range(300)
)
ODD = (
    'x,"ROE\r\nLOE",ANN,1950-01-02,"1 ""Elm"" St\rApt 2",77,N,\n'  # ends on line 304
    "x,LATE,TWIN,1950-01-02,,77,N,\n"
    "x,DOE,JO,never,,78,N,\n"
    ",,,\n"
    "x,SOE,JO,1950-01-02,,78,N,78\n"
    "x,POE,JO,1950-01-02,, 7\u00a08 ,N,\n"
    "x,FAR,TOO,1950-01-02,,79,N,,many\n"
    "x,ZOE,Zo\u00eb,1950-01-02,,'=80,N,\n"
    "x,SHORT\n"
)


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text(HEADER + ROWS + ODD, newline="", encoding="utf-8")
    return path


def by_id(rows):
    return sorted(
        rows, key=lambda r: f"{r.line:9}" if isinstance(r, BadRow) else r.said.id
    )


@pytest.mark.slow
def test_a_long_list_says_what_a_short_one_says_by_id(listed, monkeypatch):
    here = list(preparing.prepared(listed))
    assert sum(isinstance(one, BadRow) for one in here) == 5
    monkeypatch.setattr(preparing, "_LONG", 0)
    long = list(preparing.prepared(listed))
    assert by_id(long) == by_id(here)
    ids = [row.said.id for row in long if not isinstance(row, BadRow)]
    assert ids == sorted(ids)


@pytest.mark.slow
def test_what_is_no_list_is_told_before_a_row_comes(listed, monkeypatch):
    monkeypatch.setattr(preparing, "_LONG", 0)
    for text, why in (
        (HEADER + ROWS + 'x,"DO"E",J,1950-01-02,,81,N,\n', "line 302 is not CSV"),
        ("mrn,last_name\n1,DOE\n", "no column"),
        (HEADER + ROWS + "x,\udcff\n", "not UTF-8"),
    ):
        listed.write_text(text, newline="", errors="surrogateescape", encoding="utf-8")
        with pytest.raises(UnreadableFile, match=why):
            next(preparing.prepared(listed))


def test_a_shelf_holds_the_records_of_the_list(listed):
    with shelved(listed) as shelves:
        records = [record for shelf in shelves for record in list(shelf.records())[1:]]
    lines = sorted(line for line, _ in records)
    assert lines == [*range(2, 302), *range(304, 313)]
    assert (
        304,
        ["x", "ROE\r\nLOE", "ANN", "1950-01-02", '1 "Elm" St\rApt 2', "77", "N", ""],
    ) in [(line, cells) for line, cells in records]


def test_bad_rows_are_told_by_line_in_whatever_order_they_come(capsys):
    from rich.console import Console

    rows = [BadRow(9, "late"), "good", BadRow(2, "early")]
    assert import_rows(rows, lambda _: (), "patients", Console(width=80)) == 1
    told = capsys.readouterr().out
    assert told.index("line 2: early") < told.index("line 9: late")


@pytest.mark.slow
def test_a_helper_that_dies_is_told_in_a_sentence():
    with pytest.raises(ServiceError, match="run again"), helpers(1) as pool:
        pool.submit(os.abort).result()


_PARENT = """
import os, time
from pipeline.store.helping import helpers
if __name__ == "__main__":
    with helpers(1) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        time.sleep(60)
"""


@pytest.mark.slow
def test_helpers_end_when_who_they_help_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE)
    helper = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 30
    while Path(f"/proc/{helper}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{helper}").exists()


@pytest.mark.parametrize("rows", [1, 3000])
def test_a_full_disk_is_told_in_a_sentence(listed, monkeypatch, rows):
    """Closing the files fails once more, and is no fault of the program."""
    listed.write_text(HEADER + ROWS.splitlines(keepends=True)[0] * rows)
    monkeypatch.setattr(shelving, "SHELVES", 2)
    full = Path("/dev/full")
    monkeypatch.setattr(shelving, "_file", lambda: full.open("w"))
    with pytest.raises(StoreUnavailable, match="room"), shelved(listed):
        pass


def test_a_list_that_cannot_be_read_on_is_no_full_disk(listed, monkeypatch):
    def gone(file, read):
        yield 1, ["mrn", "last_name", "first_name", "birth_date"]
        raise OSError("the share is gone")

    monkeypatch.setattr(shelving, "read_list", gone)
    with pytest.raises(OSError, match="share"), shelved(listed):
        pass


def test_ctrl_c_is_the_business_of_whom_they_help():
    """Half an answer in the pipe would stop the import for ever."""
    with helpers(1) as pool:
        one = pool.submit(os.getpid).result()
        os.kill(one, signal.SIGINT)
        assert pool.submit(os.getpid).result(timeout=60) == one
