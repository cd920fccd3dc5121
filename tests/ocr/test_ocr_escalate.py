"""Pages that stay unreadable: when a second engine is asked, and what it reads."""

from __future__ import annotations

import importlib.util
import pickle
import types
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from pipeline.checkup import examine
from pipeline.errors import SettingsError
from pipeline.ocr import rapid
from pipeline.ocr.engine import NullEngine
from pipeline.ocr.escalate import as_scanned
from pipeline.ocr.rapid import RapidEngine, words_of_lines
from pipeline.ocr.read import read_page
from pipeline.page import Box, PageImage, QuarterTurn, Word
from pipeline.settings import ReadingSettings
from pipeline.site import settings_of
from pipeline.wiring import reader_of, second_engine_of
from tests.ocr.ocr_pages import DPI, prose, scanned

SCAN = PageImage(scanned(prose(lines=12).pixels), DPI)


@dataclass
class Says:
    """Reads the same words on every page, each as surely."""

    words: int
    sure: float
    name: str = "first 1"
    seen: list[PageImage] = field(default_factory=list)

    def read(
        self, image: PageImage, lines: tuple[Box, ...] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        self.seen.append(image)
        dpi = image.dpi / DPI
        places = [
            Box(100 * dpi, (100 + 40 * i) * dpi, 300 * dpi, (130 + 40 * i) * dpi)
            for i in range(self.words)
        ]
        return tuple(
            Word("patients", box, self.sure, i) for i, box in enumerate(places)
        )

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:
        return 0, 0.9


def test_a_page_that_stays_unreadable_is_read_by_the_second_engine() -> None:
    second = Says(20, 0.9, "second 1")
    page = read_page(SCAN, 1, Says(20, 0.6), second=second)
    assert page.engine == "first 1 and second 1"
    assert sum(word.confidence > 0.75 for word in page.words) == 20
    (shown,) = second.seen
    ratio = SCAN.dpi / shown.dpi
    assert ratio > 1  # the boxes come back to the scan's own pixels
    assert page.words[0].box.left == pytest.approx(100, rel=0.01)
    assert page.words[0].box.bottom == pytest.approx(130, rel=0.01)


def test_a_page_that_reads_well_is_not() -> None:
    second = Says(20, 0.99, "second 1")
    page = read_page(SCAN, 1, Says(20, 0.95), second=second)
    assert (page.engine, second.seen) == ("first 1", [])


def test_a_page_without_words_is_not() -> None:
    second = Says(20, 0.99, "second 1")
    assert read_page(SCAN, 1, NullEngine(), second=second).words == ()
    assert second.seen == []


def test_a_second_engine_that_reads_less_takes_nothing_away() -> None:
    page = read_page(SCAN, 1, Says(20, 0.8), second=Says(3, 0.7, "second 1"))
    assert sum(word.confidence > 0.5 for word in page.words) >= 20


def test_a_page_is_shown_as_it_was_scanned() -> None:
    shown = as_scanned(PageImage(np.full((330, 255), 200, np.uint8), 30))
    assert shown.image.pixels.shape == (2200, 1700)
    assert shown.image.pixels.mean() == pytest.approx(200, abs=1)  # paper not whitened
    assert shown.back([Box(0, 0, 1700, 2200)], (255, 330)) == (Box(0, 0, 255, 330),)


def corners(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    return np.array(
        [[left, top], [right, top], [right, bottom], [left, bottom]], np.float32
    )


def test_a_line_is_cut_into_words_by_its_characters() -> None:
    first, again, last = words_of_lines(
        [corners(100, 10, 200, 30)], ["b  a bcd"], [0.8]
    )
    assert [word.text for word in (first, again, last)] == ["b", "a", "bcd"]
    assert (first.box.left, first.box.right) == (100, 112.5)
    assert (again.box.left, again.box.right) == (137.5, 150)
    assert (last.box.left, last.box.right) == (162.5, 200)
    assert {word.confidence for word in (first, again, last)} == {0.8}
    assert last.box.top == 10


def test_words_follow_the_slope_of_their_line() -> None:
    sloping = np.array([[0, 40], [1000, 0], [1000, 30], [0, 70]], np.float32)
    first, last = words_of_lines([sloping], ["name birth"], [0.8])
    assert (first.box.top, first.box.bottom) == pytest.approx((24, 70))
    assert (last.box.top, last.box.bottom) == pytest.approx((0, 50))


def test_what_stands_on_its_side_is_cut_from_top_to_bottom() -> None:
    first, last = words_of_lines([corners(0, 0, 30, 300)], ["fax number"], [0.8])
    assert first.box == Box(0, 0, 30, 90)
    assert last.box == Box(0, 120, 30, 300)


def test_pieces_side_by_side_are_one_line_and_columns_are_two() -> None:
    words = words_of_lines(
        [
            corners(160, 9, 260, 30),  # right of the second, a little higher
            corners(20, 10, 140, 32),
            corners(900, 10, 990, 31),  # another column
            corners(20, 60, 200, 80),
            corners(0, 0, 15, 300),  # on the margin, beside all of them
        ],
        ["GALLOWAY", "Name:", "Page", "Born", "void"],
        [0.9] * 5,
    )
    assert [(word.text, word.line) for word in words] == [
        ("void", 0),
        ("Name:", 1),
        ("GALLOWAY", 1),
        ("Page", 2),
        ("Born", 3),
    ]


def reading(escalate: str) -> ReadingSettings:
    return replace(settings_of().reading, escalate=escalate)


def test_without_the_package_the_sentence_names_the_command(monkeypatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"pip install 'chartfiler\[rapidocr\]'"):
        second_engine_of(reading("rapidocr"))


def test_doctor_says_so_too(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    (tmp_path / "config").mkdir()
    own = tmp_path / "config/pipeline.toml"
    own.write_text('[reading]\nescalate = "rapidocr"\n')
    check = next(c for c in examine(tmp_path) if c.name == "recognition")
    assert not check.ok
    assert "chartfiler[rapidocr]" in check.says


def test_by_default_there_is_no_second_engine() -> None:
    assert second_engine_of(settings_of().reading) is None
    with pytest.raises(SettingsError, match="escalate knows no 'crystal ball'"):
        second_engine_of(reading("crystal ball"))


@dataclass
class Wheel:
    """What an installed package looks like, with the models it brought."""

    networks: types.SimpleNamespace | None = None

    def install(self, monkeypatch, place, *models: str) -> None:
        (place / "models").mkdir()
        for model in models:
            (place / "models" / model).touch()
        spec = types.SimpleNamespace(origin=str(place / "__init__.py"))
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
        monkeypatch.setattr(rapid, "version", lambda name: "3.10.0")
        monkeypatch.setattr(rapid, "_networks", lambda *models: self._read)

    def _read(self, pixels: np.ndarray) -> types.SimpleNamespace | None:
        return self.networks


def test_a_wheel_without_its_models_is_refused_before_it_fetches_them(
    monkeypatch, tmp_path
) -> None:
    Wheel().install(monkeypatch, tmp_path, "PP-OCRv6_det_small.onnx")
    with pytest.raises(SettingsError, match="without its model PP-OCR"):
        RapidEngine()


def test_it_reads_what_the_networks_find(monkeypatch, tmp_path) -> None:
    found = types.SimpleNamespace(
        boxes=corners(10, 20, 110, 40)[None], txts=("No known",), scores=(0.95,)
    )
    nothing = types.SimpleNamespace(boxes=None, txts=None, scores=None)
    wheel = Wheel(found)
    models = ("PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx")
    wheel.install(monkeypatch, tmp_path, *models)
    with reader_of(replace(settings_of(), reading=reading("rapidocr")), 1) as pool:
        assert isinstance(pool.second, RapidEngine)
    engine = pickle.loads(pickle.dumps(RapidEngine()))
    assert engine.name == "rapidocr 3.10.0"
    assert engine.turn(SCAN) == (0, 0.0)
    first, last = engine.read(SCAN)
    assert (first.text, last.text) == ("No", "known")
    assert (first.box.top, last.box.right, last.box.bottom) == (20, 110, 40)
    assert first.confidence == pytest.approx(0.85, abs=0.01)  # the networks are bold
    wheel.networks = nothing
    assert engine.read(SCAN) == ()
