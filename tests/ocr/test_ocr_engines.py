"""The contract of OcrEngine, over every engine that reads for real."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from pathlib import Path

import pytesseract
import pytest

from pipeline.errors import OverLimit, SettingsError
from pipeline.ocr.engine import OcrEngine
from pipeline.ocr.lines import lines_of
from pipeline.ocr.linewise import LinewiseEngine
from pipeline.ocr.pytess import PytesseractEngine
from pipeline.ocr.read import read_page
from pipeline.ocr.tesseract import TesseractEngine, tessdata_folder
from pipeline.ocr.upright import turned
from pipeline.page import PageImage, QuarterTurn, Word
from tests.ocr.ocr_pages import DPI, paper, prose, scanned, turned_page

PAGE = prose(lines=8)
SCAN = PageImage(scanned(turned_page(PAGE, 0.5).pixels)[200:1200].copy(), DPI)


@pytest.fixture(
    scope="module", params=[LinewiseEngine, TesseractEngine, PytesseractEngine]
)
def engine(request: pytest.FixtureRequest) -> OcrEngine:
    """Each engine, after a journey through pickle."""
    made: OcrEngine = pickle.loads(pickle.dumps(request.param()))
    return made


POINTS = ".,;"  # a blurred one is a guess, and no word


def letters(words: Iterable[Word]) -> list[str]:
    return [word.text.rstrip(POINTS) for word in words]


@pytest.mark.slow
def test_reads_words_in_order_with_boxes_and_confidences(engine: OcrEngine) -> None:
    words = engine.read(SCAN)
    assert [w.text for w in words] == [text for text, _ in PAGE.words]
    for word, (_, box) in zip(words, PAGE.words, strict=True):
        assert 0.3 < word.confidence <= 1
        assert (word.box.left + word.box.right) / 2 == pytest.approx(
            (box.left + box.right) / 2, abs=25
        )
    lines = [w.line for w in words]
    assert lines == sorted(lines)
    assert set(lines) == set(range(8))


@pytest.mark.slow
def test_reads_lines_where_it_is_told_that_they_are(engine: OcrEngine) -> None:
    straight = PageImage(scanned(PAGE.pixels)[200:1200].copy(), DPI)
    words = engine.read(straight, lines_of(straight))
    assert letters(words) == [text.rstrip(POINTS) for text, _ in PAGE.words]
    assert engine.read(straight) == engine.read(straight)  # and forgets them again


@pytest.mark.slow
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_tells_the_turn(engine: OcrEngine, turn: QuarterTurn) -> None:
    said, sure = engine.turn(turned(SCAN, turn))
    assert (turn + said) % 360 == 0
    assert 0.5 < sure <= 1


@pytest.mark.slow
def test_white_paper_is_no_error(engine: OcrEngine) -> None:
    image = PageImage(paper((600, 400)), DPI)
    assert engine.read(image) == ()
    assert engine.turn(image) == (0, 0.0)
    assert engine.read(PageImage(paper((1, 1)), DPI)) == ()


@pytest.mark.slow
def test_the_name_holds_the_version(engine: OcrEngine) -> None:
    assert engine.name.startswith("tesseract")
    assert engine.name[-1].isdigit()


@pytest.mark.slow
@pytest.mark.parametrize("degrees", [3.0, -3.0])
def test_a_skewed_page_tells_its_words_where_they_are(degrees: float) -> None:
    """Read straight at 300 dpi, told in the px of the skewed 300-dpi scan."""
    truth = turned_page(PAGE, degrees)
    page = read_page(PageImage(scanned(truth.pixels), DPI), 1, LinewiseEngine())
    assert letters(page.words) == [text.rstrip(POINTS) for text, _ in truth.words]
    for word, (_, box) in zip(page.words, truth.words, strict=True):
        assert (word.box.top + word.box.bottom) / 2 == pytest.approx(
            (box.top + box.bottom) / 2, abs=2
        )
        assert (word.box.left + word.box.right) / 2 == pytest.approx(
            (box.left + box.right) / 2, abs=2.5
        )


@pytest.mark.slow
def test_upside_down_and_sideways_pages_are_put_right() -> None:
    engine = LinewiseEngine()
    for turn in (90, 180):
        page = read_page(turned(SCAN, turn), 1, engine)
        assert (turn + page.rotation) % 360 == 0
        assert len(page.words) == len(PAGE.words)


def test_missing_models_name_the_package(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="tesseract-ocr-osd"):
        tessdata_folder(tmp_path)
    with pytest.raises(SettingsError):
        TesseractEngine(tmp_path)


def test_a_missing_program_is_an_operators_business(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "/nonexistent")
    with pytest.raises(SettingsError, match="install tesseract-ocr"):
        PytesseractEngine()


@pytest.mark.slow
def test_a_program_that_takes_too_long() -> None:
    with pytest.raises(OverLimit):
        PytesseractEngine(seconds=0.05).read(SCAN)
