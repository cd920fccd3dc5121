"""The bench of reading: what it chooses, counts and writes down."""

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from benchmarks.charts.kinds import PageTruth
from benchmarks.reading import page_tables, report, tables
from benchmarks.reading.choose import Run, runs, unit_of, units
from benchmarks.reading.figures import PageFigures, Told, codes, figures, loaded, save
from benchmarks.reading.meter import metered
from benchmarks.reading.peer import Stack, peered, stacked
from benchmarks.reading.pooled import pooled
from benchmarks.reading.spent import REST, environment, spent
from benchmarks.reading.truths import charts_in
from benchmarks.reading.words import hits, judged
from pipeline.page import Box, Mark, Page, Quality, Word
from pipeline.store.catalogue import LedgerLine

BOX = Box(0, 0, 10, 10)


def truth(source="a.pdf", page=1, level="clean", **more) -> PageTruth:
    return PageTruth(source, page, "tune", level, "grey", 300, **more)


def read_page(text: str, confidence=0.9, **more) -> Page:
    words = tuple(Word(word, BOX, confidence) for word in text.split())
    quality = Quality(0.1, False, 300, 1.0, 1.0, 0.25, 0.8)
    facts = {"marks": (), "rotation": 0, "quality": quality} | more
    return Page(1, (100, 100), words, dpi=300, engine="test", **facts)


def figured(true: PageTruth, text: str, *, theirs: int | None = None, **more):
    line = LedgerLine("b", true.source, true.page, 1, "filed")
    row = figures(true, Told(line, read_page(text, **more), text))
    return dataclasses.replace(row, theirs=theirs)


def cells(lines: list[str], first: str) -> list[str]:
    """The row that begins with this cell."""
    row = next(line for line in lines if line.startswith(f"| {first} |"))
    return [cell.strip() for cell in row.strip("|").split("|")]


# --- words ---------------------------------------------------------------------------


def test_words_count_in_any_order_and_as_often_as_they_are_there():
    assert hits("seen SEEN (dr) smith", "Dr. Smith, seen") == 3


def test_a_word_read_twice_is_right_once():
    words = [Word(text, BOX, 0.5) for text in ("Smith,", "Smith", "-", "Jones")]
    assert judged(words, "smith brown") == [(0.5, True), (0.5, False), (0.5, False)]


# --- what is chosen ------------------------------------------------------------------


def some_truths() -> list[PageTruth]:
    sizes = {"clean": 10, "typical": 12, "poor": 9}
    return [
        truth(f"{level}_{n}.pdf", page, level)
        for level, size in sizes.items()
        for n in range(10)
        for page in range(1, size + 1)
    ]


def test_whole_files_of_every_level_are_chosen_and_the_same_again():
    chosen = units(some_truths(), 90, seed=3)
    assert chosen == units(some_truths(), 90, seed=3) != units(some_truths(), 90, 4)
    levels = [name.split("_")[0] for name in chosen]
    assert {level: levels.count(level) for level in set(levels)} == {
        "clean": 3,
        "typical": 2,
        "poor": 3,
    }


def test_a_level_whose_files_are_all_too_large_gives_its_smallest():
    truths = [truth("big.pdf", page, "poor") for page in range(1, 300)]
    assert units([*truths, truth("one.pdf")], 10, 1) == {"big.pdf", "one.pdf"}


def test_what_came_in_one_folder_stays_together():
    assert unit_of("box-1/0001.tif") == unit_of("box-1/0002.tif") == "box-1"


def test_the_peer_gets_as_many_pages_of_each_level_and_few_of_one_file():
    pages = [figured(true, "") for true in some_truths()]
    big = [figured(truth("big.pdf", n, "clean"), "") for n in range(1, 200)]
    level_of = {page.source: page.level for page in [*pages, *big]}
    given = dict.fromkeys(tables.LEVELS, 0)
    for run in runs([*pages, *big], 60, seed=1):
        assert len(run.pages) <= 40
        assert list(run.pages) == list(range(run.pages[0], run.pages[-1] + 1))
        given[level_of[run.source]] += len(run.pages)
    assert given == {"clean": 20, "typical": 20, "poor": 20}


# --- the figures of a page -----------------------------------------------------------


def test_a_page_that_is_nowhere_in_the_books_counts_as_unread():
    row = figures(truth(text="one two"), Told(None, None, ""))
    assert (row.wanted, row.ours, row.told_turn) == (2, 0, None)


def test_codes_are_read_missed_or_imagined():
    read = [Mark("code128", "A1", BOX), Mark("qr", "B2", BOX), Mark("patch", "T", BOX)]
    there = [("code128", "A1"), ("code128", "C3")]
    assert codes(there, read) == {"barcode": (2, 1, 1), "patch": (0, 0, 1)}


def test_figures_come_back_from_the_file(tmp_path):
    row = figured(truth(text="a b", codes=(("patch", "T"),)), "a c")
    save(tmp_path / "out.json", {}, [row])
    (again,) = loaded(json.loads((tmp_path / "out.json").read_text())["pages"])
    again = dataclasses.replace(
        again, codes={k: tuple(v) for k, v in again.codes.items()}, troubles=()
    )
    assert again == row


# --- the tables ----------------------------------------------------------------------


def test_missed_words_are_told_in_proportion_to_the_peers():
    pages = [
        figured(truth(page=n, text="one two three four"), "one two three", theirs=2)
        for n in (1, 2)
    ]
    pages.append(figured(truth(page=3, text="one two"), ""))  # the peer had it not
    told = cells(tables.recall_beside(pages, what="level"), "clean")
    assert told == ["clean", "2", "8", ".7500", ".5000", "0.50", "-"]


def test_pages_lost_are_counted_by_how():
    lost = dataclasses.replace(figured(truth(text="x"), ""), told_removed="blank")
    seen = figured(truth(page=2, removed_as="blank"), "")
    told = cells(page_tables.blanks([lost, seen]), "clean")
    assert told == ["clean", "1", "0", "1", "1", "0", "0"]


def test_orientation_keeps_handwritten_pages_apart():
    right = figured(truth(text="a b c d"), "a")
    over = figured(truth(page=2, text="a b c d", rotation=180), "a")
    by_hand = figured(truth(page=3, text="a", handwritten="b c d", rotation=90), "a")
    told = page_tables.orientation([right, over, by_hand])
    assert cells(told, "clean") == ["clean", "2", ".5000", "1", "1"]
    assert cells(told, "mostly by hand") == ["mostly by hand", "1", ".0000", "1", "0"]


def test_skew_is_judged_by_its_sign():
    told = page_tables.skew([figured(truth(text="a", skew=-0.25), "a")])
    assert cells(told, "clean")[2] == "0.500"


def test_confidence_is_counted_by_bin():
    told = tables.confidence([figured(truth(text="a b"), "a c", confidence=0.97)])
    assert cells(told, "0.95 to 1.00") == ["0.95 to 1.00", ".500 (2)"]


def test_the_section_names_where_and_what(tmp_path):
    pages = [figured(truth(text="a b"), "a b", theirs=1)]
    run = {"pages": 1, "wall": 2.0, "a_second": 0.5, "cpu_a_page": 1.0, "busy": 0.9}
    ours = run | {"others": 0.0, "first": 1.5, "reader_mb": 200.0}
    ours["parts"] = {"recognition": 0.8, "clean": 0.1, REST: 0.1}
    peer = run | {"a_second": 0.1, "cpu_a_page": 3.0, "version": "peer 17"}
    facts = dict.fromkeys(
        ("command", "date", "commit", "cores", "processor", "memory", "python"), "x"
    )
    save(tmp_path / "o.json", {"machine": facts, "ours": ours, "theirs": peer}, pages)
    told = report.section(json.loads((tmp_path / "o.json").read_text()))
    assert "| ratio |  |  | **5.00** | 3.00 |" in told
    assert "| **all but recognition** | **200** |" in told
    assert "worst" not in told


# --- truth ---------------------------------------------------------------------------


def test_a_folder_without_truth_is_refused_with_the_next_move(tmp_path):
    with pytest.raises(SystemExit, match=r"benchmarks\.charts OUT"):
        charts_in(tmp_path)


def test_pages_of_the_report_split_are_not_looked_at(tmp_path):
    (tmp_path / "inbox").mkdir()
    row = dataclasses.asdict(truth()) | {"split": "report"}
    (tmp_path / "truth.jsonl").write_text(json.dumps(row) + "\n")
    assert not charts_in(tmp_path).of_tune


# --- the peer ------------------------------------------------------------------------

PEER = """#!/bin/sh
if [ "$1" = --version ]; then echo 17; exit 0; fi
for last; do before=$file; file=$last; done
case $before in */three.pdf) exit 8;; *-0001.pdf) exit 2;; esac
cp "$before" "$file"
"""


def test_a_page_that_the_peer_refuses_does_not_cost_it_the_others(tmp_path):
    program = tmp_path / "peer"
    program.write_text(PEER)
    program.chmod(0o700)
    pdf = tmp_path / "three.pdf"
    with pikepdf.new() as three:
        for _ in range(3):
            three.add_blank_page()
        three.save(pdf)
    keys = tuple(("a.pdf", page) for page in (1, 2, 3))
    told = peered(program, [Stack(pdf, keys)], tmp_path)
    assert (set(told.texts), told.refused, told.wall > 0) == (set(keys), 1, True)


def test_single_sheets_become_one_stack_for_the_peer(tmp_path):
    for name in ("a.png", "b.png"):
        Image.new("L", (80, 100), 255).save(tmp_path / name, dpi=(100, 100))
    with pikepdf.new() as four:
        for _ in range(4):
            four.add_blank_page()
        four.save(tmp_path / "c.pdf")
    asked = [Run("a.png", (1,)), Run("b.png", (1,)), Run("c.pdf", (2, 3))]
    made = stacked(tmp_path, asked, tmp_path / "stacks")
    keys = {stack.keys for stack in made}
    assert keys == {(("a.png", 1), ("b.png", 1)), (("c.pdf", 2), ("c.pdf", 3))}
    for stack in made:
        with pikepdf.open(stack.pdf) as opened:
            assert len(opened.pages) == 2


# --- the stopwatch -------------------------------------------------------------------

READS = """
import numpy as np
from pipeline.page import PageImage
from pipeline.ocr import quality
for _ in range(2):
    quality.noise_of(PageImage(np.zeros((400, 400), np.uint8), 300))
from pipeline.ocr.engine import NullEngine
NullEngine().read(None)
"""


def test_the_stopwatch_tells_parts_and_the_first_recognition(tmp_path):
    probe = environment(tmp_path / "probe")
    took = metered([sys.executable, "-c", READS], tmp_path / "log", probe)
    assert took.code == 0, (tmp_path / "log").read_text()
    told = spent(tmp_path / "probe", took.started, took.cpu)
    assert set(told.parts) == {"quality", "recognition", REST}
    assert sum(told.parts.values()) == pytest.approx(took.cpu)
    assert told.first is not None
    assert 0 < told.first <= took.wall + 0.1


def test_without_a_folder_the_stopwatch_rests(tmp_path):
    where = environment(tmp_path / "probe")
    del where["CHARTFILER_PROBE"]
    asked = "import sys; print([type(f).__name__ for f in sys.meta_path])"
    done = subprocess.run(
        [sys.executable, "-c", asked],
        env=os.environ | where,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "'Finder'" not in done.stdout
    assert not list(Path(tmp_path / "probe").iterdir())


def test_a_page_row_has_no_text_of_the_page():
    row = figured(truth(text="SENTINEL", handwritten="SENTINEL"), "SENTINEL")
    assert "SENTINEL" not in json.dumps(dataclasses.asdict(row))
    assert isinstance(row, PageFigures)


def test_runs_over_several_charts_are_told_as_one():
    one = {"pages": 10, "wall": 20.0, "a_second": 0.5, "cpu_a_page": 2.0}
    one |= {"busy": 1.0, "first": 1.5, "reader_mb": 200.0, "parts": {"clean": 1.0}}
    other = {"pages": 30, "wall": 40.0, "a_second": 0.75, "cpu_a_page": 1.0}
    other |= {"busy": 0.7, "first": 2.0, "reader_mb": 100.0, "parts": {"clean": 2.0}}
    runs = [{"machine": {}, "pages": [1], "ours": one}]
    assert pooled(runs) is runs[0]
    whole = pooled([*runs, {"machine": {}, "pages": [2], "ours": other}])
    assert whole["pages"] == [1, 2]
    assert "theirs" not in whole
    ours = whole["ours"]
    assert (ours["pages"], ours["wall"], ours["cpu_a_page"]) == (40, 60.0, 1.25)
    assert ours["a_second"] == pytest.approx(40 / 60)
    assert ours["busy"] == pytest.approx(0.8)
    assert (ours["first"], ours["reader_mb"]) == (2.0, 200.0)
    assert ours["parts"] == {"clean": 3.0}
