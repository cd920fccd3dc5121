"""The shapes of words tell which way up they stand; without words nothing is told."""

from __future__ import annotations

import pytest

from pipeline.ocr.upright import TURNS, turned
from pipeline.ocr.wayup import shipped
from pipeline.page import PageImage, QuarterTurn
from tests.ocr.ocr_pages import DPI, paper, prose, scanned, turned_page, with_patch


@pytest.mark.parametrize("turn", TURNS)
def test_a_page_of_print_is_told_from_every_turn(turn: QuarterTurn) -> None:
    page = PageImage(scanned(turned_page(prose(lines=8), 1.5).pixels, noise=12), DPI)
    lie = shipped().lie(turned(page, turn))
    assert (turn + lie.turn) % 360 == 0
    assert lie.bits > 25


@pytest.mark.parametrize("bars", ["", "NWNW"])
def test_a_side_without_words_tells_nothing(bars: str) -> None:
    lie = shipped().lie(PageImage(scanned(with_patch(paper(), bars)), DPI))
    assert lie.turn == 0
    assert lie.bits < 5
