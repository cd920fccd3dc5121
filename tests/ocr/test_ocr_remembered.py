"""What was recorded comes back for the same image, and for no other."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import SettingsError, UnreadableFile
from pipeline.ocr.remembered import Recorded, Recording
from pipeline.page import Box, PageImage, QuarterTurn, Word
from tests.ocr.ocr_pages import DPI, prose, scanned


class Counting:
    """Reads a page as the number of its dark pixels."""

    name = "counting 1"

    def read(
        self, image: PageImage, lines: tuple[Box, ...] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        dark = str(int((image.pixels < 100).sum()))
        return (Word(dark, Box(1.5, 2, 3, 4), 0.75, 2),)

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:
        return 90, 0.5


ONE = PageImage(scanned(prose().pixels), DPI)
OTHER = PageImage(scanned(prose(top=500).pixels), DPI)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recording = Recording(Counting())
    for image in (ONE, OTHER):
        recording.read(image)
        recording.turn(image)
    path = tmp_path_factory.mktemp("recorded") / "recognition.jsonl.gz"
    recording.save(path)
    return path


def test_the_same_image_and_its_rounded_twin(path: Path) -> None:
    engine: Recorded = pickle.loads(pickle.dumps(Recorded(path)))
    rng = np.random.default_rng(5)
    for image in (ONE, OTHER):
        jitter = rng.integers(-1, 2, image.pixels.shape)
        twin = np.clip(image.pixels + jitter, 0, 255).astype(np.uint8)
        assert engine.read(PageImage(twin, DPI)) == Counting().read(image)
        assert engine.read(PageImage(twin[:-2, 1:], DPI)) == Counting().read(image)
        assert engine.turn(image) == (90, 0.5)


def test_an_unknown_image_names_the_next_move(path: Path) -> None:
    strange = PageImage(scanned(prose(lines=3).pixels), DPI)
    small = PageImage(ONE.pixels[::2, ::2].copy(), DPI)
    for image in (strange, small):
        with pytest.raises(UnreadableFile, match=r"benchmarks\.record_samples"):
            Recorded(path).read(image)
        with pytest.raises(UnreadableFile):
            Recorded(path).turn(image)


def test_a_missing_file_is_an_operators_business(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"benchmarks\.record_samples"):
        Recorded(tmp_path / "none.gz").read(ONE)


def test_two_that_look_alike_and_read_differently_are_refused() -> None:
    recording = Recording(Counting())
    recording.read(ONE)
    recording.read(ONE)
    assert len(recording.memories) == 1
    spoiled = ONE.pixels.copy()
    spoiled[1000:1003, 1000:1010] = 0
    with pytest.raises(SettingsError, match="look alike"):
        recording.read(PageImage(spoiled, DPI))


def test_saving_twice_makes_the_same_bytes(tmp_path: Path) -> None:
    recording = Recording(Counting())
    recording.read(ONE)
    recording.save(tmp_path / "a.gz")
    recording.save(tmp_path / "b.gz")
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
