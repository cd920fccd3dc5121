"""One page through all steps, with engines that need no Tesseract."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import pytest

from pipeline.errors import UnreadableFile
from pipeline.ocr.clean import Cleaned
from pipeline.ocr.engine import NullEngine
from pipeline.ocr.lines import in_lines
from pipeline.ocr.looks import AGAIN, FIRST, Print
from pipeline.ocr.read import fingerprint, read_page, unread_page
from pipeline.ocr.upright import turned
from pipeline.page import Box, PageImage, QuarterTurn, Word
from tests.faults.engines import Babbling, Refusing
from tests.ocr.ocr_pages import (
    DPI,
    Drawn,
    paper,
    prose,
    scanned,
    turned_page,
    with_code,
    with_patch,
)


@dataclass
class BlobEngine:
    """Reads each dark blob as a word, surely if the page is upright.

    A page is upright if its fattest blob is in its top left quarter.
    """

    says: tuple[QuarterTurn, float] = (0, 0.0)
    name: str = "blobs 1"
    asked: list[str] = field(default_factory=list)

    def read(
        self, image: PageImage, lines: tuple[Box, ...] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        self.asked.append("read")
        dark = (image.pixels < 128).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(dark)
        fattest = max(stats[1:], key=lambda s: s[4], default=None)
        if fattest is None:
            return ()
        height, width = image.pixels.shape
        upright = fattest[0] < width / 2 and fattest[1] < height / 2
        return tuple(
            Word("patient", Box(x, y, x + w, y + h), 0.97 if upright else 0.2, i)
            for i, (x, y, w, h, area) in enumerate(stats[1:].tolist())
            if area > 50
        )

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:
        self.asked.append("turn")
        return self.says


def spots() -> Drawn:
    """Rectangles in rows, a fat one top left."""
    pixels, words = paper(), []
    for row in range(12):
        for column in range(6):
            x, y = 300 + 330 * column, 400 + 200 * row
            high = 90 if (row, column) == (0, 0) else 36
            pixels[y : y + high, x : x + 180] = 0
            words.append(("patient", Box(x, y, x + 180, y + high)))
    return Drawn(pixels, tuple(words))


def middles(boxes: list[Box]) -> np.ndarray:
    return np.array(
        sorted(((b.left + b.right) / 2, (b.top + b.bottom) / 2) for b in boxes)
    )


@pytest.mark.parametrize("degrees", [-3.0, 0.0, 1.0, 3.0])
def test_box_centres_within_two_pixels_of_a_skewed_page(degrees: float) -> None:
    """Recognised at 300 dpi and straight, told on the 300-dpi scan as it is."""
    truth = turned_page(spots(), degrees)
    image = PageImage(scanned(truth.pixels), DPI)
    page = read_page(image, 7, BlobEngine())
    want = middles([box for _, box in truth.words])
    got = middles([word.box for word in page.words])
    assert got.shape == want.shape
    near = np.abs(got[:, None] - want[None]).max(axis=2).min(axis=1)
    assert near.max() <= 2.0
    assert page.quality.skew == pytest.approx(degrees, abs=0.15)
    assert (page.number, page.rotation, page.size) == (7, 0, (2550, 3300))


def test_a_page_that_reads_well_is_not_asked_which_way_up() -> None:
    engine = BlobEngine()
    read_page(spots().image, 1, engine)
    assert engine.asked == ["read"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_told_upright(turn: QuarterTurn) -> None:
    upright = spots()
    pixels = with_code(upright.pixels, "QRCode", "PATIENT 00123456", (1500, 2850), 5)
    image = turned(PageImage(pixels, DPI), turn)
    back: QuarterTurn = {90: 270, 180: 180, 270: 90}[turn]
    engine = BlobEngine((back, 1.0))
    page = read_page(image, 1, engine)
    assert page.rotation == back
    assert page.size == (2550, 3300)
    assert engine.asked[:3] == ["read", "turn", "read"]
    assert engine.asked.count("turn") == 1
    assert page.marks[0].box.left == pytest.approx(1520, abs=30)
    assert page.marks[0].box.top == pytest.approx(2870, abs=30)
    spots_read = [w.box for w in page.words if w.box.top < 2700]
    want = middles([box for _, box in upright.words])
    assert np.abs(middles(spots_read) - want).max() <= 2.0


def test_a_wrong_answer_about_the_turn_is_found_out_by_reading() -> None:
    dim = spots().pixels[:, ::-1].copy()  # fattest on the right: reads badly as it lies
    engine = BlobEngine((180, 0.9))
    page = read_page(PageImage(dim, DPI), 1, engine)
    assert page.rotation == 0
    assert len(page.words) == 72


def test_blank_sides_are_not_recognised() -> None:
    engine = BlobEngine()
    page = read_page(PageImage(scanned(paper()), DPI), 1, engine)
    assert page.quality.blank
    assert engine.asked == []
    assert page.words == page.marks == ()


def test_a_separator_upside_down_is_turned_by_its_patch() -> None:
    sheet = PageImage(scanned(with_patch(paper(), "NWNW")), DPI)
    page = read_page(turned(sheet, 180), 1, NullEngine())
    assert [(m.kind, m.text) for m in page.marks] == [("patch", "T")]
    assert page.rotation == 180
    assert not page.quality.blank
    assert page.marks[0].box.bottom < 600


def test_garbage_is_kept_out() -> None:
    page = read_page(prose(lines=3).image, 1, Babbling())
    assert page.words == ()


def test_a_refusal_is_passed_on() -> None:
    with pytest.raises(UnreadableFile):
        read_page(prose(lines=3).image, 1, Refusing())


def test_the_fingerprint_is_that_of_the_pixels() -> None:
    one, other = paper((30, 20)), paper((20, 30))
    assert fingerprint(PageImage(one, 300)) == fingerprint(PageImage(one.copy(), 72))
    assert fingerprint(PageImage(one, 300)) != fingerprint(PageImage(other, 300))
    assert unread_page(3).size == (1, 1)
    assert unread_page(3, PageImage(one, 300)).size == (30, 20)
    assert read_page(prose().image, 1, NullEngine()).fingerprint == fingerprint(
        prose().image
    )


def test_no_text_in_reprs() -> None:
    page = read_page(spots().image, 1, BlobEngine())
    assert "patient" not in repr(page)


@dataclass
class TwoLooks:
    """Reads another word of the same row when it looks for the lines itself."""

    sure: float
    name: str = "looks 1"
    looks: list[tuple[int, bool]] = field(default_factory=list)

    def read(
        self, image: PageImage, lines: tuple[Box, ...] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        self.looks.append((image.dpi, bool(lines)))
        dpi = image.dpi / 300
        left, text = (200, "patients") if lines else (440, "recovered")
        box = Box(left * dpi, 200 * dpi, (left + 200) * dpi, 230 * dpi)
        return (Word(text, box, self.sure if lines else 0.9),)

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:
        return 0, 0.9


def test_a_page_that_reads_poorly_is_read_again_cleaned_another_way() -> None:
    """Line by line, then the doubtful lines, then whole: few words may hide others."""
    scan = PageImage(scanned(prose(lines=12).pixels), DPI)
    engine = TwoLooks(0.6)
    told = [word.text for word in read_page(scan, 1, engine).words]
    assert told == ["patients", "recovered"]
    # each at its own size, or a recording could not tell them apart
    looks = [(look.dpi, True) for look in (FIRST, *AGAIN)]
    assert engine.looks == [*looks, (225, False)]
    assert len(set(looks)) == len(looks)


def test_only_doubtful_lines_are_read_again() -> None:
    shown: list[int] = []

    class Listening(BlobEngine):
        def read(
            self,
            image: PageImage,
            lines: tuple[Box, ...] = (),
            *,
            closely: bool = False,
        ) -> tuple[Word, ...]:
            shown.append(len(lines))
            words = super().read(image, lines)
            return tuple(
                replace(word, confidence=0.5) if word.line == 3 else word
                for word in in_lines(words, lines)
            )

    read_page(spots().image, 1, Listening())
    assert shown[:2] == [72, 1]


def test_a_sign_that_stands_alone_is_not_read_again() -> None:
    """A tick in a box stays doubtful at every look; two letters may become clear."""
    asked: list[tuple[Box, ...]] = []

    class Listening(BlobEngine):
        def read(
            self,
            image: PageImage,
            lines: tuple[Box, ...] = (),
            *,
            closely: bool = False,
        ) -> tuple[Word, ...]:
            asked.append(tuple(lines))
            return ()

    page = PageImage(paper((400, 200)), 250)
    copy = Cleaned(page, np.eye(2, 3))
    tick, word = Box(10, 10, 40, 40), Box(60, 10, 200, 40)
    there = Print(page, copy, copy, (tick, word))
    told = ((Word("X", tick, 0.1),), (Word("7X", word, 0.1),))
    assert there.again(Listening(), told) == told
    assert [len(lines) for lines in asked] == [1] * len(AGAIN)


def test_the_bars_of_a_code_are_no_letters() -> None:
    pixels = with_code(paper(), "Code128", "PATIENT 00123456", (600, 700), 3)
    cv2.putText(pixels, "COVER", (600, 500), 0, 3.0, 0, 8)

    class Everything(BlobEngine):
        def read(
            self,
            image: PageImage,
            lines: tuple[Box, ...] = (),
            *,
            closely: bool = False,
        ) -> tuple[Word, ...]:
            return super().read(image)

    page = read_page(PageImage(pixels, DPI), 1, Everything())
    (code,) = page.marks
    assert page.words
    assert not any(
        code.box.left < (word.box.left + word.box.right) / 2 < code.box.right
        and code.box.top < (word.box.top + word.box.bottom) / 2 < code.box.bottom
        for word in page.words
    )
