"""What is on one side of one sheet: the image, its words and its marks.

Units: pixels of the *filed* image after its quarter turn, never of a deskewed,
cropped or rescaled copy; origin top-left, y down. Lengths in millimetres are
px * 25.4 / dpi. Nothing here knows any OCR engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # (height, width), 0 black .. 255 white
QuarterTurn = Literal[0, 90, 180, 270]  # degrees, clockwise
QUARTERS: tuple[QuarterTurn, ...] = (0, 90, 180, 270)
MarkKind = Literal[
    "code128",
    "code39",
    "code93",
    "codabar",
    "itf",
    "ean13",
    "ean8",
    "upca",
    "upce",
    "databar",
    "qr",
    "datamatrix",
    "aztec",
    "pdf417",
    "patch",
]


@dataclass(frozen=True, slots=True)
class Box:
    """Axis-aligned rectangle in page pixels; right and bottom are exclusive."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if self.right < self.left or self.bottom < self.top:
            raise ValueError(f"inside-out box {self}")

    def __or__(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def holds(self, other: Box) -> bool:
        """Whether the middle of the other lies in it, or on its edge."""
        across, down = (other.left + other.right) / 2, (other.top + other.bottom) / 2
        return self.left <= across <= self.right and self.top <= down <= self.bottom

    def scaled(self, by: float) -> Box:
        """The same place on a page that is so many times as large."""
        return Box(self.left * by, self.top * by, self.right * by, self.bottom * by)

    def turned(self, by: QuarterTurn, size: tuple[float, float]) -> Box:
        """The same place when a page of this (width, height) was turned clockwise."""
        width, height = size
        match by:
            case 0:
                return self
            case 90:
                left, right = height - self.bottom, height - self.top
                return Box(left, self.left, right, self.right)
            case 180:
                left, right = width - self.right, width - self.left
                return Box(left, height - self.bottom, right, height - self.top)
            case 270:
                top, bottom = width - self.right, width - self.left
                return Box(self.top, top, self.bottom, bottom)

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def width(self) -> float:
        return self.right - self.left


def quarter(degrees: int) -> QuarterTurn:
    """The same turn within one round; degrees are a multiple of 90."""
    return QUARTERS[degrees // 90 % 4]


@dataclass(frozen=True, slots=True)
class PageImage:
    """One scanned side in grey, as a viewer shows it (after /Rotate and EXIF).

    ``dpi`` is the resolution believed, ``declared`` what its file says: 0 for nothing.
    """

    pixels: Pixels = field(repr=False)
    dpi: int
    declared: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """One token as read.

    ``confidence`` is an engine's, rescaled to 0..1; on a ``Page`` it is the probability
    that the word is right. ``line`` counts text lines down the page in reading order,
    from 0.
    """

    text: str = field(repr=False)
    box: Box
    confidence: float
    line: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A barcode or patch code as read; what it means is index's business.

    A patch's text is its name: "T", "2", "3", "4".
    """

    kind: MarkKind
    text: str = field(repr=False)
    box: Box


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the scan of one side is.

    ``ink`` is the share of dark pixels 0..1 after the background is evened out;
    ``blank`` errs towards False; ``dpi`` is the resolution measured or believed;
    ``sharpness`` and ``noise`` are in grey levels; ``skew`` in degrees, clockwise
    positive; ``legibility`` is the mean word confidence weighted by length, 0..1;
    ``declared`` is the resolution that the file tells, 0 for none; ``contrast`` in grey
    levels from ink to paper; ``readable`` predicts the share of printed words that were
    read right, 0..1; ``handwriting`` how probably most of the page is by hand, 0..1.
    ``faults`` says in plain words what is wrong with the scan, ``again`` why it should
    be scanned again: empty where that would not help. ``oriented`` says that something
    on the side told which way up it is.
    """

    ink: float
    blank: bool
    dpi: int
    sharpness: float
    noise: float
    skew: float
    legibility: float
    declared: int = 0
    contrast: float = 0.0
    readable: float = 0.0
    handwriting: float = 0.0
    faults: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    oriented: bool = True

    @property
    def by_hand(self) -> bool:
        """Mostly handwritten: such a page is kept, but not searchable."""
        return self.handwriting >= 0.5  # noqa: PLR2004 - more than half


@dataclass(frozen=True, slots=True)
class PageLook:
    """What one quick look at a side tells before anything is recognised on it.

    ``faults`` are those of ``Quality``; ``marks`` have no boxes to be relied on;
    ``unreadable`` says why the side could not be opened, "" where it could.
    """

    number: int  # 1-based, within its batch
    blank: bool = False
    skew: float = 0.0  # degrees, clockwise positive
    faults: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class SheetFault:
    """Something of a stack of paper that its operator must know while it is in hand.

    ``again``: look at the paper now; else it is only told. ``page`` 0: of the stack.
    """

    kind: str  # "count", "double feed", "cut edge", "skew", "blur", "blank"...
    says: str
    page: int
    again: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The words and marks of one side, in reading order.

    ``size`` is (width, height) in px and ``rotation`` the clockwise turn that makes
    the page upright, relative to how a viewer shows the source; boxes belong to the
    page after that turn. ``troubles`` says why recognition failed, if it did:
    "engine timed out", "engine crashed", "out of memory". ``fingerprint`` is a hash of
    the pixels: equal for two copies of the same scan.
    """

    number: int  # 1-based, within its batch
    size: tuple[int, int]
    words: tuple[Word, ...]
    marks: tuple[Mark, ...]
    dpi: int
    rotation: QuarterTurn
    quality: Quality
    engine: str  # who read it, with version: "tesseract 5.5.4"
    fingerprint: str = ""
    troubles: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The words, a line of the page a line of text."""
        return "\n".join(" ".join(w.text for w in line) for line in self.lines)

    @property
    def legible(self) -> tuple[Word, ...]:
        """Words that are rather right than wrong, and longer than a speck's.

        On the back of a sheet, dirty or shone through, there are none; what recognition
        makes of it says nothing.
        """
        return tuple(w for w in self.words if w.confidence >= _RATHER and _long(w.text))

    @property
    def lines(self) -> tuple[tuple[Word, ...], ...]:
        """Words grouped by line, in reading order."""
        return tuple(tuple(line) for line in _by_line(self.words))


_RATHER, _LETTERS = 0.5, 3


def _long(text: str) -> bool:
    return sum(map(str.isalnum, text)) >= _LETTERS


def _by_line(words: Iterable[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    last: int | None = None
    for word in words:
        if last is None or word.line != last:
            lines.append([])
        lines[-1].append(word)
        last = word.line
    return lines
