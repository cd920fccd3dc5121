"""Lines of scans with what is printed on them, for the line network to learn from."""

import json
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.lines.layers import CELLS, widened
from benchmarks.lines.placed import onto_scan, texts_of
from benchmarks.lines.rows import batches, filled, rows_in
from pipeline.artefact import read as read_model
from pipeline.ocr.net.fitted import MODEL, fitted, name_of
from pipeline.ocr.net.forward import Network
from pipeline.ocr.net.traineddata import trained
from pipeline.ocr.tesseract import tessdata_folder
from pipeline.page import Box, Word

SCALE, SHIFT = 250 / 72, (40.0, -25.0)
SHEET = [
    (text, (60.0 + 70 * x, 100.0 + 20 * y, 110.0 + 70 * x, 112.0 + 20 * y))
    for y, row in enumerate(
        ("Blood pressure today", "Pulse regular warm", "Skin dry no")
    )
    for x, text in enumerate(row.split())
]


def on_scan(box) -> Box:
    left, top, right, foot = (SCALE * edge for edge in box)
    return Box(left + SHIFT[0], top + SHIFT[1], right + SHIFT[0], foot + SHIFT[1])


READ = [Word(text, on_scan(box), 0.9, 0) for text, box in SHEET]
LINES = [
    Box(
        on_scan(first).left - 4,
        on_scan(first).top - 3,
        on_scan(last).right + 4,
        on_scan(last).bottom + 3,
    )
    for (_, first), (_, last) in zip(SHEET[::3], SHEET[2::3], strict=True)
]
ALL = {0: "Blood pressure today", 1: "Pulse regular warm", 2: "Skin dry no"}


def test_the_sheet_is_found_on_the_scan_though_words_are_misread():
    misread = [*READ[:7], Word("dry", Box(5, 5, 30, 20), 0.9, 0)]
    onto = onto_scan(misread, SHEET)
    assert onto is not None
    assert onto[:, 2] == pytest.approx(SHIFT, abs=0.5)
    assert onto[0, 0] == pytest.approx(SCALE, abs=0.01)


@pytest.mark.parametrize("read", [[], READ[:5], [w for w in READ if len(w.text) < 3]])
def test_too_few_words_tell_no_place(read):
    assert onto_scan(read, SHEET) is None


def test_words_that_stand_twice_tell_no_place():
    assert onto_scan([*READ, *READ], SHEET) is None


def test_each_line_has_what_is_printed_in_it():
    assert texts_of(LINES, SHEET, onto_scan(READ, SHEET)) == ALL


UP, DOWN = (252.0, 96.0, 262.0, 108.0), (265.0, 104.0, 280.0, 116.0)


@pytest.mark.parametrize(
    ("spoiled", "left_out"),
    [
        ([("Stamp", (62.0, 101.0, 112.0, 113.0))], 0),  # over another word
        ([("Up", UP), ("Down", DOWN)], 0),  # off the row
        ([("Outward", (238.0, 120.0, 300.0, 132.0))], 1),  # the line's end cuts it
    ],
)
def test_a_line_that_is_not_certain_is_left_out(spoiled, left_out):
    first = replace(LINES[0], right=LINES[0].right + 150)
    found = texts_of([first, *LINES[1:]], [*SHEET, *spoiled], onto_scan(READ, SHEET))
    assert found == {at: text for at, text in ALL.items() if at != left_out}


def written(tmp_path, lines):
    pixels, rows, at = [], [], 0
    for text, wide in lines:
        line = np.full((36, wide), 5, np.int8)
        pixels.append(line.tobytes())
        rows.append(json.dumps([text, "poor", "house", 250, wide, at]))
        at += line.size
    (tmp_path / "some.i8").write_bytes(b"".join(pixels))
    (tmp_path / "some.jsonl").write_text("\n".join(rows), "utf-8")
    return tmp_path / "some"


def test_lines_come_back_as_they_were_written(tmp_path):
    path = written(tmp_path, [("ab", 30), ("a–b", 40), ("ä", 30), ("aab", 9)])
    rows = list(rows_in(path, ["a", "b", "-", ""]))
    assert [row.letters for row in rows] == [
        (0, 1),
        (0, 2, 1),
    ]  # foreign, narrow: left out
    assert [row.pixels.shape for row in rows] == [(36, 30), (36, 40)]
    assert "letters" not in repr(rows[0])


def test_batches_hold_every_line_once_and_have_few_shapes(tmp_path):
    path = written(tmp_path, [("ab", wide) for wide in range(20, 420, 3)])
    rows = list(rows_in(path, ["a", "b", ""]))
    some = list(batches(rows, None))
    assert sorted(row.steps for part in some for row in part) == sorted(
        row.steps for row in rows
    )
    shapes = {filled(part, None)[0].shape for part in some}
    assert len(shapes) < 12


def test_what_is_beside_a_line_is_neither_ink_nor_paper(tmp_path):
    rows = list(rows_in(written(tmp_path, [("ab", 31)]), ["a", "b", ""]))
    pixels, steps = filled(rows, None)
    assert steps[0] == 10
    assert (pixels[0, 0, :, :31] == np.float32(5) / np.float32(127)).all()
    assert not pixels[0, 0, :, 31:].any()
    assert not pixels[1:].any()


def test_a_wider_network_says_what_the_narrower_one_said() -> None:
    found = fitted(trained(tessdata_folder() / "eng.traineddata"))
    lines = [np.random.default_rng(1).uniform(-1, 1, (36, 90)).astype(np.float32)]
    before = Network.of(found).read(lines)[0]
    weights = dict(read_model(MODEL).arrays)
    now = [weights[name].shape[1] for name in CELLS]
    more = [count + extra for count, extra in zip(now, (4, 4, 0, 8), strict=True)]
    wider = widened(weights, more, np.random.default_rng(2))
    layers = tuple(
        replace(layer, matrices=tuple(wider[name_of(at)])) if layer.matrices else layer
        for at, layer in enumerate(found.layers)
    )
    after = Network.of(replace(found, layers=layers)).read(lines)[0]
    assert np.abs(after - before).max() < 1e-5
    assert [wider[name].shape[1] for name in CELLS] == more
    with pytest.raises(ValueError, match="fewer"):
        widened(weights, (1, 1, 1, 1), np.random.default_rng(2))
