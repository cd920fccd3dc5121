"""Patch codes: T is T, whichever way the sheet was fed."""

from __future__ import annotations

import pytest

from pipeline.ocr.engine import NullEngine
from pipeline.ocr.patch import patch, patch_any_way
from pipeline.ocr.read import read_page
from pipeline.ocr.upright import TURNS, turned
from pipeline.page import PageImage, QuarterTurn
from tests.ocr.ocr_pages import (
    DPI,
    Drawn,
    paper,
    prose,
    scanned,
    turned_page,
    with_patch,
)

BARS = {"T": "NWNW", "2": "WNNW", "3": "WNWN", "4": "NWWN"}


@pytest.mark.parametrize("name", BARS)
@pytest.mark.parametrize("inches", [2.0, 7.5])
def test_each_code_on_a_scanned_sheet(name: str, inches: float) -> None:
    drawn = Drawn(with_patch(paper(), BARS[name], inches=inches))
    for degrees in (-2.0, 0.0, 1.0):
        pixels = scanned(turned_page(drawn, degrees).pixels)
        mark = patch(PageImage(pixels, DPI))
        assert mark is not None
        assert (mark.kind, mark.text) == ("patch", name)
        assert 100 < mark.box.top < mark.box.bottom < 500
        assert mark.box.width > 0.8 * inches * DPI


@pytest.mark.parametrize("turn", TURNS)
def test_a_t_is_found_and_put_on_top_from_every_turn(turn: QuarterTurn) -> None:
    sheet = PageImage(scanned(with_patch(paper(), BARS["T"])), DPI)
    mark, back = patch_any_way(turned(sheet, turn))
    assert mark is not None
    assert mark.text == "T"
    assert (turn + back) % 360 == 0


def test_a_patch_below_the_top_third_is_none() -> None:
    sheet = PageImage(with_patch(paper(), BARS["T"], top=1400), DPI)
    assert patch(sheet) is None


def test_text_tables_and_empty_paper_are_none() -> None:
    table = prose(lines=10).pixels.copy()
    for y in range(200, 1200, 48):
        table[y : y + 24, 300:2250] = 0
    for pixels in (prose().pixels, table, paper()):
        assert patch(PageImage(scanned(pixels), DPI)) is None
        assert patch_any_way(PageImage(pixels, DPI)) == (None, 0)


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("name", ["T", "3"])
@pytest.mark.parametrize("words", ["SEPARATOR SHEET", ""])
def test_a_separator_says_the_same_from_every_turn(
    turn: QuarterTurn, name: str, words: str
) -> None:
    drawn = prose(lines=1, text=f"{words} ", top=1500).pixels if words else paper()
    sheet = PageImage(scanned(with_patch(drawn, BARS[name])), DPI)
    page = read_page(turned(sheet, turn), 1, NullEngine())
    assert [(m.kind, m.text) for m in page.marks] == [("patch", name)]
    assert (page.rotation + turn) % 360 == 0
    assert page.quality.oriented
